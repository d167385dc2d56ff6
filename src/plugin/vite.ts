import { unplugin } from "./unplugin.ts";

/**
 * The plugin for Vite.
 *
 * @example
 * import scope from "unplugin-scope/vite";
 * export default { plugins: [scope()] };
 */
const scope = unplugin.vite;

// The second name makes `require("unplugin-scope/vite")(options)` work as well.
export { scope as default, scope as "module.exports" };
