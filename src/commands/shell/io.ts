import type { Env } from "../../environment.ts";

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
