import type { UnpluginFactory } from "unplugin";
import type { Compiler as WebpackCompiler } from "webpack";
import type { Options } from "../project/config/options.ts";
import type { BunBuilder } from "./bun/bun-build.ts";
import { applyToEsbuild } from "./esbuild/esbuild-hooks.ts";
import { PLUGIN_NAME } from "./instance/compiler.ts";
import { rollupLike } from "./rollup/rollup-plugin.ts";
import { applyToWebpack } from "./webpack/webpack-hooks.ts";

/**
 * The plugin for every bundler, in unplugin's form. If a bundler itself reads, watches and maps files better than it
 * does through unplugin's hooks, it gets its own hooks.
 */
export const factory: UnpluginFactory<Options | undefined, false> = (options, { framework }) => {
  switch (framework) {
    case "webpack":
    case "rspack": {
      const apply = (compiler: object) =>
        applyToWebpack(compiler as WebpackCompiler, options, { bundler: framework });
      return { name: PLUGIN_NAME, webpack: apply, rspack: apply };
    }
    case "esbuild":
      return { name: PLUGIN_NAME, esbuild: { setup: (build) => applyToEsbuild(build, options) } };
    case "bun":
      return { name: PLUGIN_NAME, bun: { setup: (build: BunBuilder) => applyToBun(build, options) } };
    default:
      return rollupLike(framework, options);
  }
};

/** Each is loaded separately: a server that has the plugin as a preload builds nothing. */
async function applyToBun(build: BunBuilder, options: Options | undefined): Promise<void> {
  if (build.config === undefined) {
    const { applyToBunRun } = await import("./bun/bun-run.ts");
    return applyToBunRun(build, options);
  }
  const { applyToBunBuild } = await import("./bun/bun-build.ts");
  applyToBunBuild(build, build.config, options);
}
