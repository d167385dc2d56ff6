import { Configuration, type ConfigurationOptions } from "./configuration.ts";

/** What `configure()` set. */
let configured: Configuration | undefined;
/** What was read from the environment while nothing was set. Kept so that it stays one object. */
let fromEnvironment: Configuration | undefined;

/**
 * Sets options for every client that the process creates from now on, over those set before.
 *
 * @returns the configuration that now applies
 * @throws ConfigurationError as {@link Configuration} does; the previous configuration then still applies
 * @example configure({ credentials: { orgId, apiKey, apiSecret }, cacheTtl: 60 })
 */
export function configure(options: ConfigurationOptions): Configuration {
  configured = configurationWith(options);
  return configured;
}

/** The configuration of the process: what `configure()` set, otherwise environment and defaults. */
export function configuration(): Configuration {
  if (configured !== undefined) return configured;
  fromEnvironment ??= new Configuration();
  return fromEnvironment;
}

/** Goes back to environment and defaults; the environment is read again. */
export function resetConfiguration(): void {
  configured = undefined;
  fromEnvironment = undefined;
}

/** Options over what `configure()` set, otherwise over the environment as it is now. */
export function configurationWith(options: ConfigurationOptions): Configuration {
  // Created in one step: the options can permit a value in the environment that would be refused on its own.
  return configured === undefined ? new Configuration(options) : configured.merge(options);
}
