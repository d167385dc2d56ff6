import { createUnplugin, type UnpluginInstance } from "unplugin";
import type { Options } from "../config/options.ts";
import { isEdge } from "./edge-conditions.ts";
import { applyToEsbuild } from "./esbuild-hooks.ts";
import type { Host } from "./host.ts";
import { type HookContext, RollupHooks } from "./rollup-hooks.ts";
import { nextTick } from "./runs.ts";
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

/** The plugin for the Vite and Rollup builds of a framework that knows more of them than they do. */
export function hostedPlugin(options: Options, host: Host): UnpluginInstance<undefined, false> {
  return createUnplugin(() => rollupLike(options, host));
}

function rollupLike(options: Options | undefined, host?: Host) {
  const madeAt = nextTick();
  const ordinary = new RollupHooks(options, madeAt, host);
  /** A dev server's own, by its config: one that restarts takes over the plugin, and closes the old one later. */
  const servers = new WeakMap<object, RollupHooks>();
  /** What servers were made from: a second one from the same is a restart, others stand beside each other. */
  const seen = new WeakSet<object>();
  const ofConfig = (config: object | undefined) => (config && servers.get(config)) ?? ordinary;
  const of = (context: unknown) => ofConfig((context as HookContext).environment?.getTopLevelConfig?.());
  function closeWatcher(this: unknown) {
    return of(this).close(this as HookContext);
  }
  return {
    name: NAME,
    enforce: "pre" as const,
    buildStart(this: unknown) {
      return of(this).buildStart(this as HookContext);
    },
    resolveId: {
      filter: { id: host?.resolvesHelpers ? /^scope:|^\.\// : /^scope:/ },
      handler(this: unknown, id: string, importer: string | undefined) {
        return of(this).resolveId(this as HookContext, id, importer);
      },
    },
    buildEnd(this: unknown, error?: unknown) {
      return of(this).buildEnd(this as HookContext, error);
    },
    rollup: { closeWatcher },
    vite: {
      closeWatcher,
      configResolved(config: Parameters<RollupHooks["useViteConfig"]>[0]) {
        if (config.command === "serve") {
          const isRestart = seen.has(config.inlineConfig);
          seen.add(config.inlineConfig);
          servers.set(config, new RollupHooks(options, isRestart ? nextTick() : madeAt, host));
        }
        ofConfig(config).useViteConfig(config);
      },
      configureServer: (server: Parameters<RollupHooks["useViteServer"]>[0]) =>
        ofConfig(server.config).useViteServer(server),
      hotUpdate: (update: Parameters<RollupHooks["hotUpdate"]>[0]) =>
        ofConfig(update.server.config).hotUpdate(update),
      closeBundle(this: unknown) {
        return of(this).closeBundle(this as HookContext);
      },
    },
    rolldown: {
      closeWatcher,
      options(input: { platform?: string; resolve?: { conditionNames?: string[] } }) {
        ordinary.useBrowser(
          (input.platform ?? "browser") === "browser" && !isEdge(input.resolve?.conditionNames),
        );
      },
    },
    farm: {
      configResolved: (config: { root?: string }) => {
        if (config.root !== undefined) ordinary.useRoot(config.root);
      },
    },
  };
}
