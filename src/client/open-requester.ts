import { hasProxy, processEnv } from "../environment.ts";
import type { ClientParts } from "./client-options.ts";
import { noCredentials } from "./connection/credentials.ts";
import type { ResolvedConnection } from "./connection/types.ts";
import { createUndiciTransport } from "./http/undici-transport.ts";
import { USER_AGENT } from "./http/user-agent.ts";
import { Requester, type RequesterOptions } from "./requester.ts";

/** What differs between requesters of one connection. */
export interface RequesterParts extends Omit<ClientParts, "warn"> {
  /** Runs each attempt. Default: runs it directly. */
  readonly watch?: RequesterOptions["watch"];
}

/**
 * A requester for Node.
 *
 * @throws MissingApiKeyError without credentials
 */
export function openRequester(connection: ResolvedConnection, parts: RequesterParts = {}): Requester {
  const { credentials, openTimeoutMs } = connection;
  if (credentials === undefined) throw noCredentials();
  return new Requester({
    ...connection,
    credentials,
    userAgent: USER_AGENT,
    transport: parts.transport ?? createUndiciTransport({ openTimeoutMs, useProxy: hasProxy(processEnv()) }),
    watch: parts.watch,
    clock: parts.clock ?? (() => performance.now()),
    random: parts.random ?? Math.random,
    sleep: parts.sleep,
  });
}
