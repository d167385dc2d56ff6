import { unplugin } from "./unplugin.ts";

/**
 * The plugin for Rollup.
 *
 * @example
 * import scope from "unplugin-scope/rollup";
 * export default { plugins: [scope()] };
 */
const scope = unplugin.rollup;

// The second name makes `require("unplugin-scope/rollup")(options)` work as well.
export { scope as default, scope as "module.exports" };
