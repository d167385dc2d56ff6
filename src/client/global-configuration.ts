import { Configuration, type ConfigurationOptions } from "./configuration.ts";

/** What `configure()` set. */
let configured: Configuration | undefined;
/** What was read from the environment while nothing was set, kept so that it is one object. */
let fromEnvironment: Configuration | undefined;

/**
 * Sets options for every client of the process that is made from now on, over those set before.
 *
 * @returns the configuration now in force
 * @throws ConfigurationError as {@link Configuration} does; what was in force stays then
 * @example configure({ credentials: { orgId, apiKey, apiSecret }, cacheTtl: 60 })
 */
export function configure(options: ConfigurationOptions): Configuration {
  configured = baseConfiguration().merge(options);
  return configured;
}

/** The configuration of the process: what `configure()` set, else environment and defaults. */
export function configuration(): Configuration {
  if (configured !== undefined) return configured;
  fromEnvironment ??= new Configuration();
  return fromEnvironment;
}

/** Back to environment and defaults; the environment is read anew. */
export function resetConfiguration(): void {
  configured = undefined;
  fromEnvironment = undefined;
}

/** What a client's own options go over: what `configure()` set, else the environment as it is now. */
export function baseConfiguration(): Configuration {
  return configured ?? new Configuration();
}
