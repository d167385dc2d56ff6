import { unplugin } from "./unplugin.ts";

/**
 * The plugin for Farm (builds only).
 *
 * @example
 * import scope from "unplugin-scope/farm";
 * export default { plugins: [scope()] };
 */
const scope = unplugin.farm;

// The second name makes `require("unplugin-scope/farm")(options)` work as well.
export { scope as default, scope as "module.exports" };
