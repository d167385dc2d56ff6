import { Requester } from "../client/request-version.ts";
import { createUndiciTransport } from "../client/transports/undici.ts";
import { USER_AGENT } from "../client/user-agent.ts";
import { noCredentials } from "../config/credentials.ts";
import { hasProxy, processEnv } from "../config/environment.ts";
import type { ResolvedConnection } from "../config/types.ts";
import { ConnectionError } from "../errors/classes.ts";
import type { PromptRef, PromptVersionData } from "../prompt.ts";
import { refKey } from "../prompt.ts";

interface Known {
  readonly etag: string | undefined;
  readonly version: PromptVersionData;
}

/**
 * Looks at the platform again and again: each request with a condition, so that an unchanged version costs no body.
 * Not a client: nothing is retried (whoever looks, looks again), and nothing old is given in an outage.
 */
export class Looker {
  readonly #requester: Requester;
  readonly #transport;
  readonly #known = new Map<string, Known>();

  /** @throws MissingApiKeyError without credentials */
  constructor(connection: ResolvedConnection) {
    const { credentials } = connection;
    if (credentials === undefined) throw noCredentials();
    const { openTimeoutMs } = connection;
    this.#transport = createUndiciTransport({ openTimeoutMs, useProxy: hasProxy(processEnv()) });
    this.#requester = new Requester({
      ...connection,
      credentials,
      maxRetries: 0,
      transport: this.#transport,
      userAgent: USER_AGENT,
      clock: () => performance.now(),
      random: Math.random,
    });
  }

  /**
   * What the platform serves now; the very same object while it says that nothing changed.
   *
   * @throws the client's errors
   */
  async look(ref: PromptRef): Promise<PromptVersionData> {
    const key = refKey(ref);
    const known = this.#known.get(key);
    const fetched = await this.#requester.fetchVersion(ref, { etag: known?.etag });
    if (fetched.kind === "unchanged" && known !== undefined) return known.version;
    if (fetched.kind === "unchanged") throw new TypeError("Nothing was known that could be unchanged.");
    this.#known.set(key, { etag: fetched.etag, version: fetched.data });
    return fetched.data;
  }

  async close(): Promise<void> {
    this.#requester.close(new ConnectionError("Development has ended.", { code: "client_closed" }));
    await this.#transport.close();
  }
}
