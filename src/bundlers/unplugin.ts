import type { UnpluginFactory } from "unplugin";
import type { Compiler as WebpackCompiler } from "webpack";
import type { PluginOptions } from "../project/config/options.ts";
import type { BunBuilder } from "./bun/bun-hooks.ts";
import { applyToEsbuild } from "./esbuild/esbuild-hooks.ts";
import { createInstance, PLUGIN_NAME } from "./instance/instance.ts";
import { rollupLike } from "./rollup/rollup-plugin.ts";
import { applyToWebpack } from "./webpack/webpack-hooks.ts";

/**
 * The plugin for every bundler, in unplugin's form. If a bundler itself reads, watches and maps files better than it
 * does through unplugin's hooks, it gets its own hooks.
 */
export const factory: UnpluginFactory<PluginOptions | undefined, false> = (options, { framework }) => {
  switch (framework) {
    case "webpack":
    case "rspack": {
      const apply = (compiler: object) =>
        applyToWebpack(compiler as WebpackCompiler, createInstance(options), { bundler: framework });
      return { name: PLUGIN_NAME, webpack: apply, rspack: apply };
    }
    case "esbuild":
      return { name: PLUGIN_NAME, esbuild: { setup: (build) => applyToEsbuild(build, options) } };
    case "bun":
      return {
        name: PLUGIN_NAME,
        bun: {
          // Loaded late: no other bundler needs it.
          setup: async (build: BunBuilder) => (await import("./bun/bun-hooks.ts")).applyToBun(build, options),
        },
      };
    default:
      return rollupLike(framework, options);
  }
};
