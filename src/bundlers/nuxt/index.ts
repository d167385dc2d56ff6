import { loadOptions } from "../../project/config/load/load-options.ts";
import type { Options } from "../../project/config/options.ts";
import { bundlerError } from "../instance/bundler-error.ts";
import type { Host } from "../instance/host.ts";
import { addToNitro } from "./nitro.ts";
import type { Nuxt, ScopeModule } from "./nuxt.ts";
import { addToVite, addToWebpack } from "./pages.ts";
import { showTypes } from "./types.ts";

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

/**
 * Adds prompts to both builds of a Nuxt application: the pages' and the server's.
 *
 * @throws an error made for bundlers, if the config can't be used
 */
async function setUp(inlineOptions: Options, nuxt: Nuxt): Promise<void> {
  const { scope, rootDir, dev } = nuxt.options as Nuxt["options"] & { readonly scope?: Options | false };
  if (scope === false) return;
  const options = { ...scope, ...inlineOptions };
  const host: Host = { root: rootDir, mode: dev ? "development" : "production", development: dev };
  const { configFile, dts } = await load(options, host);
  if (configFile !== undefined) nuxt.options.watch.push(configFile);
  addToVite(nuxt, options, host);
  addToWebpack(nuxt, options);
  addToNitro(nuxt, options, host);
  if (dts !== false) showTypes(nuxt, dts);
}

async function load(options: Options, { root, mode }: Host) {
  try {
    return await loadOptions({ cwd: root, mode, options });
  } catch (error) {
    throw bundlerError(error, root);
  }
}
