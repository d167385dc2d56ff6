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
  configured = configurationWith(options);
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

/** Options over what `configure()` set, else over the environment as it is now. */
export function configurationWith(options: ConfigurationOptions): Configuration {
  // Made in one go: the options may allow what the environment alone may not say.
  return configured === undefined ? new Configuration(options) : configured.merge(options);
}
