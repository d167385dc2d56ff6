import type { Options } from "../../project/config/options.ts";
import type { Nuxt, ScopeModule } from "./nuxt.ts";
import { setUp } from "./set-up.ts";

/**
 * The Nuxt module: prompts in pages, components and server routes. Its options are under the key `scope`.
 *
 * @example
 * // nuxt.config.ts
 * export default defineNuxtConfig({ modules: ["unplugin-scope/nuxt"] });
 */
const scope: ScopeModule = Object.assign(
  (inlineOptions: Options, nuxt: unknown) => setUp(inlineOptions, nuxt as Nuxt),
  {
    getMeta: async () => ({
      name: "unplugin-scope",
      configKey: "scope",
      compatibility: { nuxt: "^3.0.0 || ^4.0.0" },
    }),
  },
);

// The second name makes `require("unplugin-scope/nuxt")` the module itself.
export { scope as default, scope as "module.exports" };
