import { once } from "node:events";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Command, Option } from "commander";
import type { Env } from "../../environment.ts";
import { isOutage } from "../../errors/classes.ts";
import { flatten } from "../../errors/format-error.ts";
import type { LoadOptionsInput } from "../../project/config/load-options.ts";
import type { Project } from "../../project/project.ts";
import { usageError } from "./errors.ts";
import { Printer } from "./output.ts";

/** The flags every command takes. */
export interface GlobalFlags {
  readonly config?: string;
  readonly cwd?: string;
  readonly mode?: string;
  readonly fetch?: string;
  readonly json?: boolean;
  /** Of the commands that have it: `json` is the same as the flag. */
  readonly format?: string;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly debug?: boolean;
}

/** What a command works with. */
export type CommandContext = ReturnType<typeof createContext>;

export function createContext(io: CliIo, flags: GlobalFlags) {
  const cwd = resolve(io.cwd, flags.cwd ?? ".");
  const loading: LoadOptionsInput = {
    cwd,
    mode: flags.mode,
    configFile: flags.config,
    env: io.env,
    flags: { fetch: flags.fetch },
    // Somebody asked for the command by name, so the platform stays available even if a test runner started it.
    isTestRun: false,
  };
  return {
    io,
    /** Absolute: `--cwd`, otherwise the working directory. */
    cwd,
    output: new Printer(io, flags),
    /** What loads the project's options. */
    loading,
    /** Opens the project, with which `await using` closes its connections. */
    async openProject({ isAboutPlatform }: Pick<LoadOptionsInput, "isAboutPlatform"> = {}): Promise<Project> {
      if (!(await stat(cwd).catch(() => undefined))?.isDirectory())
        throw usageError(`There's no folder ${cwd}.`, "Check --cwd.");
      const { openProject } = await import("../../project/project.ts");
      const project = await openProject({ ...loading, isAboutPlatform });
      if (project.options.configFile === undefined) {
        const { refuseWorkspaceRoot } = await import("../../project/config/package-manager.ts");
        await refuseWorkspaceRoot(project.options.root);
      }
      return project;
    },
  };
}

/** Where a command writes. */
export interface TextSink {
  write(text: string, done?: () => void): unknown;
  /** A person is watching. */
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** One of several choices. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** What a command knows about its surroundings: the process's own, or a test's. */
export interface CliIo {
  readonly cwd: string;
  readonly env: Env;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  /** Asks the person at the terminal; undefined if there is none. Throws `cli_interrupted` for Ctrl-C. */
  readonly confirm?: ((message: string) => Promise<boolean>) | undefined;
  /** Asks which of several; undefined if nobody can be asked. Throws `cli_interrupted` for Ctrl-C. */
  readonly choose?: ((message: string, choices: readonly Choice[]) => Promise<string>) | undefined;
  /** Aborted when a waiting command is stopped. */
  readonly signal: AbortSignal;
  /**
   * Makes Ctrl-C and SIGTERM abort `signal`, for a command that waits until it is stopped. Otherwise they end the
   * process at once. The returned function undoes this.
   */
  readonly takeSignals?: (() => () => void) | undefined;
}

/** A command's work. Returns its exit code, or nothing for 0. */
export type Work<Args extends readonly unknown[]> = (
  context: CommandContext,
  ...args: Args
) => Promise<number> | Promise<void>;

/** Wraps a command's work so that it gets its context, and its exit code reaches the shell. */
export type Action = <Args extends readonly unknown[]>(
  work: Work<Args>,
) => (...received: unknown[]) => Promise<void>;

/** Adds one command to the program. */
export type AddCommand = (program: Command, action: Action) => void;

/** `--label`: what a command does with it. */
export function labelOption(description: string): Option {
  return new Option("--label <label>", description).choices(["production", "latest"]);
}

/** `--port`, of a server on 127.0.0.1. */
export function portOption(standard: number): Option {
  return new Option("--port <number>", "port on 127.0.0.1; 0 picks a free one")
    .default(standard)
    .argParser((text) => {
      const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
      if (port <= 65_535) return port;
      throw usageError(`--port must be a number from 0 to 65535, but is ${JSON.stringify(text)}.`);
    });
}

const SECONDS = 5;

/** Resolves at Ctrl-C or SIGTERM, which end nothing from this call on. */
export async function untilStopped({ io }: CommandContext): Promise<void> {
  const release = io.takeSignals?.();
  if (!io.signal.aborted) await once(io.signal, "abort");
  release?.();
}

/**
 * Repeats some work every few seconds until Ctrl-C. A round that fails is reported once and tried again. The first
 * round can only fail because of an outage: a wrong setup stays wrong, but later on somebody may be in the middle of an
 * edit.
 */
export async function watch(context: CommandContext, work: () => Promise<unknown>): Promise<void> {
  const { io, output } = context;
  if (output.json) {
    throw usageError("--watch and --json can't be used together.", "--json prints one document and exits.");
  }
  let lastFailure = "";
  let isFirst = true;
  output.info(`Watching every ${SECONDS} seconds. Press Ctrl-C to stop.`);
  while (!io.signal.aborted) {
    try {
      await work();
      lastFailure = "";
    } catch (error) {
      if (io.signal.aborted) return;
      if (isFirst && !flatten(error).every(isOutage)) throw error;
      const failure = output.errorText(error);
      if (failure !== lastFailure) io.stderr.write(failure);
      lastFailure = failure;
    }
    isFirst = false;
    const release = io.takeSignals?.();
    await sleep(SECONDS * 1000, undefined, { signal: io.signal }).catch(() => {});
    release?.();
  }
}
