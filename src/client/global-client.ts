import type { ScopeClientOptions } from "./client-options.ts";
import type { Configuration } from "./configuration.ts";
import { configuration } from "./global-configuration.ts";
import { ScopeClient } from "./scope-client.ts";

let shared: { readonly config: Configuration; readonly client: ScopeClient } | undefined;

/**
 * The client of the process, with what `configure()` set. Every call returns the same one, with its connections and
 * cache, until the configuration changes or it's closed. With options, a new client each time.
 *
 * @throws MissingApiKeyError if credentials are missing; ConfigurationError for an option that can't be used
 * @example await client().renderPrompt("greeting", { name: "Ada" })
 */
export function client(options?: ScopeClientOptions): ScopeClient {
  const config = configuration();
  if (options !== undefined) return new ScopeClient({ config, ...options });
  if (shared === undefined || shared.config !== config || shared.client.isClosed) {
    shared = { config, client: new ScopeClient(config) };
  }
  return shared.client;
}
