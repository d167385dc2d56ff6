import type { BunPlugin } from "unplugin";
import type { Options } from "../config/options.ts";
import { unplugin } from "./unplugin.ts";

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
const scope: (options?: Options) => BunPlugin = unplugin.bun;

// The second name makes `require("unplugin-scope/bun")(options)` work as well.
export { scope as default, scope as "module.exports" };
