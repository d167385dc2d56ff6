import picocolors from "picocolors";
import { formatError } from "../errors/format-error.ts";
import { errorToJson } from "./error-json.ts";
import type { CliIo } from "./io.ts";

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  /** Show the stack of an error. */
  readonly debug: boolean;
}

export type Colors = ReturnType<typeof picocolors.createColors>;

/**
 * All that a command prints. Standard output holds data alone: with `--json` one document, on errors too.
 * Everything said to a person goes to standard error.
 */
export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** For text on standard output. */
  readonly colors: Colors;
  /** For text on standard error. */
  readonly logColors: Colors;
  readonly #io: CliIo;
  readonly #options: OutputOptions;

  constructor(io: CliIo, options: OutputOptions) {
    this.#io = io;
    this.#options = options;
    this.json = options.json;
    this.quiet = options.quiet;
    this.colors = picocolors.createColors(options.color && usesColor(io, io.stdout.isTTY));
    this.logColors = picocolors.createColors(options.color && usesColor(io, io.stderr.isTTY));
  }

  /** A command's result: `document` under `--json`, else the text. */
  result(document: unknown, text: () => string): void {
    if (this.json) this.#io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    else this.#io.stdout.write(text());
  }

  /** A line to the person at the terminal. */
  log(text: string): void {
    if (!this.quiet) this.#io.stderr.write(`${text}\n`);
  }

  warn(text: string): void {
    this.log(`${this.logColors.yellow("warning")}  ${text}`);
  }

  /** The error that ends the command. */
  error(error: unknown): void {
    const { cwd, stdout, stderr } = this.#io;
    if (this.json) stdout.write(`${JSON.stringify({ error: errorToJson(error, cwd) }, null, 2)}\n`);
    // Under --json too: whoever keeps the document elsewhere still sees what happened.
    stderr.write(`${formatError(error, { color: this.logColors.isColorSupported, cwd })}\n`);
    if (this.#options.debug && error instanceof Error && error.stack) stderr.write(`\n${error.stack}\n`);
  }
}

function usesColor({ env }: CliIo, isTTY: boolean | undefined): boolean {
  if ((env.NO_COLOR ?? "") !== "") return false;
  if ((env.FORCE_COLOR ?? "") !== "") return env.FORCE_COLOR !== "0";
  return isTTY === true && env.TERM !== "dumb";
}
