import type { Plugin } from "rolldown";
import { createRolldownPlugin } from "unplugin";
import type { PluginOptions } from "../project/config/options.ts";
import { factory } from "./unplugin.ts";

/**
 * The plugin for Rolldown.
 *
 * @example
 * import scope from "unplugin-scope/rolldown";
 * export default { plugins: [scope()] };
 */
const scope = createRolldownPlugin(factory) as (options?: PluginOptions) => Plugin;

// The second name makes `require("unplugin-scope/rolldown")(options)` work as well.
export { scope as default, scope as "module.exports" };
