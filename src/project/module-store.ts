import { lstatSync, rmSync } from "node:fs";
import { mkdtemp, realpath, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readTextIfThere } from "../files/read-file.ts";
import { safeName } from "../files/safe-name.ts";
import { explainUnwritable, writeFileIfChanged } from "../files/write-file.ts";
import type { ResolvedOptions } from "./config/types.ts";
import { GENERATED_FOLDER, makeGeneratedFolder, nameByContent, PACKAGE_JSON } from "./module-names.ts";
import type { Reporter } from "./reporter.ts";

/** What a store needs to know of the run. */
export interface StoreSurroundings {
  readonly development: boolean;
  /** How a module imports a file of the store, by its path. Default: from its own folder. */
  readonly importPath?: ((file: string) => string) | undefined;
  readonly reporter: Pick<Reporter, "warn">;
}

export interface ModuleFolder {
  /** Writes one module; returns its path. */
  write(fileName: string, code: string): Promise<string>;
  /** How the other modules import it, by that path. */
  importPath(file: string): string;
}

/**
 * Generated modules as real files, one sub-folder per mode, rewritten only when they change. Those of a build are named
 * by their content, so that concurrent builds never get each other's; those of development keep their names, which
 * bundlers watch. If the root can't be written, and in test runs, they're in a temporary folder of the process.
 */
export class ModuleStore implements ModuleFolder {
  readonly #options: Pick<ResolvedOptions, "root" | "mode" | "isTestRun">;
  readonly #run: StoreSurroundings;
  #base: Promise<string> | undefined;
  /** What was written by a name that says its content, such as the files that modules share. */
  readonly #written = new Map<string, Promise<string>>();

  constructor(options: Pick<ResolvedOptions, "root" | "mode" | "isTestRun">, run: StoreSurroundings) {
    this.#options = options;
    this.#run = run;
  }

  /** @returns the absolute path */
  write(fileName: string, code: string): Promise<string> {
    if (this.#run.development) return this.#write(fileName, code);
    const name = nameByContent(fileName, code);
    const file = this.#written.get(name) ?? this.#write(name, code);
    this.#written.set(name, file);
    file.catch(() => this.#written.delete(name));
    return file;
  }

  async #write(name: string, code: string): Promise<string> {
    const file = join(await this.#folder(), name);
    let isSoon = false;
    while (this.#run.development && isNew(file) && readTextIfThere(file) !== code) {
      isSoon = true;
      await sleep(20);
    }
    await explainUnwritable(file, () => writeFileIfChanged(file, code));
    // On a busy machine, a watcher may not be back at the file by then.
    if (isSoon) setTimeout(() => void utimes(file, new Date(), new Date()).catch(() => {}), RETRY_MS).unref();
    return file;
  }

  importPath(file: string): string {
    return this.#run.importPath?.(file) ?? `./${basename(file)}`;
  }

  /** The folder next to the config, if modules are there; undefined if they're outside the root. */
  async inRoot(): Promise<string | undefined> {
    const folder = await this.#folder();
    const base = join(this.#options.root, GENERATED_FOLDER);
    return folder.startsWith(base) ? base : undefined;
  }

  async #folder(): Promise<string> {
    this.#base ??= this.#makeBase();
    return join(await this.#base, this.#folderName);
  }

  get #folderName(): string {
    return `${this.#run.development ? "dev" : "build"}-${safeName(this.#options.mode)}`;
  }

  async #makeBase(): Promise<string> {
    // A test run leaves no trace in the project.
    if (this.#options.isTestRun) return temporaryBase();
    const base = join(this.#options.root, GENERATED_FOLDER);
    try {
      await makeGeneratedFolder(this.#options.root, this.#folderName);
      return base;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      this.#run.reporter.warn(
        `${base} can't be written (${code ?? message}): generated modules go to a temporary folder, and the manifest isn't written.`,
      );
      return temporaryBase();
    }
  }
}

/** Watchers miss a replacement that comes too soon after another, whichever process made that one. */
const LEAST_GAP_MS = 120;
/** After a replacement that came soon: when the file is touched, for a watcher that missed it. */
const RETRY_MS = 1000;

function isNew(file: string): boolean {
  const { ctimeMs } = lstatSync(file, { throwIfNoEntry: false }) ?? { ctimeMs: 0 };
  const ageMs = Date.now() - ctimeMs;
  return ageMs >= 0 && ageMs < LEAST_GAP_MS;
}

/** Temporary folders of this process; they're removed when it ends. */
const temporaryFolders = new Set<string>();

async function temporaryBase(): Promise<string> {
  // The real path: bundlers resolve links, and a module under two names would be two modules.
  const base = await realpath(await mkdtemp(join(tmpdir(), "unplugin-scope-")));
  if (temporaryFolders.size === 0) {
    process.once("exit", () => {
      for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true });
    });
  }
  temporaryFolders.add(base);
  await writeFileIfChanged(join(base, "package.json"), PACKAGE_JSON);
  return base;
}
