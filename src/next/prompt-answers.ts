import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { loadOptions } from "../config/load-options.ts";
import type { Options } from "../config/options.ts";
import { findUses } from "../discovery/find-uses.ts";
import { type Compiler, PluginInstance } from "../plugin/instance.ts";
import { withSharedImports } from "./shared-imports.ts";
import { nextFolder } from "./stub.ts";

/** What a loader asks: the module of an import, or a file that such modules import. */
export type LoaderQuestion =
  | { readonly specifier: string; readonly browser: boolean }
  | { readonly sharedFile: string };

export interface LoaderAnswer {
  readonly code?: string;
  /** Text for a person. */
  readonly error?: string;
  /** Files whose change makes the answer another. */
  readonly madeOf: readonly string[];
}

/** After so long without a question the compilation has what it needs: the time to report. */
const QUIET_MS = 300;
/** A bundler that remembers may ask for a shared file before any module; so long the modules may take to write it. */
const SHARED_MS = 2000;

/** The build behind the loaders of one command: one answer per prompt, whichever process asks. */
export class PromptAnswers {
  readonly #dir: string;
  readonly #options: Options;
  readonly #instance: PluginInstance;
  readonly #compiler: Compiler;
  #quiet: NodeJS.Timeout | undefined;
  readonly #firstModule: Promise<void>;
  #madeModule: () => void = () => {};

  constructor(dir: string, options: Options) {
    this.#dir = dir;
    this.#options = options;
    this.#instance = new PluginInstance(options);
    this.#firstModule = new Promise((done) => {
      this.#madeModule = done;
    });
    const mode = process.env.NODE_ENV ?? "development";
    this.#compiler = {
      name: "turbopack",
      cwd: dir,
      mode,
      development: mode !== "production",
      // Nobody tells when a compilation ends; so the part in the run ends with the process.
      watch: true,
      browser: false,
      reporter: console,
    };
  }

  /** Never rejects: what is wrong is part of the answer. */
  async answer(question: LoaderQuestion): Promise<LoaderAnswer> {
    clearTimeout(this.#quiet);
    try {
      return await ("specifier" in question ? this.#module(question) : this.#shared(question.sharedFile));
    } catch (error) {
      return { error: (error as Error).message, madeOf: await this.#recoveryFiles() };
    } finally {
      this.#quiet = setTimeout(() => void this.#report(), QUIET_MS);
    }
  }

  async #module({ specifier, browser }: { specifier: string; browser: boolean }): Promise<LoaderAnswer> {
    const compiler = { ...this.#compiler, browser };
    let file: string;
    try {
      file = await this.#instance.module(compiler, specifier);
    } catch (error) {
      const importer = await this.#importerOf(specifier);
      if (importer === undefined) throw error;
      file = await this.#instance.module(compiler, specifier, importer);
    }
    this.#madeModule();
    // Its text and not an import of it: within a build Turbopack does not see files that are written meanwhile.
    const code = withSharedImports(await readFile(file, "utf8"), dirname(file), nextFolder(this.#dir));
    return { code, madeOf: [file] };
  }

  async #shared(path: string): Promise<LoaderAnswer> {
    const late = new Promise<void>((done) => setTimeout(done, SHARED_MS).unref());
    await Promise.race([this.#firstModule, late]);
    const file = join(nextFolder(this.#dir), path);
    return { code: await readFile(file, "utf8"), madeOf: [file] };
  }

  /** A loader is not told who imports. For an error it is looked up. */
  async #importerOf(specifier: string): Promise<string | undefined> {
    try {
      const { cwd, mode } = this.#compiler;
      const { uses } = await findUses(await loadOptions({ cwd, mode, options: this.#options }));
      return uses.find((use) => use.specifier === specifier)?.file;
    } catch {
      // A config or a source that cannot be read. What is told is the error of the import.
      return undefined;
    }
  }

  async #report(): Promise<void> {
    try {
      await this.#instance.end(this.#compiler);
    } catch (error) {
      console.error((error as Error).message);
    }
  }

  /** In development: a file that changes when an import that failed would not fail any more. */
  async #recoveryFiles(): Promise<readonly string[]> {
    const session = await this.#instance.session(this.#compiler);
    return session === undefined ? [] : [await session.faultsFile()];
  }
}
