import { setTimeout as sleep } from "node:timers/promises";
import { processEnv } from "../environment.ts";
import { printableLine } from "../errors/printable.ts";
import { ScopeError } from "../errors/scope-error.ts";
import type { Choice, CliIo } from "./cli/context.ts";
import { outputFor, runCli } from "./run-cli.ts";

export { runCli } from "./run-cli.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Runs `scope-gen` in this process, with its arguments and streams. Sets the exit code. While a command works it
 * doesn't listen for signals: a listener can't run while the process computes, and an interrupted command leaves no
 * half-written files.
 */
export async function main(): Promise<void> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  const argv = process.argv.slice(2);
  const io: CliIo = {
    cwd: process.cwd(),
    env: processEnv(),
    stdout: ownStdout(),
    stderr: process.stderr,
    stdin: process.stdin,
    ...(process.stdin.isTTY && process.stderr.isTTY ? { confirm, choose } : {}),
    signal: stop.signal,
    takeSignals() {
      for (const signal of SIGNALS) process.on(signal, abort);
      return () => {
        for (const signal of SIGNALS) process.off(signal, abort);
      };
    },
  };
  const isDone = watchForEnd(argv, io);
  // A reader such as `head` that has seen enough isn't an error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    isDone();
    process.exit(0);
  });
  const code = await runCli(argv, io);
  isDone();
  process.exitCode = code;
  // What a library left open must not keep a finished command alive, but first everything has to be printed.
  io.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}

/** Keeps standard output for results: what else this process prints, such as the config's code, goes to stderr. */
function ownStdout(): CliIo["stdout"] {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  return Object.create(stdout, { write: { value: write } });
}

/**
 * A config can end the process, or wait until nothing is left to run: the process would exit silently and
 * successfully. This makes it a failure, unless the returned function was called.
 */
function watchForEnd(argv: readonly string[], io: CliIo): () => void {
  let isExpected = false;
  const done = () => {
    isExpected = true;
  };
  // Node itself prints what was thrown.
  process.on("uncaughtExceptionMonitor", done);
  process.on("exit", () => {
    if (isExpected) return;
    process.exitCode = 1;
    outputFor(argv, io).error(
      new ScopeError("The command ended before it finished.", {
        code: "cli_ended_early",
        hint: "The config, or a module it imports, ends the process or waits for something that never comes. Change it so that it does neither.",
      }),
    );
  });
  return done;
}

const STREAMS = { input: process.stdin, output: process.stderr };
/** How long a terminal can take to deliver what was typed before. */
const PENDING_MS = 50;
const CTRL_C = 3;

/**
 * Asks a yes/no question, answered with Enter after it; Enter alone means yes. Keys pressed before the question was
 * shown never answer it. Ctrl-C and Escape throw `cli_interrupted`.
 */
async function confirm(message: string): Promise<boolean> {
  const { text } = await clack();
  const answer = await text({
    message: `${printableLine(message)} (Y/n)`,
    defaultValue: "yes",
    validate: (typed) =>
      /^(?:y|yes|n|no)?$/i.test((typed ?? "").trim()) ? undefined : "Type y or n, or press Enter for yes.",
    ...STREAMS,
  });
  if (typeof answer === "symbol") throw interrupted();
  return !/^\s*n/i.test(answer);
}

/** Asks for one of several, by its value; Enter alone chooses the first. Otherwise as {@link confirm}. */
async function choose(message: string, choices: readonly Choice[]): Promise<string> {
  const { select } = await clack();
  const answer = await select<string>({ message, options: [...choices], ...STREAMS });
  if (typeof answer === "symbol") throw interrupted();
  return answer;
}

/** The library for questions, loaded when there is one to ask; what was typed before that is discarded. */
async function clack() {
  const loaded = await import("@clack/prompts");
  const { input } = STREAMS;
  let isInterrupted = false;
  const onTyped = (typed: Uint8Array) => {
    isInterrupted ||= typed.includes(CTRL_C);
  };
  input.setRawMode(true);
  input.on("data", onTyped);
  await sleep(PENDING_MS);
  input.off("data", onTyped);
  input.pause();
  input.setRawMode(false);
  if (isInterrupted) throw interrupted();
  return loaded;
}

function interrupted(): ScopeError {
  return new ScopeError("The command was stopped before it finished.", { code: "cli_interrupted" });
}
