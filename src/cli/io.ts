import type { Env } from "../config/environment.ts";

/** Where a command writes. */
export interface TextSink {
  write(text: string, done?: () => void): unknown;
  /** A person watches. */
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** What a command knows of its surroundings; a process's own, or a test's. */
export interface CliIo {
  readonly cwd: string;
  readonly env: Env;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  /** Asks the person at the terminal; undefined where there is none. Throws `cli_interrupted` for Ctrl-C. */
  readonly confirm?: ((message: string) => Promise<boolean>) | undefined;
  /** What is under way ends when it is aborted, and leaves everything whole. */
  readonly signal: AbortSignal;
  /**
   * Makes Ctrl-C and SIGTERM abort `signal`, for a command that waits until it is stopped; they end the process at once
   * otherwise. Undone by the function that it returns.
   */
  readonly takeSignals?: (() => () => void) | undefined;
}
