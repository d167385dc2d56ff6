import type { ClientParts } from "./client-options.ts";
import { Configuration } from "./configuration.ts";
import { connectionOptions } from "./connection/connection.ts";
import type { ResolvedConnection } from "./connection/types.ts";
import { ScopeClient } from "./scope-client.ts";

/**
 * A client for a connection that is already resolved; the environment isn't read again.
 *
 * @throws MissingApiKeyError if the connection has no credentials
 * @example createClient(options.connection, { warn: (message) => logger.warn(message) })
 */
export function createClient(connection: ResolvedConnection, parts: ClientParts = {}): ScopeClient {
  return new ScopeClient(new Configuration(connectionOptions(connection), {}), parts);
}
