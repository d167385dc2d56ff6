import type { HotUpdateOptions, ResolvedConfig, ViteDevServer } from "vite";
import type { PluginOptions } from "../../project/config/options.ts";
import { OUTPUT_MANIFEST } from "../../run/manifest/outputs.ts";
import { type Host, isEdge, PLUGIN_NAME } from "../instance/instance.ts";
import { nextTick } from "../instance/runs.ts";
import { type HookContext, RollupHooks, type RollupOutput } from "./rollup-hooks.ts";

/**
 * Rollup, Rolldown and Vite, and what Farm runs of it: `scope:` resolves to the path of the module file, and the bundler handles it like
 * any other file. Hooks that only one bundler has are under its name.
 *
 * @param bundler as the manifest names it
 * @param host a framework that knows more about the build than the bundler does
 */
export function rollupLike(bundler: string, options: PluginOptions | undefined, host?: Host) {
  const madeAt = nextTick();
  const ordinary = new RollupHooks(bundler, options, madeAt, host);
  /**
   * One for each dev server, by its config: a server that restarts takes over the plugin, and closes the old one later.
   */
  const servers = new WeakMap<object, RollupHooks>();
  /** What servers were made from. A second server from the same config is a restart; other servers run in parallel. */
  const seen = new WeakSet<object>();
  const ofConfig = (config: object | undefined) => (config && servers.get(config)) ?? ordinary;
  const of = (context: unknown) => ofConfig((context as HookContext).environment?.getTopLevelConfig?.());
  function closeWatcher(this: unknown) {
    return of(this).close(this as HookContext);
  }
  const generateBundle = {
    // After Vite's own plugin, which removes the assets from what a server runs.
    order: "post" as const,
    async handler(this: unknown, output: RollupOutput, bundle: object) {
      const context = this as HookContext;
      const source = await of(context).recordOutput(context, output, bundle);
      if (source !== undefined) context.emitFile?.({ type: "asset", fileName: OUTPUT_MANIFEST, source });
    },
  };
  return {
    name: PLUGIN_NAME,
    enforce: "pre" as const,
    buildStart(this: unknown, input?: object) {
      return of(this).buildStart(this as HookContext, input);
    },
    resolveId: {
      filter: { id: host?.resolvesHelpers ? /^scope:|^\.\// : /^scope:/ },
      handler(
        this: unknown,
        id: string,
        importer: string | undefined,
        options?: { isEntry: boolean; scan?: boolean },
      ) {
        return of(this).resolveId(this as HookContext, id, importer, options?.scan);
      },
    },
    buildEnd(this: unknown, error?: unknown) {
      return of(this).buildEnd(this as HookContext, error !== undefined);
    },
    rollup: { closeWatcher, generateBundle },
    vite: {
      closeWatcher,
      generateBundle,
      configResolved(config: ResolvedConfig) {
        if (config.command === "serve") {
          const isRestart = seen.has(config.inlineConfig);
          seen.add(config.inlineConfig);
          servers.set(config, new RollupHooks(bundler, options, isRestart ? nextTick() : madeAt, host));
        }
        return ofConfig(config).useViteConfig(config);
      },
      configureServer: (server: ViteDevServer) => ofConfig(server.config).useViteServer(server),
      hotUpdate: (update: HotUpdateOptions) =>
        ofConfig(update.server.config).viteDev?.modulesToUpdate(update),
      /** Called at the end of each bundle, and when Vite's dev server closes an environment. */
      async closeBundle(this: unknown) {
        const hooks = of(this);
        if (hooks.vite?.command === "serve") await hooks.close(this as HookContext);
      },
    },
    rolldown: {
      closeWatcher,
      generateBundle,
      options(input: { platform?: string; resolve?: { conditionNames?: string[] } }) {
        ordinary.isForBrowser =
          (input.platform ?? "browser") === "browser" && !isEdge(input.resolve?.conditionNames);
      },
    },
  };
}
