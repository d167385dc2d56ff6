import { processEnv } from "../../environment.ts";
import { ScopeError } from "../../errors/scope-error.ts";
import type { CliIo } from "./io.ts";
import { outputFor, runCli } from "./run-cli.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

const STREAMS = { input: process.stdin, output: process.stderr };

/** The library for questions is loaded only when there is one to ask. */
const QUESTIONS: Pick<CliIo, "confirm" | "choose"> = {
  confirm: async (message) => (await import("./ask.ts")).ask(message, STREAMS),
  choose: async (message, choices) => (await import("./ask.ts")).choose(message, choices, STREAMS),
};

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
    ...(process.stdin.isTTY && process.stderr.isTTY ? QUESTIONS : {}),
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

/**
 * Keeps standard output for results only: whatever else this process prints, for example the config's own code, goes to
 * standard error.
 */
function ownStdout(): CliIo["stdout"] {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  return Object.create(stdout, { write: { value: write } });
}

/**
 * A config can end the process, or wait for something that never comes until nothing is left to run. Either way the
 * process would exit silently and successfully. This reports it and makes it a failure, unless the returned function
 * was called.
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
