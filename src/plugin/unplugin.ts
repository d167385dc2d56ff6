import { createUnplugin, type UnpluginInstance } from "unplugin";
import type { Options } from "../config/options.ts";
import { isEdge } from "./edge-conditions.ts";
import { applyToEsbuild } from "./esbuild-hooks.ts";
import { type HookContext, RollupHooks } from "./rollup-hooks.ts";
import { applyToWebpack, type WebpackLikeCompiler } from "./webpack-hooks.ts";

const NAME = "unplugin-scope";

/** The plugin for every bundler. Hooks only: what they do is in the file of their bundler family. */
export const unplugin: UnpluginInstance<Options | undefined, false> = createUnplugin((options, meta) => {
  switch (meta.framework) {
    case "webpack":
      return {
        name: NAME,
        webpack: (compiler) => applyToWebpack(compiler as unknown as WebpackLikeCompiler, options),
      };
    case "rspack":
      return {
        name: NAME,
        rspack: (compiler) => applyToWebpack(compiler as unknown as WebpackLikeCompiler, options),
      };
    case "esbuild":
      return { name: NAME, esbuild: { setup: (build) => applyToEsbuild(build, options) } };
    default:
      return rollupLike(options);
  }
});

function rollupLike(options: Options | undefined) {
  const hooks = new RollupHooks(options);
  function closeWatcher(this: unknown) {
    return hooks.close(this as HookContext);
  }
  return {
    name: NAME,
    enforce: "pre" as const,
    buildStart(this: unknown) {
      return hooks.buildStart(this as HookContext);
    },
    resolveId: {
      filter: { id: /^scope:/ },
      handler(this: unknown, id: string, importer: string | undefined) {
        return hooks.resolveId(this as HookContext, id, importer);
      },
    },
    buildEnd(this: unknown) {
      return hooks.buildEnd(this as HookContext);
    },
    rollup: { closeWatcher },
    vite: {
      closeWatcher,
      configResolved: (config: Parameters<RollupHooks["useViteConfig"]>[0]) => hooks.useViteConfig(config),
      configureServer: (server: Parameters<RollupHooks["useViteServer"]>[0]) => hooks.useViteServer(server),
      hotUpdate: (options: Parameters<RollupHooks["hotUpdate"]>[0]) => hooks.hotUpdate(options),
      closeBundle(this: unknown) {
        return hooks.closeBundle(this as HookContext);
      },
    },
    rolldown: {
      closeWatcher,
      options(input: { platform?: string; resolve?: { conditionNames?: string[] } }) {
        hooks.useBrowser(
          (input.platform ?? "browser") === "browser" && !isEdge(input.resolve?.conditionNames),
        );
      },
    },
    farm: {
      configResolved: (config: { root?: string }) => {
        if (config.root !== undefined) hooks.useRoot(config.root);
      },
    },
  };
}
