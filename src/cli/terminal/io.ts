import type { Env } from "../../config/environment.ts";

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
  /** Aborted by Ctrl-C: what is under way ends, and leaves everything whole. */
  readonly signal: AbortSignal;
}
