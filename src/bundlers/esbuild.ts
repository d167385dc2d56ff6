import type { Plugin } from "esbuild";
import type { Options } from "../project/config/options.ts";
import { esbuildPlugin } from "./esbuild/esbuild-hooks.ts";

/**
 * The plugin for esbuild.
 *
 * @example
 * import scope from "unplugin-scope/esbuild";
 * export default { plugins: [scope()] };
 */
const scope = (options?: Options): Plugin => esbuildPlugin(options);

// The second name makes `require("unplugin-scope/esbuild")(options)` work as well.
export { scope as default, scope as "module.exports" };
