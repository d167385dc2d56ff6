import { isFunction, isTokenProvider } from "../../client/connection/types.ts";
import { isTestRun, processEnv } from "../../environment.ts";
import { digestOf } from "../../files/stable-json.ts";
import type { Options } from "../../project/config/options.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { Project } from "../../project/project.ts";
import { shownReporter } from "../../project/reporter.ts";
import { RunRecord } from "../../project/runs.ts";
import type { Build, Surroundings } from "../../run/build.ts";
import type { IsImported } from "../../run/dev/problems.ts";
import type { DevSession } from "../../run/dev/session.ts";
import type { StartedRun } from "../../run/dev/start-run.ts";
import type { OutputPlace } from "../../run/manifest/outputs.ts";
import { CachedBuild, openCachedBuild } from "../../run/record/cached-build.ts";
import type { BundlerCompiler } from "./compiler.ts";
import { nextTick, Runs } from "./runs.ts";

interface SharedBuild extends Omit<StartedRun, "build"> {
  readonly build: Build | CachedBuild;
  readonly project: Pick<Project, "close">;
}

const runs = new Runs<SharedBuild>();

/**
 * One call of a plugin factory: its options, and its compilers' parts in the run. Rejects with errors made for
 * bundlers.
 */
export class PluginInstance {
  readonly #id = `plugin ${nextTick()}`;
  readonly #madeAt: number;
  readonly #options: Options;
  /** Distinguishes the options from those of another instance. */
  readonly #identity: string;
  /** What each consumer's current or last build imported, as spelled. */
  readonly #imported = new Map<
    string,
    {
      readonly build: Build | CachedBuild;
      readonly specifiers: Set<string>;
      readonly record: RunRecord;
    }
  >();

  /** @param madeAt when the plugin was made, by {@link nextTick}; default now */
  constructor(options: Options = {}, madeAt = nextTick()) {
    this.#options = options;
    this.#madeAt = madeAt;
    this.#identity = identityOf(options);
  }

  /** Joins the run, or starts one. Call it at the start of every build. */
  start(compiler: BundlerCompiler): Promise<void> {
    return forBundler(compiler, async () => {
      const { id } = this.#consumer(compiler);
      this.#imported.delete(id);
      const { build, session } = await this.#join(compiler);
      const tool = isTestRun(processEnv()) ? "vitest" : compiler.tool;
      this.#imported.set(id, { build, specifiers: new Set(), record: new RunRecord(build.root, tool) });
      session?.problems.begin(id);
    });
  }

  /** The caller closes it. Loads what a build in which nothing has changed doesn't need. */
  async openProject({ cwd, mode }: BundlerCompiler): Promise<Project> {
    const { openProject } = await import("../../project/project.ts");
    return openProject({ cwd, mode, options: this.#options });
  }

  /** Only loads the config. */
  loadConfig(compiler: BundlerCompiler): Promise<ResolvedOptions> {
    return forBundler(compiler, async () => (await this.openProject(compiler)).options);
  }

  /** The module file for a `scope:` specifier if it's known without waiting; otherwise call {@link module}. */
  known(compiler: BundlerCompiler, specifier: string, importer?: string): string | undefined {
    const { build } = this.#importedBy(compiler) ?? {};
    if (!(build instanceof CachedBuild)) return undefined;
    const file = build.known(specifier, { browser: compiler.browser, importer });
    if (file !== undefined) this.#add(compiler, specifier, importer);
    return file;
  }

  #importedBy(compiler: BundlerCompiler) {
    return this.#imported.get(this.#consumer(compiler).id);
  }

  #add(compiler: BundlerCompiler, specifier: string, importer: string | undefined): void {
    const imported = this.#importedBy(compiler);
    imported?.specifiers.add(specifier);
    imported?.record.add(importer, specifier);
  }

  /**
   * The module file for a `scope:` specifier.
   *
   * @param withAll every failure of the run is in the error: for bundlers that stop at the first. Default false
   */
  module(compiler: BundlerCompiler, specifier: string, importer?: string, withAll = false): Promise<string> {
    return forBundler(compiler, async () => {
      const { build } = await this.#join(compiler);
      try {
        const file = await build.module(specifier, { ...compiler, importer });
        this.#add(compiler, specifier, importer);
        return file;
      } catch (error) {
        throw withAll ? await build.withAllFailures(error) : error;
      }
    });
  }

  /** While watching: a file to resolve to instead of a module that {@link module} couldn't return. */
  async placeholder(compiler: BundlerCompiler, specifier: string): Promise<string | undefined> {
    const shared = await opened(this.#join(compiler));
    const { build, session } = shared ?? {};
    if (session === undefined || build === undefined || build instanceof CachedBuild) return undefined;
    return forBundler(compiler, () => build.placeholder(specifier, compiler.hot));
  }

  /** For compilers that keep their graph on disk: a file to resolve to instead of an import that was refused. */
  refusal(compiler: BundlerCompiler, specifier: string, importer = ""): Promise<string> {
    return forBundler(compiler, async () => {
      const { build } = await this.#join(compiler);
      return build.refusal(specifier, importer);
    });
  }

  /** Keeps the modules up to date. Undefined in builds and test runs, and if the config can't be loaded. */
  async session(compiler: BundlerCompiler): Promise<DevSession | undefined> {
    return (await opened(this.#join(compiler)))?.session;
  }

  /** Reports to the session which modules a compiler's loaded code imports. Does nothing for other compilers. */
  async reportImports(compiler: BundlerCompiler, isImported: IsImported): Promise<void> {
    (await this.session(compiler))?.problems.report(this.#consumer(compiler).id, isImported);
  }

  /**
   * Writes into the manifest what a compiler's current or last build imported.
   *
   * @returns the text of the manifest next to the output, if the config asks for one
   */
  recordOutput(compiler: BundlerCompiler, place: OutputPlace): Promise<string | undefined> {
    return forBundler(compiler, async () => {
      const { build, specifiers } = this.#importedBy(compiler) ?? {};
      return build?.recordOutput(place, specifiers);
    });
  }

  /** Ends one build of a compiler. In development it stays in the run until {@link close}. */
  async end(compiler: BundlerCompiler, hasFailed = false): Promise<void> {
    if (hasFailed) await (await opened(this.#join(compiler)))?.build.fail();
    else await this.#importedBy(compiler)?.record.write();
    if (!compiler.development) return this.close(compiler);
    const shared = await opened(this.#join(compiler));
    await forBundler(compiler, async () => shared?.build.finish(shownReporter(compiler.reporter)));
  }

  /** Ends a compiler's part. The last one reports and closes the connections. */
  async close(compiler: BundlerCompiler): Promise<void> {
    const [project, consumer] = [this.#runKey(compiler), this.#consumer(compiler)];
    (await opened(runs.current(project, consumer)))?.session?.problems.end(consumer.id);
    const shared = await opened(runs.leave(project, consumer));
    if (shared === undefined) return;
    await shared.close();
    try {
      await forBundler(compiler, () => shared.build.finish(shownReporter(compiler.reporter)));
    } finally {
      await shared.project.close();
    }
  }

  #join(compiler: BundlerCompiler): Promise<SharedBuild> {
    return runs.join(this.#runKey(compiler), this.#consumer(compiler), () => this.#open(compiler));
  }

  async #open(compiler: BundlerCompiler): Promise<SharedBuild> {
    const { cwd, mode, development, reloadsModules } = compiler;
    const reporter = shownReporter(compiler.reporter);
    const open = async (begun?: Pick<Surroundings, "outputs" | "snapshot">) => {
      const project = await this.openProject(compiler);
      const { startRun } = await import("../../run/dev/start-run.ts");
      return { project, ...(await startRun(project, { development, reloadsModules, reporter, ...begun })) };
    };
    const input = { cwd, mode, options: this.#options, env: processEnv() };
    const cached = development ? undefined : await openCachedBuild(input, reporter, open);
    return cached ? { build: cached, session: undefined, project: cached, close: async () => {} } : open();
  }

  #runKey({ cwd, mode, development }: BundlerCompiler): string {
    return `${cwd}\n${mode}\n${development}\n${this.#identity}`;
  }

  #consumer({ name, development }: BundlerCompiler) {
    return { id: `${this.#id} ${name}`, madeAt: this.#madeAt, isBuild: !development };
  }
}

/**
 * A run that couldn't be opened has reported that to those that joined it, so at its end there is nothing left to
 * report.
 */
function opened(shared: Promise<SharedBuild> | undefined): Promise<SharedBuild | undefined> {
  return Promise.resolve(shared).catch(() => undefined);
}

async function forBundler<T>({ cwd, printsStack }: BundlerCompiler, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { bundlerError } = await import("./bundler-error.ts");
    const shown = bundlerError(error, cwd);
    if (printsStack) shown.stack = "";
    throw shown;
  }
}

const known = new WeakMap<object, number>();

/**
 * Distinguishes options: compares all of them. Code (a store, a function or an object with `getToken()`) has to be the
 * same object.
 */
function identityOf({ cacheStore, credentials, ...rest }: Options): string {
  const isCode = credentials !== undefined && (isFunction(credentials) || isTokenProvider(credentials));
  const secret = isCode ? numberOf(credentials) : credentials;
  return digestOf(JSON.stringify([rest, secret, numberOf(cacheStore)]));
}

function numberOf(object: object | undefined): number | undefined {
  if (object !== undefined && !known.has(object)) known.set(object, nextTick());
  return object && known.get(object);
}
