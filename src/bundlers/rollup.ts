import type { Plugin } from "rollup";
import type { Options } from "../project/config/options.ts";
import { rollupPlugin } from "./rollup/rollup-plugin.ts";

/**
 * The plugin for Rollup.
 *
 * @example
 * import scope from "unplugin-scope/rollup";
 * export default { plugins: [scope()] };
 */
const scope = (options?: Options): Plugin => rollupPlugin("rollup", options) as Plugin;

// The second name makes `require("unplugin-scope/rollup")(options)` work as well.
export { scope as default, scope as "module.exports" };
