import { Configuration, type ConfigurationOptions } from "./configuration.ts";

let current: Configuration | undefined;

/**
 * Sets options for the whole process, over those set before.
 *
 * @returns the configuration now in force
 * @throws ConfigurationError as {@link Configuration} does; what was in force stays then
 * @example configure({ credentials: { orgId, apiKey, apiSecret }, cacheTtl: 60 })
 */
export function configure(options: ConfigurationOptions): Configuration {
  current = configuration().merge(options);
  return current;
}

/** The configuration of the process: what `configure()` set, else environment and defaults. */
export function configuration(): Configuration {
  current ??= new Configuration();
  return current;
}

/** Back to environment and defaults; the environment is read anew. */
export function resetConfiguration(): void {
  current = undefined;
}
