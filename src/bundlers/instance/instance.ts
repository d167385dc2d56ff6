import type { PluginOptions } from "../../project/config/options.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { Project } from "../../project/project.ts";
import { type Reporter, shownReporter } from "../../project/reporter.ts";
import type { ImportPlace } from "../../run/compilation.ts";
import type { IsImported } from "../../run/dev/problems.ts";
import type { DevSession } from "../../run/dev/session.ts";
import type { StartedRun } from "../../run/dev/start-run.ts";
import type { OutputPlace } from "../../run/manifest/outputs.ts";
import { type Consumer, nextTick, Runs } from "./runs.ts";

/** The plugin's name in every bundler. */
export const PLUGIN_NAME = "unplugin-scope";

/** What a bundler knows about one of its compilers. */
export interface BundlerCompiler {
  /** The tool, as its entry is called: `vite`. */
  readonly tool: string;
  /** Identifies a compiler of one plugin instance: a Vite environment, or a webpack compiler's name. */
  readonly name: string;
  /** Where the search for the config starts. */
  readonly cwd: string;
  readonly mode: string;
  /** A dev server or a watch, whatever the mode: it builds repeatedly, and stays in the run when a build ends. */
  readonly development: boolean;
  /** The output is for browsers: anybody can read a prompt's text in it. */
  readonly browser: boolean;
  /** It reports, before it writes a bundle, which modules have code in it. Default false. */
  readonly reportsContent?: boolean;
  /** The dev server that replaces modules in the running page. */
  readonly hot?: ImportPlace["hot"];
  /** The bundler's dev server runs the modules itself and reloads them when they change. Default false. */
  readonly reloadsModules?: boolean;
  /** The bundler prints an error's stack after its message, instead of only one of the two. Default false. */
  readonly printsStack?: boolean;
  readonly reporter: Reporter;
  /** What every plugin of one bundler's config gets, the same object. */
  readonly config?: object | undefined;
}

/** For bundlers without a log of their own. */
export const CONSOLE: Reporter = {
  info: (text) => console.info(`[${PLUGIN_NAME}] ${text}`),
  warn: (text) => console.warn(`[${PLUGIN_NAME}] ${text}`),
};

/** What a framework knows about its builds but the bundlers that it runs don't. */
export interface Host {
  /** Where the search for the config starts. */
  readonly root: string;
  readonly mode: string;
  /** The framework's dev server: it watches, and reloads modules when they change. */
  readonly development: boolean;
  /** Name of the output, if the bundler doesn't name it. */
  readonly output?: string;
  /**
   * The bundler treats the files that prompt modules import from their folder as external unless they are resolved
   * here.
   */
  readonly resolvesHelpers?: boolean;
}

/** Export conditions that mark an edge runtime's bundle, which otherwise looks like a browser's. */
const EDGE_CONDITIONS: readonly string[] = ["worker", "workerd", "edge-light", "deno", "bun"];

/** Do a bundler's resolve conditions say that the bundle is for an edge runtime? */
export function isEdge(conditions: readonly string[] | undefined): boolean {
  return conditions?.some((condition) => EDGE_CONDITIONS.includes(condition)) === true;
}

/** One call of a plugin factory. Its compilers share a run although each can be made after another has ended. */
export interface PluginInstance {
  readonly id: string;
  readonly madeAt: number;
  readonly options: PluginOptions;
  /** The current or last build of each compiler, by the compiler's ID in the run. */
  readonly builds: Map<string, CompilerBuild>;
}

interface CompilerBuild {
  readonly run: SharedRun;
  /** What it imported, as spelled. */
  readonly specifiers: Set<string>;
}

/** @param madeAt when the plugin was made, by {@link nextTick}; default now */
export function createInstance(options: PluginOptions = {}, madeAt = nextTick()): PluginInstance {
  return { id: `plugin ${nextTick()}`, madeAt, options, builds: new Map() };
}

interface SharedRun extends StartedRun {
  /** The module file of each import. */
  readonly pending: Promise<string>[];
}

const runs = new Runs<SharedRun>();

/** The options of the first plugin of each config. */
const firsts = new WeakMap<object, PluginOptions>();
/** Compilers of one process can have the same to say, and each build again. */
const said = new Set<string>();

/** One compiler's part in the run, from {@link start} to {@link close}. Rejects with errors made for bundlers. */
export class CompilerRun {
  readonly compiler: BundlerCompiler;
  readonly #instance: PluginInstance;
  /** Compilers with the same one can share a run. */
  readonly #key: string;
  readonly #consumer: Consumer;

  constructor(instance: PluginInstance, compiler: BundlerCompiler) {
    const { name, cwd, mode, development } = compiler;
    this.compiler = compiler;
    this.#instance = instance;
    this.#key = `${cwd}\n${mode}\n${development}\n${JSON.stringify(instance.options)}`;
    this.#consumer = { id: `${instance.id} ${name}`, madeAt: instance.madeAt, isBuild: !development };
  }

  get #current(): CompilerBuild | undefined {
    return this.#instance.builds.get(this.#consumer.id);
  }

  /** Joins the run, or starts one. Call it at the start of every build. */
  start(): Promise<void> {
    return this.#forBundler(async () => {
      this.#noteTwice();
      this.#instance.builds.delete(this.#consumer.id);
      const run = await this.#begin();
      run.session?.problems.begin(this.#consumer.id);
    });
  }

  /** Bundlers ask their plugins in order: the first one of a config gets every import. */
  #noteTwice(): void {
    const { config = this } = this.compiler;
    const { options } = this.#instance;
    const first = firsts.get(config) ?? options;
    firsts.set(config, first);
    const keys = Object.keys({ ...first, ...options }) as (keyof PluginOptions)[];
    const other = keys.filter((key) => first[key] !== options[key]);
    if (other.length === 0) return;
    const what = `This config has the plugin twice, with different options (${other.join(", ")}).`;
    this.#warnOnce(`${what} Every import goes to the first one, whose options count. Remove one of the two.`);
  }

  #warnOnce(text: string): void {
    const { cwd, reporter } = this.compiler;
    if (!said.has(`${cwd} ${text}`)) reporter.warn(text);
    said.add(`${cwd} ${text}`);
  }

  async #begin(): Promise<SharedRun> {
    const run = await this.#join();
    this.#instance.builds.set(this.#consumer.id, { run, specifiers: new Set() });
    return run;
  }

  /** The caller closes it. */
  async openProject(): Promise<Project> {
    const { openProject } = await import("../../project/project.ts");
    const { cwd, mode } = this.compiler;
    return openProject({ cwd, mode, plugin: this.#instance.options });
  }

  /** Only loads the config. */
  loadConfig(): Promise<ResolvedOptions> {
    return this.#forBundler(async () => (await this.openProject()).options);
  }

  /**
   * The module file for a `scope:` specifier.
   *
   * @param withAll every failure of the run is in the error: for bundlers that stop at the first. Default false
   */
  module(specifier: string, importer?: string, withAll = false): Promise<string> {
    return this.#forBundler(async () => {
      const joined = this.#join();
      const run = await joined;
      const file = this.#file(specifier, importer, joined);
      run.pending.push(file);
      try {
        return await file;
      } catch (error) {
        if (!withAll) throw error;
        await Promise.allSettled(run.pending);
        throw await run.compilation.withAllFailures(error);
      }
    });
  }

  async #file(specifier: string, importer: string | undefined, joined: Promise<SharedRun>): Promise<string> {
    const { compilation } = await joined;
    // Of a run that everybody has left, nothing more must be opened.
    if (runs.current(this.#key, this.#consumer) !== joined) throw new Error("The build has ended.");
    // Of the environments in Vite's dev server, only the client is started.
    if (this.#current === undefined) await this.#begin();
    const file = await compilation.module(specifier, { ...this.compiler, importer });
    this.#current?.specifiers.add(specifier);
    return file;
  }

  /** A build's output leaves an import of this package to Node. Warns if production won't have it. */
  async external(specifier: string): Promise<void> {
    const { browser, development, cwd } = this.compiler;
    if (browser || development) return;
    const fix = (await import("../../project/config/package-manager.ts")).howToKeepInstalled(cwd);
    if (fix !== undefined) this.#warnOnce(`The output imports ${specifier} when it runs. ${fix}`);
  }

  /** Begins to fetch what a file imports, by its text: for bundlers that resolve its imports one after the other. */
  async expectImportsOf(file: string): Promise<void> {
    if (this.compiler.development) return;
    const { compilation } = await this.#join();
    const { usesInFile } = await import("../../project/discovery/find-uses.ts");
    // An importer can be a module that only a plugin has.
    const { uses } = await usesInFile(file).catch(() => ({ uses: [] }));
    for (const { specifier } of uses) compilation.expect(specifier);
  }

  /** While watching: a file to resolve to instead of a module that {@link module} couldn't return. */
  async placeholder(specifier: string): Promise<string | undefined> {
    const { compilation, session } = (await this.#joined()) ?? {};
    if (session === undefined) return undefined;
    return this.#forBundler(async () => compilation?.placeholder(specifier, this.compiler.hot));
  }

  /** For compilers that keep their graph on disk: a file to resolve to instead of an import that was refused. */
  refusal(specifier: string, importer = ""): Promise<string> {
    return this.#forBundler(async () => {
      const { compilation } = await this.#join();
      return compilation.refusal(specifier, importer);
    });
  }

  /** Keeps the modules up to date. Undefined in builds and test runs, and if the config can't be loaded. */
  async session(): Promise<DevSession | undefined> {
    return (await this.#joined())?.session;
  }

  /** Reports to the session which modules the compiler's loaded code imports. Does nothing without a session. */
  async reportImports(isImported: IsImported): Promise<void> {
    (await this.session())?.problems.report(this.#consumer.id, isImported);
  }

  /**
   * Writes into the manifest what the compiler's current or last build imported.
   *
   * @param folder to write the manifest next to the output into, if the config asks for one and the bundler doesn't do it
   * @returns the text of that manifest
   */
  recordOutput(place: OutputPlace, folder?: string): Promise<string | undefined> {
    const current = this.#current;
    const of = { ...place, browser: this.compiler.browser };
    return this.#forBundler(async () => {
      const text = await current?.run.compilation.recordOutput(of, current.specifiers);
      if (text !== undefined && folder !== undefined)
        await (await import("../../run/manifest/outputs.ts")).writeBeside(folder, text);
      return text;
    });
  }

  /** Ends one build of the compiler. In development it stays in the run until {@link close}. */
  async end(hasFailed = false): Promise<void> {
    if (hasFailed) (await this.#joined())?.compilation.fail();
    if (!this.compiler.development) return this.close();
    const run = await this.#joined();
    await this.#forBundler(async () => run?.compilation.finish(this.#reporter));
  }

  /** Ends the compiler's part. The last one reports and closes the connections. */
  async close(): Promise<void> {
    const current = await runs.current(this.#key, this.#consumer)?.catch(() => undefined);
    current?.session?.problems.end(this.#consumer.id);
    const left = await runs.leave(this.#key, this.#consumer)?.catch(() => undefined);
    await this.#forBundler(async () => {
      await left?.session?.close();
      try {
        await left?.compilation.finish(this.#reporter);
      } finally {
        await left?.project.close();
      }
    });
  }

  get #reporter(): Reporter {
    return shownReporter(this.compiler.reporter);
  }

  #join(): Promise<SharedRun> {
    return runs.join(this.#key, this.#consumer, () => this.#open());
  }

  /** The run; undefined if it couldn't be opened, which was reported to the import that needed it. */
  #joined(): Promise<SharedRun | undefined> {
    return this.#join().catch(() => undefined);
  }

  async #open(): Promise<SharedRun> {
    const project = await this.openProject();
    const { startRun } = await import("../../run/dev/start-run.ts");
    const { development, reloadsModules } = this.compiler;
    const started = await startRun(project, { development, reloadsModules, reporter: this.#reporter });
    return { ...started, pending: [] };
  }

  async #forBundler<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { bundlerError } = await import("./bundler-error.ts");
      const shown = bundlerError(error, this.compiler.cwd);
      if (this.compiler.printsStack) shown.stack = "";
      throw shown;
    }
  }
}
