import type { Env } from "../../environment.ts";

/** Where a command writes. */
export interface TextSink {
  write(text: string, done?: () => void): unknown;
  /** A person watches. */
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** One of several that a person may take. */
export interface Choice {
  readonly value: string;
  readonly label: string;
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
  /** Asks which of several; undefined where nobody can be asked. Throws `cli_interrupted` for Ctrl-C. */
  readonly choose?: ((message: string, choices: readonly Choice[]) => Promise<string>) | undefined;
  /** Aborted when a command that waits is stopped. */
  readonly signal: AbortSignal;
  /**
   * Makes Ctrl-C and SIGTERM abort `signal`, for a command that waits until it is stopped; they end the process at once
   * otherwise. Undone by the function that it returns.
   */
  readonly takeSignals?: (() => () => void) | undefined;
}
