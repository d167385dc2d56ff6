import { unplugin } from "./unplugin.ts";

/**
 * The plugin for webpack.
 *
 * @example
 * import scope from "unplugin-scope/webpack";
 * export default { plugins: [scope()] };
 */
const scope = unplugin.webpack;

// The second name makes `require("unplugin-scope/webpack")(options)` work as well.
export { scope as default, scope as "module.exports" };
