import type { RspackPluginInstance } from "@rspack/core";
import type { Options } from "../project/config/options.ts";
import { webpackPlugin } from "./webpack/webpack-hooks.ts";

/**
 * The plugin for Rspack.
 *
 * @example
 * import scope from "unplugin-scope/rspack";
 * export default { plugins: [scope()] };
 */
const scope = (options?: Options): RspackPluginInstance => webpackPlugin("rspack", options);

// The second name makes `require("unplugin-scope/rspack")(options)` work as well.
export { scope as default, scope as "module.exports" };
