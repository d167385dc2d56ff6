import { ConfigurationError, ValidationError } from "../errors/classes.ts";
import { advise, isScopeError, ScopeError } from "../errors/scope-error.ts";
import { canBeName, type PromptRef, type PromptVersionData } from "../prompt.ts";
import { type Api, type Fetched, fetchVersion } from "./api/fetch-version.ts";
import { createLogin } from "./api/login.ts";
import { createTokenSource } from "./api/token-source.ts";
import { noAddress, show } from "./connection/check-value.ts";
import { noCredentials } from "./connection/credentials.ts";
import { type CredentialsFunction, isFunction, type ResolvedConnection } from "./connection/types.ts";
import { Cancel, within } from "./http/cancel.ts";
import { type Sender, timedOut } from "./http/send.ts";
import type { Transport } from "./http/transport.ts";
import { createUndiciTransport } from "./http/undici-transport.ts";
import { createRetry } from "./http/with-retries.ts";
import { watchRequests } from "./telemetry.ts";

const REPORT_FORM = "To report the form, run scope-gen doctor --json: it shows no text of a prompt.";

/** What a client needs apart from its options. Each has a default for Node. */
export interface ClientParts {
  /** Default: undici, with the proxies from the environment. */
  readonly transport?: Transport | undefined;
  /** Where warnings go. Default: `console.warn`. */
  readonly warn?: ((message: string) => void) | undefined;
  /** Monotonic, in milliseconds. Default: `performance.now`. */
  readonly clock?: (() => number) | undefined;
  /** In [0, 1). Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** The wait before a retry. Default: a timer. */
  readonly sleep?: ((ms: number, cancel: Cancel | undefined) => Promise<void>) | undefined;
}

export interface RequesterParts extends Omit<ClientParts, "warn"> {
  /** Runs each attempt. Default: shows it to hooks and the debug log. */
  readonly watch?: Sender["watch"];
}

/** Fetches prompt versions, with retries within a deadline. Only keeps the token. */
export class Requester {
  readonly #api: Api;
  readonly #closing = new Cancel();

  /** @throws as {@link reachable} does */
  constructor(given: ResolvedConnection, parts: RequesterParts = {}) {
    const connection = reachable(given);
    const { baseUrl, authApiUrl = baseUrl, credentials, telemetryEnabled } = connection;
    const { clock = () => performance.now(), random = Math.random, sleep } = parts;
    const api = {
      ...connection,
      clock,
      transport: parts.transport ?? createUndiciTransport(connection.openTimeout),
      watch: parts.watch ?? watchRequests(telemetryEnabled, clock),
      retry: createRetry({ ...connection, clock, random, sleep }),
      waitWithin: (started, { cancel, deadlineAt }) =>
        within(started, cancel, deadlineAt - clock(), () => timedOut(authApiUrl, connection, "deadline")),
    } satisfies Omit<Api, "tokens">;
    const logIn = createLogin(
      api,
      connection,
      isFunction(credentials) ? ofOneOrganisation(credentials) : credentials,
      credentials.orgId,
      this.#closing,
    );
    // A function or getToken() may never finish. The calls that wait for it do, and a later one calls it again.
    const tokens = createTokenSource(
      logIn,
      clock,
      connection.tokenRefreshBuffer,
      () => connection.deadline * 1000,
    );
    this.#api = { ...api, tokens };
  }

  /** {@link fetchVersion}, for names that can be; {@link close} ends it too. */
  async fetchVersion(
    ref: PromptRef,
    { etag, cancel: given }: { readonly etag?: string | undefined; readonly cancel?: Cancel | undefined },
  ): Promise<Fetched | undefined> {
    checkName(ref.name, "name", ref.name);
    if (ref.pin.kind === "version") checkName(ref.pin.versionId, "version", ref.name);
    const cancel = new Cancel();
    const ends = [given, this.#closing];
    for (const end of ends) end?.throwIfAborted();
    const offs = ends.map((end) => end?.onAbort(() => cancel.abort(end.reason)));
    try {
      return await fetchVersion(this.#api, ref, etag, cancel);
    } catch (error) {
      throw isScopeError(error, "response_form_unknown") ? advise(error, REPORT_FORM) : error;
    } finally {
      for (const off of offs) off?.();
    }
  }

  /** {@link fetchVersion} for a caller that knows none yet. */
  async fetchFirst(ref: PromptRef, cancel?: Cancel): Promise<PromptVersionData> {
    return ((await this.fetchVersion(ref, { cancel })) as Fetched).data;
  }

  /** Fetches the token ahead of the first request. */
  async logIn(): Promise<void> {
    await this.#api.tokens.get();
  }

  /** Ends every connection, and running requests and logins with `reason`. */
  close(reason: unknown = clientClosed()): Promise<void> {
    this.#closing.abort(reason);
    return this.#api.transport.close();
  }
}

/** A connection that has what a request needs: credentials and an address. */
export function reachable(connection: ResolvedConnection) {
  const { baseUrl, credentials } = connection;
  if (credentials === undefined) throw noCredentials();
  if (baseUrl === undefined) throw noAddress();
  return { ...connection, baseUrl, credentials };
}

/** Returns the text itself if it {@link canBeName}, and throws `name_invalid` otherwise. */
export function checkName(value: unknown, field: "name" | "version", prompt: unknown): string {
  if (typeof value === "string" && canBeName(value)) return value;
  throw new ValidationError(`${show(value)} can't be a prompt ${field}.`, {
    code: "name_invalid",
    field,
    value,
    where: typeof prompt === "string" ? { prompt } : undefined,
    hint: "It can be any text that isn't empty, . or ..",
  });
}

export function clientClosed(): ScopeError {
  return new ScopeError("The client was closed.", {
    code: "client_closed",
    hint: "Make a new ScopeClient, or close this one later.",
  });
}

/** Limits a function to one organisation, its `orgId` or the first that it returns: a client's cache belongs to one. */
function ofOneOrganisation(give: CredentialsFunction): CredentialsFunction {
  let { orgId } = give;
  return async () => {
    const given = await give();
    const { orgId: own } = Object(given);
    orgId ||= own;
    if (!own || own === orgId) return given;
    throw new ConfigurationError(
      `credentials() returned the organisation ${own}, but this client is for ${orgId}.`,
      { code: "config_invalid", hint: "Make a client for each organisation, and check SCOPE_ORG_ID." },
    );
  };
}
