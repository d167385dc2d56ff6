import { createVitePlugin } from "unplugin";
import type { Plugin } from "vite";
import type { PluginOptions } from "../project/config/options.ts";
import { factory } from "./unplugin.ts";

/**
 * The plugin for Vite.
 *
 * @example
 * import scope from "unplugin-scope/vite";
 * export default { plugins: [scope()] };
 */
// biome-ignore lint/suspicious/noExplicitAny: what Vite has for a plugin without an interface of its own
const scope = createVitePlugin(factory) as (options?: PluginOptions) => Plugin<any>;

// The second name makes `require("unplugin-scope/vite")(options)` work as well.
export { scope as default, scope as "module.exports" };
