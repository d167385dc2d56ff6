import type { Plugin } from "rollup";
import { createRollupPlugin } from "unplugin";
import type { PluginOptions } from "../project/config/options.ts";
import { factory } from "./unplugin.ts";

/**
 * The plugin for Rollup.
 *
 * @example
 * import scope from "unplugin-scope/rollup";
 * export default { plugins: [scope()] };
 */
const scope = createRollupPlugin(factory) as (options?: PluginOptions) => Plugin;

// The second name makes `require("unplugin-scope/rollup")(options)` work as well.
export { scope as default, scope as "module.exports" };
