import { createUnplugin, type UnpluginInstance } from "unplugin";
import type { Options } from "../config/options.ts";
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
      default:
        return rollupLike(framework, options);
    }
  },
);
