import type { Plugin } from "esbuild";
import { createEsbuildPlugin } from "unplugin";
import type { PluginOptions } from "../project/config/options.ts";
import { factory } from "./unplugin.ts";

/**
 * The plugin for esbuild.
 *
 * @example
 * import scope from "unplugin-scope/esbuild";
 * export default { plugins: [scope()] };
 */
const scope = createEsbuildPlugin(factory) as (options?: PluginOptions) => Plugin;

// The second name makes `require("unplugin-scope/esbuild")(options)` work as well.
export { scope as default, scope as "module.exports" };
