import { unplugin } from "./unplugin.ts";

/**
 * The plugin for Rolldown.
 *
 * @example
 * import scope from "unplugin-scope/rolldown";
 * export default { plugins: [scope()] };
 */
const scope = unplugin.rolldown;

// The second name makes `require("unplugin-scope/rolldown")(options)` work as well.
export { scope as default, scope as "module.exports" };
