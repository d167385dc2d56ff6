import type { JsPlugin } from "@farmfe/core";
import { createFarmPlugin } from "unplugin";
import type { PluginOptions } from "../project/config/options.ts";
import { factory } from "./unplugin.ts";

/**
 * The plugin for Farm (builds only).
 *
 * @example
 * import scope from "unplugin-scope/farm";
 * export default { plugins: [scope()] };
 */
const scope = createFarmPlugin(factory) as (options?: PluginOptions) => JsPlugin;

// The second name makes `require("unplugin-scope/farm")(options)` work as well.
export { scope as default, scope as "module.exports" };
