import { resolve } from "node:path";
import type { Resource } from "@farmfe/core";
import type { HotUpdateOptions, ResolvedConfig, ViteDevServer } from "vite";
import { isTestRun, processEnv } from "../../environment.ts";
import type { Options } from "../../project/config/options.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { helperPath, moduleNameOf } from "../../project/module-names.ts";
import { OUTPUT_MANIFEST } from "../../run/manifest/outputs.ts";
import { type BundlerCompiler, type Host, isEdge, PLUGIN_NAME } from "../instance/compiler.ts";
import { PluginInstance } from "../instance/instance.ts";
import { nextTick } from "../instance/runs.ts";
import type { ViteDev } from "../vite/dev.ts";
import { describeCompiler, type Facts, type HookContext, viteReporter } from "./describe-compiler.ts";

/** Where Rollup puts a bundle: a folder or one file, or neither if the bundle is only generated. */
interface RollupOutput {
  readonly dir?: string | undefined;
  readonly file?: string | undefined;
}

interface FarmConfig {
  readonly root?: string;
  readonly compilation?: { readonly output?: { readonly path?: string } };
}

interface FarmResources {
  readonly resourcesMap: Record<string, Resource>;
}

/**
 * Rollup, Rolldown, Vite and Farm: `scope:` resolves to the path of the module file, and the bundler handles it like
 * any other file. Hooks that only one bundler has are under its name.
 *
 * @param bundler as the manifest names it
 * @param host a framework that knows more about the build than the bundler does
 */
export function rollupLike(bundler: string, options: Options | undefined, host?: Host) {
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
  let farmOutput: string | undefined;
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
    buildStart(this: unknown) {
      return of(this).buildStart(this as HookContext);
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
        if (hooks.facts.vite?.command === "serve") await hooks.close(this as HookContext);
      },
    },
    rolldown: {
      closeWatcher,
      generateBundle,
      options(input: { platform?: string; resolve?: { conditionNames?: string[] } }) {
        ordinary.facts.browser =
          (input.platform ?? "browser") === "browser" && !isEdge(input.resolve?.conditionNames);
      },
    },
    farm: {
      // Farm's own default. With "pre" this plugin would run before Farm's runtime, and then resources that a plugin
      // returns abort a build with source maps, which are on by default in Farm: "called `Option::unwrap()` on a `None`
      // value".
      priority: 100,
      configResolved: (config: FarmConfig) => {
        if (config.root !== undefined) ordinary.facts.root = config.root;
        farmOutput = config.compilation?.output?.path;
      },
      finalizeResources: {
        async executor({ resourcesMap }: FarmResources) {
          const text = await ordinary.recordOutput({}, { dir: farmOutput });
          if (text !== undefined) resourcesMap[OUTPUT_MANIFEST] = farmAsset(OUTPUT_MANIFEST, text);
          return resourcesMap;
        },
      },
    },
  };
}

function farmAsset(name: string, text: string): Resource {
  return {
    name,
    bytes: [...Buffer.from(text)],
    emitted: false,
    resourceType: "asset",
    origin: { type: "Module", value: name },
  };
}

/** The hooks of one plugin, or of one of Vite's dev servers. */
class RollupHooks {
  readonly #bundler: string;
  readonly #instance: PluginInstance;
  /** The bundler's own hooks add to it. */
  readonly facts: Facts = {};
  readonly #host: Host | undefined;
  viteDev: ViteDev | undefined;
  /** Vite's dev server: the config that it starts with. */
  #loaded: Promise<ResolvedOptions> | undefined;
  /** The environments of Vite's dev server that the session can ask for their imports. */
  readonly #reported = new Set<string>();
  /** One for each of Vite's environments; otherwise only one. */
  #compilers = new WeakMap<object, BundlerCompiler>();

  /** @param madeAt when the plugin was made, by {@link nextTick} */
  constructor(bundler: string, options: Options | undefined, madeAt: number, host?: Host) {
    this.#bundler = bundler;
    this.#instance = new PluginInstance(options, madeAt);
    this.#host = host;
  }

  /** @throws ConfigurationError when Vite would inline `SCOPE_` variables, secrets among them, into the page */
  async useViteConfig(config: ResolvedConfig): Promise<void> {
    const prefix = inliningPrefix(config.envPrefix);
    if (prefix !== undefined) throw (await import("../vite/dev.ts")).prefixRefused(prefix);
    this.facts.vite = config;
    this.facts.viteReporter = viteReporter(config);
    this.#compilers = new WeakMap();
    if (config.command !== "serve") return;
    this.#loaded = this.#instance.loadConfig(this.#describe({}));
    // Errors in it are thrown when the server is made from it.
    const options = await this.#loaded.catch(() => undefined);
    if (options === undefined) return;
    const { ignoreSnapshots } = await import("../vite/dev.ts");
    ignoreSnapshots(config, options.snapshotDir);
  }

  /** @throws for a config that can't be used: thrown here, it leaves the server that was about to restart as it is */
  async useViteServer(server: ViteDevServer): Promise<void> {
    const { ViteDev } = await import("../vite/dev.ts");
    // A framework that runs the server restarts it itself.
    this.viteDev = new ViteDev(server, { restarts: this.#host === undefined });
    if (!isTestRun(processEnv()))
      this.viteDev.addInspector(() => this.#instance.openProject(this.#describe({})));
    await this.#loaded;
  }

  async buildStart(context: HookContext): Promise<void> {
    this.#compilers.delete(context.environment ?? this);
    const compiler = this.#describe(context);
    await this.#instance.start(compiler);
    this.viteDev?.use(await this.#instance.session(compiler));
    await this.#reportLoaded(compiler);
  }

  /**
   * @param isScan Vite is searching for packages to bundle before it serves anything. Failures are reported when the
   * import is served
   */
  resolveId(context: HookContext, id: string, importer: string | undefined, isScan = false) {
    if (!id.startsWith("scope:")) return helperPath(id, importer);
    const compiler = this.#describe(context);
    const known = this.#instance.known(compiler, id, importer);
    // Synchronous: a promise for each of a thousand imports would cost a tenth of the bundler's own time for them.
    return known === undefined
      ? this.#resolve(context, id, importer, isScan)
      : this.#resolved(compiler, known, importer);
  }

  async #resolve(context: HookContext, id: string, importer: string | undefined, isScan: boolean) {
    const compiler = this.#describe(context);
    try {
      await this.#reportLoaded(compiler);
      return this.#resolved(compiler, await this.#instance.module(compiler, id, importer, true), importer);
    } catch (error) {
      // Nothing of the prompt is on disk yet, so no file change could trigger another try.
      const session = compiler.development ? await this.#instance.session(compiler) : undefined;
      if (session !== undefined) context.addWatchFile?.(await session.problemsFile());
      if (isScan) return { id, external: true };
      throw error;
    }
  }

  #resolved(compiler: BundlerCompiler, path: string, importer: string | undefined) {
    const file = path.replaceAll("\\", "/");
    this.viteDev?.resolved(compiler.name, file, importer);
    return { id: file, moduleSideEffects: false };
  }

  async buildEnd(context: HookContext, hasFailed: boolean): Promise<void> {
    const compiler = this.#describe(context);
    // While watching: what a build imports. A build that failed may have stopped before it read everything.
    if (this.viteDev === undefined && compiler.development && context.getModuleIds) {
      const imported = new Set([...context.getModuleIds()].map(moduleNameOf));
      await this.#instance.reportImports(compiler, (name) => hasFailed || imported.has(name));
    }
    await this.#instance.end(compiler, hasFailed);
  }

  /** Returns the text of the manifest next to an output, if the config asks for one. */
  async recordOutput(
    context: HookContext,
    { dir, file }: RollupOutput,
    bundle: object = {},
  ): Promise<string | undefined> {
    const path = dir ?? file;
    const writes = Object.keys(bundle);
    // A build of declarations alone, such as unbuild's second one, says nothing about the code next to them.
    if (writes.length > 0 && writes.every((name) => /\.d\.[cm]?ts$/.test(name))) return undefined;
    return this.#instance.recordOutput(this.#describe(context), {
      bundler: this.#bundler,
      compiler: context.environment?.name,
      path: path === undefined ? undefined : resolve(this.facts.root ?? "", path),
      isFile: dir === undefined,
      writes,
      reads: () => [...(context.getModuleIds?.() ?? [])],
    });
  }

  /** The end of a server or of watching, in the cases where {@link buildEnd} isn't the end. */
  async close(context: HookContext): Promise<void> {
    await this.viteDev?.close();
    await this.#instance.close(this.#describe(context));
  }

  /** Vite's dev server: an environment's imports are read from its module graph each time they're needed. */
  async #reportLoaded(compiler: BundlerCompiler): Promise<void> {
    const { viteDev } = this;
    if (viteDev === undefined || this.#reported.has(compiler.name)) return;
    this.#reported.add(compiler.name);
    await this.#instance.reportImports(compiler, (name) => viteDev.isImported(compiler.name, name));
  }

  #describe(context: HookContext): BundlerCompiler {
    const key = context.environment ?? this;
    const compiler =
      this.#compilers.get(key) ?? describeCompiler(this.#bundler, this.facts, context, this.#host);
    this.#compilers.set(key, compiler);
    return compiler;
  }
}

/** The Vite prefix that would inline a `SCOPE_` variable; undefined if there is none. */
function inliningPrefix(envPrefix: string | string[] | undefined): string | undefined {
  const prefixes = [envPrefix ?? "VITE_"].flat();
  return prefixes.find((prefix) => prefix.startsWith("SCOPE_") || "SCOPE_".startsWith(prefix));
}
