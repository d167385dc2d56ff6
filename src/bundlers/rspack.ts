import type { RspackPluginInstance } from "@rspack/core";
import { createRspackPlugin } from "unplugin";
import type { PluginOptions } from "../project/config/options.ts";
import { factory } from "./unplugin.ts";

/**
 * The plugin for Rspack.
 *
 * @example
 * import scope from "unplugin-scope/rspack";
 * export default { plugins: [scope()] };
 */
const scope = createRspackPlugin(factory) as (options?: PluginOptions) => RspackPluginInstance;

// The second name makes `require("unplugin-scope/rspack")(options)` work as well.
export { scope as default, scope as "module.exports" };
