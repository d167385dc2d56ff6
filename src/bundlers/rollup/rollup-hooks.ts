import { resolve } from "node:path";
import util from "node:util";
import type { ResolvedConfig, Rollup, ViteDevServer } from "vite";
import { isTestRun, processEnv } from "../../environment.ts";
import { toPosix } from "../../errors/printable.ts";
import { readIfSound } from "../../files/read-file.ts";
import type { PluginOptions } from "../../project/config/options.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { helperPath, moduleNameOf } from "../../project/module-names.ts";
import type { Reporter } from "../../project/reporter.ts";
import {
  type BundlerCompiler,
  CompilerRun,
  createInstance,
  type Host,
  type PluginInstance,
} from "../instance/instance.ts";
import type { ViteDev } from "../vite/dev.ts";

/** What Rollup's hooks, and those of the bundlers with the same interface, find on `this`. */
export interface HookContext {
  /** Farm has neither of the two. */
  info?(text: string): void;
  warn?(text: string): void;
  addWatchFile?(file: string): void;
  emitFile?(file: { type: "asset"; fileName: string; source: string }): unknown;
  getModuleIds?(): Iterable<string>;
  getModuleInfo?(id: string): { readonly importedIds?: readonly string[] } | null;
  readonly meta?: { readonly watchMode?: boolean };
  /** Vite only: the environment that is being built. */
  readonly environment?: {
    readonly name: string;
    readonly config: { readonly consumer: string };
    getTopLevelConfig?(): object;
  };
}

/** Where Rollup puts a bundle: a folder or one file, or neither if the bundle is only generated. */
export interface RollupOutput {
  readonly dir?: string | undefined;
  readonly file?: string | undefined;
}

/** The hooks of one plugin, or of one of Vite's dev servers. */
export class RollupHooks {
  readonly #bundler: string;
  readonly #instance: PluginInstance;
  readonly #host: Host | undefined;
  vite: ResolvedConfig | undefined;
  #viteReporter: Reporter | undefined;
  /** As the bundler's own config says. */
  root: string | undefined;
  isForBrowser = false;
  #input: object | undefined;
  viteDev: ViteDev | undefined;
  /** Vite's dev server: the config that it starts with. */
  #loaded: Promise<ResolvedOptions> | undefined;
  /** The environments of Vite's dev server that the session can ask for their imports. */
  readonly #reported = new Set<string>();
  /** One for each of Vite's environments; otherwise only one. */
  #runs = new WeakMap<object, CompilerRun>();

  /** @param madeAt when the plugin was made, by {@link nextTick} */
  constructor(bundler: string, options: PluginOptions | undefined, madeAt: number, host?: Host) {
    this.#bundler = bundler;
    this.#instance = createInstance(options, madeAt);
    this.#host = host;
  }

  /** @throws ConfigurationError when Vite would inline `SCOPE_` variables, secrets among them, into the page */
  async useViteConfig(config: ResolvedConfig): Promise<void> {
    const prefix = inliningPrefix(config.envPrefix);
    if (prefix !== undefined) throw (await import("../vite/dev.ts")).prefixRefused(prefix);
    this.#viteReporter = viteReporter(config);
    // Vite 5 has none. Both builds of a framework get the same plugin.
    if (this.vite === undefined && config.environments === undefined)
      this.#viteReporter.warn(
        "Vite 6 or newer is needed. This one is older: its dev server shows edits after a reload.",
      );
    this.vite = config;
    this.#runs = new WeakMap();
    if (config.command !== "serve") return;
    this.#loaded = this.#run({}).loadConfig();
    // Errors in it are thrown when the server is made from it.
    const options = await this.#loaded.catch(() => undefined);
    if (options === undefined) return;
    const { ignoreSnapshots } = await import("../vite/dev.ts");
    ignoreSnapshots(config, options.snapshotDir);
  }

  /** @throws for a config that can't be used: thrown here, it leaves the server that was about to restart as it is */
  async useViteServer(server: ViteDevServer): Promise<void> {
    if (server.environments === undefined) return;
    const { ViteDev } = await import("../vite/dev.ts");
    // A framework that runs the server restarts it itself.
    this.viteDev = new ViteDev(server, { restarts: this.#host === undefined });
    if (!isTestRun(processEnv())) this.viteDev.addInspector(() => this.#run({}).openProject());
    await this.#loaded;
  }

  /** @param input the bundler's options */
  async buildStart(context: HookContext, input?: object): Promise<void> {
    this.#input = input;
    this.#runs.delete(context.environment ?? this);
    const run = this.#run(context);
    await run.start();
    this.viteDev?.use(await run.session());
    await this.#reportLoaded(run);
  }

  /**
   * @param isScan Vite is searching for packages to bundle before it serves anything. Failures are reported when the
   * import is served
   */
  resolveId(context: HookContext, id: string, importer: string | undefined, isScan = false) {
    // Only a promise for what is ours: one for each import of a build would cost the bundler time.
    return id.startsWith("scope:") ? this.#resolve(context, id, importer, isScan) : helperPath(id, importer);
  }

  async #resolve(context: HookContext, id: string, importer: string | undefined, isScan: boolean) {
    const run = this.#run(context);
    try {
      await this.#reportLoaded(run);
      const file = toPosix(await run.module(id, importer, true));
      this.viteDev?.resolved(run.compiler.name, file, importer);
      return { id: file, moduleSideEffects: false };
    } catch (error) {
      // Nothing of the prompt is on disk yet, so no file change could trigger another try.
      const session = run.compiler.development ? await run.session() : undefined;
      if (session !== undefined) context.addWatchFile?.(await session.problemsFile());
      if (isScan) return { id, external: true };
      throw error;
    }
  }

  async buildEnd(context: HookContext, hasFailed: boolean): Promise<void> {
    const run = this.#run(context);
    // While watching: what a build imports. A build that failed may have stopped before it read everything.
    const ids = [...(context.getModuleIds?.() ?? [])];
    if (this.viteDev === undefined && run.compiler.development && context.getModuleIds) {
      const imported = new Set(ids.map(moduleNameOf));
      await run.reportImports((name) => hasFailed || imported.has(name));
    }
    // What isn't external has a path.
    for (const id of ids.filter((one) => one.startsWith("unplugin-scope/"))) await run.external(id);
    await run.end(hasFailed);
  }

  /** Returns the text of the manifest next to an output, if the config asks for one. */
  async recordOutput(
    context: HookContext,
    { dir, file }: RollupOutput,
    bundle: object = {},
  ): Promise<string | undefined> {
    const path = dir ?? file;
    const files = Object.entries(bundle as Rollup.OutputBundle);
    // A build of declarations alone, such as unbuild's second one, says nothing about the code next to them.
    if (files.length > 0 && files.every(([name]) => /\.d\.[cm]?ts$/.test(name))) return undefined;
    const run = this.#run(context);
    return run.recordOutput({
      bundler: this.#bundler,
      compiler: context.environment?.name,
      path: path === undefined ? undefined : resolve(this.root ?? "", path),
      isFile: dir === undefined,
      writes: files.flatMap(([name, { type }]) => (type === "chunk" ? [name] : [])),
      lacks: run.compiler.reportsContent ? lacksModule(files.map(([, file]) => file)) : undefined,
      reads: () => [...(context.getModuleIds?.() ?? [])],
    });
  }

  /** The end of a server or of watching, in the cases where {@link buildEnd} isn't the end. */
  async close(context: HookContext): Promise<void> {
    await this.viteDev?.close();
    await this.#run(context).close();
  }

  /** Vite's dev server: an environment's imports are read from its module graph each time they're needed. */
  async #reportLoaded(run: CompilerRun): Promise<void> {
    const { viteDev } = this;
    const environment = run.compiler.name;
    if (viteDev === undefined || this.#reported.has(environment)) return;
    this.#reported.add(environment);
    await run.reportImports((name) => viteDev.isImported(environment, name));
  }

  #run(context: HookContext): CompilerRun {
    const key = context.environment ?? this;
    const run = this.#runs.get(key) ?? new CompilerRun(this.#instance, this.#describe(context));
    this.#runs.set(key, run);
    return run;
  }

  /** What is built, by the bundler's own config if there is one, otherwise by the environment. */
  #describe(context: HookContext): BundlerCompiler {
    const { vite } = this;
    const host = this.#host;
    const isServer = vite?.command === "serve";
    const isClient = context.environment
      ? context.environment.config.consumer === "client"
      : vite?.command === "build" && !vite.build.ssr;
    // Electron Forge builds its main process and preload scripts as clients.
    const external = [vite?.build.rollupOptions.external].flat();
    const isPage = isClient && !["electron", "node:child_process"].every((one) => external.includes(one));
    const env = processEnv();
    const development =
      host?.development ?? (context.meta?.watchMode === true || isServer || Boolean(vite?.build.watch));
    // Vitest runs environments such as jsdom as a client, in Node.
    const isTested = isServer && isTestRun(env);
    return {
      tool: this.#bundler,
      name: context.environment?.name ?? host?.output ?? "main",
      cwd: host?.root ?? vite?.root ?? this.root ?? process.cwd(),
      mode: host?.mode ?? vite?.mode ?? (env.NODE_ENV || (development ? "development" : "production")),
      development,
      browser: vite ? isPage && !isTested : this.isForBrowser,
      reportsContent: !development && this.#bundler !== "farm",
      hot: isServer && isPage && !isTested,
      reloadsModules: isServer || host?.development === true,
      printsStack: true,
      config: vite ?? this.#input,
      reporter: this.#viteReporter ?? (context.info ? (context as Required<HookContext>) : console),
    };
  }
}

/**
 * Tells by the finished files whether none has anything of a module: no code by the bundler's own report, and none of
 * the module's text, which an optimisation can copy into another module. A text without a part that every minifier
 * leaves as it is may be anywhere.
 */
function lacksModule(files: readonly Rollup.OutputBundle[string][]): (module: string) => boolean {
  let code = "";
  const inCode = new Set<string | undefined>();
  for (const file of files) {
    code += `${file.type === "chunk" ? file.code : file.source}\n`;
    if (file.type !== "chunk") continue;
    // Not every bundler that calls the hook reports them.
    if (!file.modules) return () => false;
    for (const [id, { renderedLength }] of Object.entries(file.modules))
      if (renderedLength) inCode.add(id.split("?")[0]);
  }
  return (module) => {
    if (inCode.has(module)) return false;
    const [, text] = readIfSound(module, String)?.split(/\nexport const (?:content|variables) = /) ?? [];
    const parts = text?.match(/[\w ,.;:()-]{12,}/g);
    return !!parts?.every((part) => !code.includes(part));
  };
}

/** The Vite prefix that would inline a `SCOPE_` variable; undefined if there is none. */
function inliningPrefix(envPrefix: string | string[] | undefined): string | undefined {
  const prefixes = [envPrefix ?? "VITE_"].flat();
  return prefixes.find((prefix) => prefix.startsWith("SCOPE_") || "SCOPE_".startsWith(prefix));
}

const NAME = "[unplugin-scope]";

/** Vite's log, with our name before each line, as Vite's own plugins do; warnings are yellow. */
function viteReporter({ logger, command }: Pick<ResolvedConfig, "logger" | "command">): Reporter {
  // In a build on a terminal the cursor is behind Vite's progress, "transforming (12) …".
  let start = command === "build" && process.stdout.isTTY ? "\n" : "";
  const line = (text: string) => {
    const shown = `${start}${text}`;
    start = "";
    return shown;
  };
  return {
    info: (text) => logger.info(line(`${util.styleText("cyan", NAME)} ${text}`)),
    warn: (text) => logger.warn(line(util.styleText("yellow", `${NAME} ${text}`))),
  };
}
