import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import { processEnv } from "../../environment.ts";
import { formatError } from "../../errors/format-error.ts";
import { importedFrom, isScopeError } from "../../errors/scope-error.ts";
import { readRegularFileSync } from "../../files/read-file.ts";
import type { PluginOptions } from "../../project/config/options.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { findUses, type ScopeUse, useAt } from "../../project/discovery/find-uses.ts";
import { GENERATED_FOLDER } from "../../project/module-names.ts";
import { openProject } from "../../project/project.ts";
import { shownReporter } from "../../project/reporter.ts";
import { type StartedRun, startRun } from "../../run/dev/start-run.ts";
import { writeBeside } from "../../run/manifest/outputs.ts";
import { nextFolder, sharedImport } from "./placeholder.ts";

/** What a loader asks for: the module of an import, or a file that such modules import. */
export type LoaderRequest =
  | { readonly specifier: string; readonly browser: boolean }
  | { readonly sharedFile: string };

export interface LoaderResponse {
  readonly code?: string;
  /** Text for a person. */
  readonly error?: string;
  /** Files that the result depends on. */
  readonly filesToWatch: readonly string[];
}

/** After this long without a question the compilation has what it needs, and it's time to report. */
const QUIET_MS = 300;
/**
 * A bundler with a cache can ask for a shared file before any module. This is how long the modules have to write it.
 */
const SHARED_MS = 2000;

/** Is a file in the folder of generated modules, either the project's or a parent folder's? */
function isGenerated(file: string, dir: string): boolean {
  const at = file.indexOf(`${sep}${GENERATED_FOLDER}${sep}`);
  return at !== -1 && `${resolve(dir)}${sep}`.startsWith(file.slice(0, at) + sep);
}

/** The build behind the loaders of one command: one result per prompt, regardless of which process asks. */
export class PromptBuild {
  readonly #dir: string;
  readonly #output: string;
  readonly #options: PluginOptions;
  readonly #reporter = shownReporter(console);
  readonly #firstModule: Promise<void>;
  #madeModule = () => {};
  #started: Promise<StartedRun> | undefined;
  #quiet: NodeJS.Timeout | undefined;

  /**
   * @param dir of the Next project
   * @param distDir Next's output folder, relative to `dir`
   */
  constructor(dir: string, distDir: string, options: PluginOptions) {
    this.#dir = dir;
    this.#output = join(dir, distDir);
    this.#options = options;
    this.#firstModule = new Promise((done) => {
      this.#madeModule = done;
    });
  }

  /** Responds to a loader. Never rejects: problems are part of the response. */
  async respond(question: LoaderRequest): Promise<LoaderResponse> {
    clearTimeout(this.#quiet);
    try {
      if ("specifier" in question) return await this.#module(question.specifier, question.browser);
      return await this.#shared(question.sharedFile);
    } catch (error) {
      // In development: a file that changes when an import that failed would now work.
      const session = (await this.#started?.catch(() => undefined))?.session;
      return {
        error: formatError(error, { cwd: this.#dir }),
        filesToWatch: session === undefined ? [] : [await session.problemsFile()],
      };
    } finally {
      this.#quiet = setTimeout(() => void this.#report(), QUIET_MS);
    }
  }

  async #start() {
    const dir = this.#dir;
    const mode = processEnv().NODE_ENV ?? "development";
    const project = await openProject({ cwd: dir, mode, plugin: this.#options });
    return startRun(project, {
      development: mode !== "production",
      importPath: (file) => sharedImport(file, dir),
      reloadsModules: true,
      reporter: this.#reporter,
    });
  }

  async #module(specifier: string, browser: boolean): Promise<LoaderResponse> {
    this.#started ??= this.#start().catch((error) => {
      // The next import may find that a config that couldn't be used is fixed.
      this.#started = undefined;
      throw error;
    });
    const { compilation } = await this.#started;
    let file: string;
    try {
      file = await compilation.module(specifier, { browser });
    } catch (error) {
      const use = await useOf(specifier, compilation.options);
      throw isScopeError(error) && use !== undefined ? importedFrom(error, useAt(use)) : error;
    }
    this.#madeModule();
    // Inlines its text instead of importing it: during a build Turbopack doesn't see files that are written in the
    // meantime.
    return { code: readRegularFileSync(file), filesToWatch: [file] };
  }

  async #shared(path: string): Promise<LoaderResponse> {
    const late = new Promise<void>((done) => setTimeout(done, SHARED_MS).unref());
    await Promise.race([this.#firstModule, late]);
    const file = resolve(nextFolder(this.#dir), path);
    if (!isGenerated(file, this.#dir))
      return { error: `Not a request of our loader: ${path}`, filesToWatch: [] };
    return { code: readRegularFileSync(file), filesToWatch: [file] };
  }

  async #report(): Promise<void> {
    try {
      const { compilation } = (await this.#started) ?? {};
      if (compilation === undefined) return;
      const text = await compilation.recordOutput({ bundler: "turbopack", path: this.#output });
      if (text !== undefined) await writeBeside(this.#output, text);
      await compilation.finish(this.#reporter);
    } catch (error) {
      console.error(formatError(error, { cwd: this.#dir }));
    }
  }
}

/** A loader doesn't know the importing file, so it's looked up. */
async function useOf(specifier: string, options: ResolvedOptions): Promise<ScopeUse | undefined> {
  try {
    return (await findUses(options)).uses.find((use) => use.specifier === specifier);
  } catch {
    // A source that can't be read. The error of the import is what gets reported.
    return undefined;
  }
}

/** Tells the processes of one command that a server is already running, for which config, and where. */
const VARIABLE = "UNPLUGIN_SCOPE_NEXT";

/**
 * The address of the one server for all loaders of a command. Turbopack runs loaders in many processes. If each fetched
 * for itself, a build could contain two versions of a prompt. So the first process that reads the config serves them
 * all, on a socket in a folder that only this user can enter. No port is opened, and credentials stay where they are.
 */
export function promptServerPath(dir: string, distDir: string, options: PluginOptions): string {
  const key = JSON.stringify([dir, distDir, processEnv().NODE_ENV, options]);
  const known = JSON.parse(processEnv()[VARIABLE] ?? "{}");
  if (known.key === key) return known.path;
  const path = newAddress();
  const build = new PromptBuild(dir, distDir, options);
  createServer({ allowHalfOpen: true }, (socket) => converse(socket, build))
    .listen(path)
    .unref();
  process.env[VARIABLE] = JSON.stringify({ key, path });
  return path;
}

function newAddress(): string {
  if (process.platform === "win32") {
    return `\\\\.\\pipe\\unplugin-scope-${randomBytes(16).toString("hex")}`;
  }
  const folder = mkdtempSync(join(tmpdir(), "scope-next-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "prompts.sock");
}

const MAX_QUESTION_LENGTH = 1_000_000;

/** One request and its response. The other side ends its half once it has asked. */
function converse(socket: Socket, build: PromptBuild): void {
  let text = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk) => {
    text += chunk;
    if (text.length > MAX_QUESTION_LENGTH) socket.destroy();
  });
  socket.on("end", async () => {
    try {
      socket.end(JSON.stringify(await build.respond(JSON.parse(text))));
    } catch {
      // A loader can be stopped while it asks.
      socket.destroy();
    }
  });
  // A loader that was stopped doesn't need a response any more.
  socket.on("error", () => socket.destroy());
}
