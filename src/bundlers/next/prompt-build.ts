import { dirname, join, resolve, sep } from "node:path";
import { type StartedRun, startRun } from "../../build/dev/start-run.ts";
import { OUTPUT_MANIFEST } from "../../build/manifest/outputs.ts";
import { importedFrom } from "../../errors/add-to-error.ts";
import { formatError } from "../../errors/format-error.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { readRegularFile } from "../../files/read-file.ts";
import { writeFileIfChanged } from "../../files/write-file.ts";
import type { Options } from "../../project/config/options.ts";
import { asProjectRuns } from "../../project/config/package-manager.ts";
import { findUses, placeOf, type ScopeUse } from "../../project/discovery/find-uses.ts";
import { GENERATED_FOLDER } from "../../project/module-names.ts";
import { openProject } from "../../project/project.ts";
import { inProject } from "../../project/reporter.ts";
import { nextFolder } from "./placeholder.ts";
import { withSharedImports } from "./shared-imports.ts";

/** What a loader asks: the module of an import, or a file that such modules import. */
export type LoaderRequest =
  | { readonly specifier: string; readonly browser: boolean }
  | { readonly sharedFile: string };

export interface LoaderResponse {
  readonly code?: string;
  /** Text for a person. */
  readonly error?: string;
  /** Files whose change makes the result another. */
  readonly madeOf: readonly string[];
}

/** After so long without a question the compilation has what it needs: the time to report. */
const QUIET_MS = 300;
/** A bundler that remembers may ask for a shared file before any module; so long the modules may take to write it. */
const SHARED_MS = 2000;

/** Does a file lie in the folder of generated modules, that of the project or of a folder around it? */
function isGenerated(file: string, dir: string): boolean {
  const at = file.indexOf(`${sep}${GENERATED_FOLDER}${sep}`);
  return at !== -1 && `${resolve(dir)}${sep}`.startsWith(file.slice(0, at) + sep);
}

/** The build behind the loaders of one command: one result per prompt, whichever process asks. */
export class PromptBuild {
  readonly #dir: string;
  readonly #distDir: string;
  readonly #options: Options;
  readonly #firstModule: Promise<void>;
  #madeModule: () => void = () => {};
  #started: Promise<StartedRun> | undefined;
  #quiet: NodeJS.Timeout | undefined;

  /**
   * @param dir of the Next project
   * @param distDir where Next puts what it builds, from there
   */
  constructor(dir: string, distDir: string, options: Options) {
    this.#dir = dir;
    this.#distDir = join(dir, distDir);
    this.#options = options;
    this.#firstModule = new Promise((done) => {
      this.#madeModule = done;
    });
  }

  /** Never rejects: what is wrong is part of the result. */
  async respond(question: LoaderRequest): Promise<LoaderResponse> {
    clearTimeout(this.#quiet);
    try {
      return await ("specifier" in question ? this.#module(question) : this.#shared(question.sharedFile));
    } catch (error) {
      return { error: this.#errorText(error), madeOf: await this.#recoveryFiles() };
    } finally {
      this.#quiet = setTimeout(() => void this.#report(), QUIET_MS);
    }
  }

  async #module({ specifier, browser }: { specifier: string; browser: boolean }): Promise<LoaderResponse> {
    const { build } = await this.#start();
    let file: string;
    try {
      file = await build.module(specifier, { browser });
    } catch (error) {
      const use = await this.#useOf(specifier, build.options);
      throw isScopeError(error) && use !== undefined ? importedFrom(error, placeOf(use)) : error;
    }
    this.#madeModule();
    // Its text and not an import of it: within a build Turbopack does not see files that are written meanwhile.
    const code = withSharedImports(await readRegularFile(file), dirname(file), nextFolder(this.#dir));
    return { code, madeOf: [file] };
  }

  async #shared(path: string): Promise<LoaderResponse> {
    const late = new Promise<void>((done) => setTimeout(done, SHARED_MS).unref());
    await Promise.race([this.#firstModule, late]);
    const file = resolve(nextFolder(this.#dir), path);
    if (!isGenerated(file, this.#dir))
      return { error: `This is no question of a loader: ${path}`, madeOf: [] };
    return { code: await readRegularFile(file), madeOf: [file] };
  }

  #start(): Promise<StartedRun> {
    if (this.#started === undefined) {
      const started = this.#open();
      this.#started = started;
      // A config that cannot be used may be mended by the next import.
      started.catch(() => {
        if (this.#started === started) this.#started = undefined;
      });
    }
    return this.#started;
  }

  async #open(): Promise<StartedRun> {
    const mode = process.env.NODE_ENV ?? "development";
    const project = await openProject({ cwd: this.#dir, mode, options: this.#options });
    const development = mode !== "production";
    return startRun(project, {
      development,
      watches: development,
      reloadsModules: true,
      reporter: inProject(console, this.#dir),
    });
  }

  /** A loader does not know who imports. For an error it is looked up. */
  async #useOf(specifier: string, options: StartedRun["build"]["options"]): Promise<ScopeUse | undefined> {
    try {
      const { uses } = await findUses(options);
      return uses.find((use) => use.specifier === specifier);
    } catch {
      // A source that cannot be read. What is reported is the error of the import.
      return undefined;
    }
  }

  async #report(): Promise<void> {
    try {
      const build = (await this.#started)?.build;
      const text = await build?.recordOutput({ bundler: "turbopack", path: this.#distDir });
      if (text !== undefined) await writeFileIfChanged(join(this.#distDir, OUTPUT_MANIFEST), text);
      await build?.finish();
    } catch (error) {
      console.error(this.#errorText(error));
    }
  }

  #errorText(error: unknown): string {
    return asProjectRuns(formatError(error, { cwd: this.#dir }), this.#dir);
  }

  /** In development: a file that changes when an import that failed would not fail any more. */
  async #recoveryFiles(): Promise<readonly string[]> {
    const session = (await this.#started?.catch(() => undefined))?.session;
    return session === undefined ? [] : [await session.problemsFile()];
  }
}
