import { copyFile, mkdir, readdir } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { GENERATED_FOLDER } from "../build/module-store.ts";
import type { Options } from "../config/options.ts";
import { type Compiler, PluginInstance } from "../plugin/instance.ts";
import { writeFileAtomic } from "../snapshot/write-file.ts";
import type { LoaderAnswer, LoaderQuestion } from "./prompt-server.ts";
import { nextFolder } from "./turbopack-config.ts";

/** After so long without a question the compilation has what it needs: the time to report. */
const QUIET_MS = 300;

/** The build behind the loaders of one command: one answer per prompt, whichever process asks. */
export class PromptAnswers {
  readonly #dir: string;
  readonly #instance: PluginInstance;
  readonly #compiler: Compiler;
  #quiet: NodeJS.Timeout | undefined;
  #recovery: Promise<readonly string[]> | undefined;

  constructor(dir: string, options: Options) {
    this.#dir = dir;
    this.#instance = new PluginInstance(options);
    const development = process.env.NODE_ENV !== "production";
    this.#compiler = {
      name: "turbopack",
      cwd: dir,
      mode: process.env.NODE_ENV ?? "development",
      development,
      // Nobody tells when a compilation ends; so the part in the run ends with the process.
      watch: true,
      browser: false,
      reporter: console,
    };
  }

  /** Never rejects: what is wrong is part of the answer. */
  async answer({ specifier, browser }: LoaderQuestion): Promise<LoaderAnswer> {
    clearTimeout(this.#quiet);
    try {
      const file = await this.#instance.module({ ...this.#compiler, browser }, specifier);
      return { file: await this.#withinReach(file), madeOf: [] };
    } catch (error) {
      return { error: (error as Error).message, madeOf: await this.#recoveryFiles() };
    } finally {
      this.#quiet = setTimeout(() => void this.#report(), QUIET_MS);
    }
  }

  async #report(): Promise<void> {
    try {
      await this.#instance.end(this.#compiler);
    } catch (error) {
      console.error((error as Error).message);
    }
  }

  /**
   * A module that lies outside of the project, as in a test run, is copied into it with its helpers: Turbopack sees
   * nothing beyond its root.
   */
  async #withinReach(file: string): Promise<string> {
    if (file.split(sep).includes(GENERATED_FOLDER)) return file;
    const folder = join(nextFolder(this.#dir), basename(dirname(file)));
    await mkdir(folder, { recursive: true });
    // The files of prompts have their pin in their name.
    const helpers = (await readdir(dirname(file))).filter(
      (name) => name.endsWith(".js") && !name.includes("@"),
    );
    for (const name of [...helpers, basename(file)]) {
      await copyFile(join(dirname(file), name), join(folder, name));
    }
    return join(folder, basename(file));
  }

  /** In development: a file that changes when an import that failed would not fail any more. */
  #recoveryFiles(): Promise<readonly string[]> {
    this.#recovery ??= this.#watchRecovery();
    return this.#recovery;
  }

  async #watchRecovery(): Promise<readonly string[]> {
    try {
      const session = await this.#instance.session(this.#compiler);
      if (session === undefined) return [];
      const file = join(nextFolder(this.#dir), "recovered.txt");
      let times = 0;
      const write = () => writeFileAtomic(file, `${process.pid} ${times}\n`);
      session.onRecovery(() => {
        times += 1;
        void write().catch((error) => console.error(error));
      });
      await write();
      return [file];
    } catch {
      // A config that cannot be used: the import says so, and Next is started anew when it is mended.
      return [];
    }
  }
}
