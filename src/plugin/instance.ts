import type { BuiltModule } from "../build/build.ts";
import { openProject, type Project, type StartedBuild, startBuild } from "../build/project.ts";
import type { Reporter } from "../build/run-report.ts";
import type { Options } from "../config/options.ts";
import { formatError } from "../errors/format-error.ts";
import { nextTick, Runs } from "./runs.ts";

/** What a bundler knows about one of its compilers. */
export interface Compiler {
  /** Tells apart the compilers of one plugin instance: a Vite environment, a webpack compiler's name. */
  readonly name: string;
  /** Where the search for the config begins. */
  readonly cwd: string;
  readonly mode: string;
  readonly development: boolean;
  /** The compiler builds again and again: its part in the run does not end with a build. */
  readonly watch: boolean;
  /** The output is for browsers: a prompt's text in it can be read by anybody. */
  readonly browser: boolean;
  readonly reporter: Reporter;
}

interface SharedBuild extends StartedBuild {
  readonly project: Project;
}

const runs = new Runs<SharedBuild>();

/** One call of a plugin factory: its options, and its compilers' parts in the run. */
export class PluginInstance {
  readonly #id = `plugin ${nextTick()}`;
  readonly #madeAt = nextTick();
  readonly #options: Options;

  constructor(options: Options = {}) {
    this.#options = options;
  }

  /** Joins the run (or begins one) and starts on the configured prompts. Call at every build start. */
  async start(compiler: Compiler): Promise<void> {
    const { build } = await this.#join(compiler);
    build.prefetch();
  }

  /** The module file for a `scope:` specifier. */
  async module(compiler: Compiler, specifier: string, importer?: string): Promise<BuiltModule> {
    const { build } = await this.#join(compiler);
    return build.module(specifier, { importer, browser: compiler.browser });
  }

  /** {@link module}, with every failure of the run in the error: for bundlers that stop at the first. */
  async moduleOrAllFailures(compiler: Compiler, specifier: string, importer?: string): Promise<BuiltModule> {
    const { build } = await this.#join(compiler);
    try {
      return await build.module(specifier, { importer, browser: compiler.browser });
    } catch (error) {
      throw await build.withAllFailures(error);
    }
  }

  /** Ends one build of a compiler; a compiler that watches stays in the run until {@link close}. */
  async end(compiler: Compiler): Promise<void> {
    if (!compiler.watch) return this.close(compiler);
    const { build } = await this.#join(compiler);
    await build.finish();
  }

  /** Ends a compiler's part: the last one reports, writes the manifest and closes the connections. */
  async close(compiler: Compiler): Promise<void> {
    const left = runs.leave(this.#project(compiler), this.#consumer(compiler));
    if (left === undefined) return;
    const { build, project, close } = await left;
    close();
    try {
      await build.finish();
    } finally {
      await project.close();
    }
  }

  #join(compiler: Compiler): Promise<SharedBuild> {
    return runs.join(this.#project(compiler), this.#consumer(compiler), () => this.#open(compiler));
  }

  async #open({ cwd, mode, development, reporter }: Compiler): Promise<SharedBuild> {
    const project = await openProject({ cwd, mode, options: this.#options });
    return { project, ...startBuild(project, { development, reporter }) };
  }

  #project({ cwd, mode, development }: Compiler): string {
    // A store or a credentials object is compared by what it prints; two configs that differ only there share a run.
    const { cacheStore: _, credentials, ...options } = this.#options;
    return JSON.stringify([cwd, mode, development, options, credentials && { ...credentials }]);
  }

  #consumer({ name }: Compiler) {
    return { id: `${this.#id} ${name}`, madeAt: this.#madeAt };
  }
}

/** An error for a bundler: our text, nothing of our stack. */
export function bundlerError(error: unknown): Error {
  const plain = new Error(formatError(error, { color: false }));
  plain.name = "";
  plain.stack = plain.message;
  return plain;
}
