import { createWebpackPlugin } from "unplugin";
import type { WebpackPluginInstance } from "webpack";
import type { PluginOptions } from "../project/config/options.ts";
import { factory } from "./unplugin.ts";

/**
 * The plugin for webpack.
 *
 * @example
 * import scope from "unplugin-scope/webpack";
 * export default { plugins: [scope()] };
 */
const scope = createWebpackPlugin(factory) as (options?: PluginOptions) => WebpackPluginInstance;

// The second name makes `require("unplugin-scope/webpack")(options)` work as well.
export { scope as default, scope as "module.exports" };
