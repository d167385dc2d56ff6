import type { Options } from "./options.ts";

/**
 * Gives a config file its types; returns its argument unchanged.
 *
 * @example
 * export default defineConfig({ prompts: ["welcome"], label: "production" });
 */
export function defineConfig(options: Options): Options {
  return options;
}
