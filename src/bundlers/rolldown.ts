import type { Plugin } from "rolldown";
import type { Options } from "../project/config/options.ts";
import { rollupPlugin } from "./rollup/rollup-plugin.ts";

/**
 * The plugin for Rolldown.
 *
 * @example
 * import scope from "unplugin-scope/rolldown";
 * export default { plugins: [scope()] };
 */
const scope = (options?: Options): Plugin => rollupPlugin("rolldown", options) as Plugin;

// The second name makes `require("unplugin-scope/rolldown")(options)` work as well.
export { scope as default, scope as "module.exports" };
