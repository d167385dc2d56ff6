import { resolve } from "node:path";
import type { HotUpdateOptions, ResolvedConfig, ViteDevServer } from "vite";
import { isTestRun, processEnv } from "../../environment.ts";
import type { Options } from "../../project/config/options.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { helperPath, moduleNameOf } from "../../project/module-names.ts";
import { OUTPUT_MANIFEST } from "../../run/manifest/outputs.ts";
import type { BundlerCompiler, Host } from "../instance/compiler.ts";
import { PluginInstance } from "../instance/instance.ts";
import type { ViteDev } from "../vite/dev.ts";
import type { ViteInspector } from "../vite/vite-inspector.ts";
import { describeCompiler, type Facts, type HookContext, viteReporter } from "./describe-compiler.ts";

/** Where Rollup puts a bundle: a folder or one file, or neither if the bundle is only generated. */
export interface RollupOutput {
  readonly dir?: string | undefined;
  readonly file?: string | undefined;
}

/**
 * Rollup, Rolldown, Vite and Farm: `scope:` resolves to the path of the module file, and the bundler handles it like
 * any other file.
 */
export class RollupHooks {
  readonly #bundler: string;
  readonly #instance: PluginInstance;
  /** The bundler's own hooks add to it. */
  readonly facts: Facts = {};
  readonly #host: Host | undefined;
  #viteDev: ViteDev | undefined;
  #viteInspector: ViteInspector | undefined;
  /** Vite's dev server: the config that it starts with. */
  #loaded: Promise<ResolvedOptions> | undefined;
  /** The environments of Vite's dev server that the session can ask for their imports. */
  readonly #reported = new Set<string>();
  /** One for each of Vite's environments; otherwise only one. */
  #compilers = new WeakMap<object, BundlerCompiler>();

  /**
   * @param bundler as the manifest names it
   * @param madeAt when the plugin was made, by {@link nextTick}
   * @param host the framework that runs the bundler
   */
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
    const dev = new ViteDev(server, { restarts: this.#host === undefined });
    this.#viteDev = dev;
    if (!isTestRun(processEnv())) {
      const { ViteInspector } = await import("../vite/vite-inspector.ts");
      this.#viteInspector = new ViteInspector(server, {
        openProject: () => this.#instance.openProject(this.#describe({})),
        session: () => dev.session,
      });
    }
    await this.#loaded;
  }

  async buildStart(context: HookContext): Promise<void> {
    this.#compilers.delete(context.environment ?? this);
    const compiler = this.#describe(context);
    await this.#instance.start(compiler);
    this.#viteDev?.use(await this.#instance.session(compiler));
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
      if (compiler.development) await this.#watchProblems(context, compiler);
      if (isScan) return { id, external: true };
      throw error;
    }
  }

  #resolved(compiler: BundlerCompiler, path: string, importer: string | undefined) {
    const file = path.replaceAll("\\", "/");
    const folder = file.slice(0, file.lastIndexOf("/"));
    this.#viteDev?.allow(folder);
    this.#viteDev?.imports.resolved(compiler.name, file, importer);
    return { id: file, moduleSideEffects: false };
  }

  /** In Vite's dev server: the modules to replace in the page when a prompt's module file changed. */
  hotUpdate(options: HotUpdateOptions) {
    return this.#viteDev?.modulesToUpdate(options);
  }

  async buildEnd(context: HookContext, error?: unknown): Promise<void> {
    const compiler = this.#describe(context);
    if (this.#viteDev === undefined) await this.#reportBuilt(context, compiler, error !== undefined);
    await this.#instance.end(compiler, error !== undefined);
  }

  /** Each output of a build; the manifest next to it is one of its assets. */
  async generateBundle(context: HookContext, output: RollupOutput, bundle: object): Promise<void> {
    const source = await this.recordOutput(context, output, bundle);
    if (source !== undefined) context.emitFile?.({ type: "asset", fileName: OUTPUT_MANIFEST, source });
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
    await this.#viteInspector?.close();
    await this.#instance.close(this.#describe(context));
  }

  /** Called at the end of each bundle, and when Vite's dev server closes an environment. */
  async closeBundle(context: HookContext): Promise<void> {
    if (this.facts.vite?.command === "serve") await this.close(context);
  }

  /** Vite's dev server: an environment's imports are read from its module graph each time they're needed. */
  async #reportLoaded(compiler: BundlerCompiler): Promise<void> {
    const imports = this.#viteDev?.imports;
    if (imports === undefined || this.#reported.has(compiler.name)) return;
    this.#reported.add(compiler.name);
    await this.#instance.reportImports(compiler, (name) => imports.isImported(compiler.name, name));
  }

  /** While watching: what a build imports. A build that failed may have stopped before it read everything. */
  async #reportBuilt(context: HookContext, compiler: BundlerCompiler, hasFailed: boolean): Promise<void> {
    if (!compiler.development || !context.getModuleIds) return;
    const imported = new Set([...context.getModuleIds()].map(moduleNameOf));
    await this.#instance.reportImports(compiler, (name) => hasFailed || imported.has(name));
  }

  async #watchProblems(context: HookContext, compiler: BundlerCompiler): Promise<void> {
    const session = await this.#instance.session(compiler);
    if (session !== undefined) context.addWatchFile?.(await session.problemsFile());
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
