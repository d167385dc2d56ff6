import { unplugin } from "./unplugin.ts";

/**
 * The plugin for Rspack.
 *
 * @example
 * import scope from "unplugin-scope/rspack";
 * export default { plugins: [scope()] };
 */
const scope = unplugin.rspack;

// The second name makes `require("unplugin-scope/rspack")(options)` work as well.
export { scope as default, scope as "module.exports" };
