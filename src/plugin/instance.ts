import { createHash } from "node:crypto";
import type { Build, ImportPlace } from "../build/build.ts";
import type { OutputPlace } from "../build/manifest/outputs.ts";
import { moduleName } from "../build/modules/modules.ts";
import { openProject, type Project } from "../build/project.ts";
import { inProject, type Reporter } from "../build/run-report.ts";
import type { Options } from "../config/options.ts";
import { asProjectRuns } from "../config/package-manager.ts";
import { resolveSpecifier } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import type { DevSession } from "../dev/session.ts";
import { type StartedRun, startRun } from "../dev/start-run.ts";
import type { IsImported } from "../dev/used-modules.ts";
import { formatError } from "../errors/format-error.ts";
import { nextTick, Runs } from "./runs.ts";

/** What a bundler knows about one of its compilers. */
export interface Compiler {
  /** Identifies a compiler of one plugin instance: a Vite environment, a webpack compiler's name. */
  readonly name: string;
  /** Where the search for the config begins. */
  readonly cwd: string;
  readonly mode: string;
  readonly development: boolean;
  /** The compiler builds again and again: its part in the run does not end with a build. */
  readonly watch: boolean;
  /** The output is for browsers: a prompt's text in it can be read by anybody. */
  readonly browser: boolean;
  /** The dev server that replaces modules in the running page. */
  readonly hot?: ImportPlace["hot"];
  /** The bundler's dev server runs the modules itself and loads them anew when they change. Default false. */
  readonly reloadsModules?: boolean;
  /** The bundler prints an error's stack behind its message, and not one of the two. Default false. */
  readonly printsStack?: boolean;
  readonly reporter: Reporter;
}

interface SharedBuild extends StartedRun {
  readonly project: Project;
}

const runs = new Runs<SharedBuild>();

/** One call of a plugin factory: its options, and its compilers' parts in the run. Rejects with errors made for bundlers. */
export class PluginInstance {
  readonly #id = `plugin ${nextTick()}`;
  readonly #madeAt: number;
  readonly #options: Options;
  /** What distinguishes the options from those of another instance. */
  readonly #identity: string;
  /** What each consumer's present or last build imported, as spelled. */
  readonly #imported = new Map<string, { readonly build: Build; readonly specifiers: Set<string> }>();

  /** @param madeAt when the plugin was made, by {@link nextTick}; default now */
  constructor(options: Options = {}, madeAt = nextTick()) {
    this.#options = options;
    this.#madeAt = madeAt;
    this.#identity = identityOf(options);
  }

  /** Joins the run (or begins one) and starts on the configured prompts. Call at every build start. */
  start(compiler: Compiler): Promise<void> {
    return forBundler(compiler, async () => {
      const { build, session } = await this.#join(compiler);
      const { id } = this.#consumer(compiler);
      this.#imported.set(id, { build, specifiers: new Set() });
      session?.beginUse(id);
      build.prefetch();
    });
  }

  /** Opens the project for something beside the run; whoever asks closes it. */
  openProject(compiler: Compiler): Promise<Project> {
    return this.#project(compiler);
  }

  /** Loads the config, and nothing more. */
  loadConfig(compiler: Compiler): Promise<ResolvedOptions> {
    return forBundler(compiler, async () => (await this.#project(compiler)).options);
  }

  /** The module file for a `scope:` specifier. */
  module(
    compiler: Compiler,
    specifier: string,
    importer?: string,
    importChain?: ImportPlace["importChain"],
  ): Promise<string> {
    return forBundler(compiler, async () => {
      const { build } = await this.#join(compiler);
      return this.#moduleOf(build, compiler, specifier, { importer, importChain });
    });
  }

  /** While watching: a file to resolve to in the place of a module that {@link module} could not give. */
  async placeholder(compiler: Compiler, specifier: string): Promise<string | undefined> {
    const shared = await opened(this.#join(compiler));
    return shared?.session && forBundler(compiler, () => shared.build.placeholder(specifier, compiler.hot));
  }

  /** For compilers that keep their graph on disk: a file to resolve to in the place of an import that was refused. */
  refusal(compiler: Compiler, specifier: string, importer = ""): Promise<string> {
    return forBundler(compiler, async () => {
      const { build } = await this.#join(compiler);
      return build.refusal(specifier, importer);
    });
  }

  /** {@link module}, with every failure of the run in the error: for bundlers that stop at the first. */
  moduleOrAllFailures(
    compiler: Compiler,
    specifier: string,
    importer?: string,
    importChain?: ImportPlace["importChain"],
  ): Promise<string> {
    return forBundler(compiler, async () => {
      const { build } = await this.#join(compiler);
      try {
        return await this.#moduleOf(build, compiler, specifier, { importer, importChain });
      } catch (error) {
        throw await build.withAllFailures(error);
      }
    });
  }

  /** What keeps the modules up to date; undefined in builds and test runs, and where the config cannot be loaded. */
  async session(compiler: Compiler): Promise<DevSession | undefined> {
    return (await opened(this.#join(compiler)))?.session;
  }

  /** Reports to the session which modules a compiler's loaded code imports; nothing is done for the others. */
  async reportImports(compiler: Compiler, isImported: IsImported): Promise<void> {
    (await this.session(compiler))?.reportImports(this.#consumer(compiler).id, isImported);
  }

  /** The name of the module that a specifier asks for; undefined where it cannot be read. */
  async nameOf(compiler: Compiler, specifier: string): Promise<string | undefined> {
    const shared = await opened(this.#join(compiler));
    try {
      return shared && moduleName(resolveSpecifier(specifier, shared.build.options));
    } catch {
      // The import itself failed for that reason, and said so.
      return undefined;
    }
  }

  /**
   * Writes into the manifest what a compiler's present or last build imported.
   *
   * @returns the text of the manifest beside the output, where the config asks for one
   */
  recordOutput(compiler: Compiler, place: OutputPlace): Promise<string | undefined> {
    return forBundler(compiler, async () => {
      const { build, specifiers } = this.#imported.get(this.#consumer(compiler).id) ?? {};
      return build?.recordOutput(place, specifiers);
    });
  }

  /** Ends one build of a compiler; in development a compiler that watches stays in the run until {@link close}. */
  async end(compiler: Compiler): Promise<void> {
    // A build that watches is a new build each time; only development keeps polling between them.
    if (!compiler.watch || !compiler.development) return this.close(compiler);
    const shared = await opened(this.#join(compiler));
    await forBundler(compiler, async () => shared?.build.finish(reporterOf(compiler)));
  }

  /** Ends a compiler's part: the last one reports and closes the connections. */
  async close(compiler: Compiler): Promise<void> {
    const [project, consumer] = [this.#runKey(compiler), this.#consumer(compiler)];
    (await opened(runs.current(project, consumer)))?.session?.endUse(consumer.id);
    const shared = await opened(runs.leave(project, consumer));
    if (shared === undefined) return;
    await shared.close();
    try {
      await forBundler(compiler, () => shared.build.finish(reporterOf(compiler)));
    } finally {
      await shared.project.close();
    }
  }

  async #moduleOf(
    build: Build,
    compiler: Compiler,
    specifier: string,
    place: Pick<ImportPlace, "importer" | "importChain">,
  ): Promise<string> {
    const file = await build.module(specifier, { ...compiler, ...place });
    this.#imported.get(this.#consumer(compiler).id)?.specifiers.add(specifier);
    return file;
  }

  #join(compiler: Compiler): Promise<SharedBuild> {
    return runs.join(this.#runKey(compiler), this.#consumer(compiler), () => this.#open(compiler));
  }

  #project({ cwd, mode }: Compiler): Promise<Project> {
    return openProject({ cwd, mode, options: this.#options });
  }

  async #open(compiler: Compiler): Promise<SharedBuild> {
    const { development, watch, reloadsModules } = compiler;
    const reporter = reporterOf(compiler);
    const project = await this.#project(compiler);
    return {
      project,
      ...(await startRun(project, { development, watches: watch, reloadsModules, reporter })),
    };
  }

  #runKey({ cwd, mode, development }: Compiler): string {
    return `${cwd}\n${mode}\n${development}\n${this.#identity}`;
  }

  #consumer({ name, development }: Compiler) {
    return { id: `${this.#id} ${name}`, madeAt: this.#madeAt, isBuild: !development };
  }
}

const stores = new WeakMap<object, number>();

/** What distinguishes options: all of them, credentials by their digest and a store by being the same object. */
function identityOf({ cacheStore, credentials, ...rest }: Options): string {
  if (cacheStore !== undefined && !stores.has(cacheStore)) stores.set(cacheStore, nextTick());
  const { orgId, apiKey, clientId, apiSecret, clientSecret } = credentials ?? {};
  const secret = JSON.stringify([orgId, apiKey ?? clientId, apiSecret ?? clientSecret]);
  const digest = credentials && createHash("sha256").update(secret).digest("hex");
  return JSON.stringify([rest, digest, cacheStore && stores.get(cacheStore)]);
}

/** A run that could not be opened has reported so where it was joined; at its end there is nothing more to say. */
function opened(shared: Promise<SharedBuild> | undefined): Promise<SharedBuild | undefined> {
  return Promise.resolve(shared).catch(() => undefined);
}

function reporterOf({ reporter, cwd }: Compiler): Reporter {
  return inProject(reporter, cwd);
}

async function forBundler<T>({ cwd, printsStack }: Compiler, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const shown = bundlerError(error, cwd);
    if (printsStack) shown.stack = "";
    throw shown;
  }
}

/** An error as a bundler shows it: our text, nothing of our stack. */
export function bundlerError(error: unknown, cwd = process.cwd()): Error {
  const plain = new Error(asProjectRuns(formatError(error, { color: false, cwd }), cwd));
  plain.name = "ScopeError";
  plain.stack = plain.message;
  return plain;
}
