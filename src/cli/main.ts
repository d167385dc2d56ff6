import { processEnv } from "../config/environment.ts";
import { runCli } from "./run-cli.ts";

/** What a shell reports for a process that Ctrl-C ended. */
const INTERRUPTED = 130;

/** The library that asks is loaded when there is something to ask. */
async function confirm(message: string): Promise<boolean> {
  const { ask } = await import("./ask.ts");
  return ask(message, { input: process.stdin, output: process.stderr });
}

/** Runs `scope-gen` in this process: its arguments, streams and signals. Sets the exit code. */
export async function main(): Promise<void> {
  const stop = new AbortController();
  const interrupt = () => {
    // Somebody who asks twice does not want to wait.
    if (stop.signal.aborted) process.exit(INTERRUPTED);
    stop.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  // A reader such as `head` that has seen enough is no fault.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const code = await runCli(process.argv.slice(2), {
    cwd: process.cwd(),
    env: processEnv(),
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    ...(process.stdin.isTTY && process.stderr.isTTY ? { confirm } : {}),
    signal: stop.signal,
  });
  process.exitCode = code;
  // What a library left open must not keep a finished command alive; what was printed must be out first.
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}
