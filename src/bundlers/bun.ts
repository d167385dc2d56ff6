import { createBunPlugin } from "unplugin";
import type { PluginOptions } from "../project/config/options.ts";
import type { BunPlugin } from "./bun/bun-hooks.ts";
import { factory } from "./unplugin.ts";

/**
 * The plugin for Bun: for `Bun.build`, and for a preload file of `bun run` and `bun test`.
 *
 * @example
 * import scope from "unplugin-scope/bun";
 * await Bun.build({ entrypoints: ["src/main.ts"], outdir: "dist", target: "bun", plugins: [scope()] });
 * @example
 * // bunfig.toml: preload = ["./scope.preload.ts"]
 * import scope from "unplugin-scope/bun";
 * await Bun.plugin(scope());
 */
const scope: (options?: PluginOptions) => BunPlugin = createBunPlugin(factory);

// The second name makes `require("unplugin-scope/bun")(options)` work as well.
export { scope as default, scope as "module.exports" };
