import type { WebpackPluginInstance } from "webpack";
import type { Options } from "../project/config/options.ts";
import { webpackPlugin } from "./webpack/webpack-hooks.ts";

/**
 * The plugin for webpack.
 *
 * @example
 * import scope from "unplugin-scope/webpack";
 * export default { plugins: [scope()] };
 */
const scope = (options?: Options): WebpackPluginInstance => webpackPlugin("webpack", options);

// The second name makes `require("unplugin-scope/webpack")(options)` work as well.
export { scope as default, scope as "module.exports" };
