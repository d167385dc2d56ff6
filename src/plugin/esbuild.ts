import { unplugin } from "./unplugin.ts";

/**
 * The plugin for esbuild.
 *
 * @example
 * import scope from "unplugin-scope/esbuild";
 * export default { plugins: [scope()] };
 */
const scope = unplugin.esbuild;

// The second name makes `require("unplugin-scope/esbuild")(options)` work as well.
export { scope as default, scope as "module.exports" };
