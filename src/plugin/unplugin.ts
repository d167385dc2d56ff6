import { createUnplugin, type UnpluginInstance } from "unplugin";
import type { Options } from "../config/options.ts";
import type { BunBuilder } from "./bun/bun-builder.ts";
import { esbuildPlugin } from "./esbuild/esbuild-hooks.ts";
import { PLUGIN_NAME } from "./name.ts";
import { rollupLike } from "./rollup/rollup-plugin.ts";
import { webpackPlugin } from "./webpack/webpack-hooks.ts";

/** The plugin for every bundler, as unplugin gives it: for whoever wraps it. Each bundler's own entry does without. */
export const unplugin: UnpluginInstance<Options | undefined, false> = createUnplugin(
  (options, { framework }) => {
    switch (framework) {
      case "webpack":
      case "rspack": {
        const { apply } = webpackPlugin(framework, options);
        return { name: PLUGIN_NAME, webpack: apply, rspack: apply };
      }
      case "esbuild":
        return { name: PLUGIN_NAME, esbuild: { setup: esbuildPlugin(options).setup } };
      case "bun":
        return { name: PLUGIN_NAME, bun: { setup: (build: BunBuilder) => applyToBun(build, options) } };
      default:
        return rollupLike(framework, options);
    }
  },
);

/** Each is loaded alone: a server that has the plugin as preload builds nothing. */
async function applyToBun(build: BunBuilder, options: Options | undefined): Promise<void> {
  if (build.config === undefined) {
    const { applyToBunRun } = await import("./bun/bun-run.ts");
    return applyToBunRun(build, options);
  }
  const { applyToBunBuild } = await import("./bun/bun-build.ts");
  applyToBunBuild(build, build.config, options);
}
