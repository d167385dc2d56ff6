import picocolors from "picocolors";
import { formatError } from "../../errors/format-error.ts";
import { printable, printableJson, withoutCommands } from "../../errors/printable.ts";
import { asProjectRuns } from "../../project/config/package-manager.ts";
import { errorToJson } from "../error-json.ts";
import type { CliIo, TextSink } from "./io.ts";
import { wrapText } from "./wrap-text.ts";

export interface TerminalOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  /** Show the stack of an error. */
  readonly debug: boolean;
  /** The working folder. Commands in messages are shown the way its project runs them. */
  readonly cwd: string;
}

export type Colors = ReturnType<typeof picocolors.createColors>;

/**
 * Everything that a command prints. Standard output gets only data: with `--json` one document, even for an error.
 * Everything else is for a person and goes to standard error.
 */
export class Printer {
  readonly json: boolean;
  readonly quiet: boolean;
  /** For text on standard output. */
  readonly colors: Colors;
  /** For text on standard error. */
  readonly logColors: Colors;
  /**
   * Columns of the terminal on standard output. Undefined if it isn't a terminal; then nothing is fitted to a width.
   */
  readonly width: number | undefined;
  readonly #logWidth: number | undefined;
  readonly #io: CliIo;
  readonly #options: TerminalOptions;

  constructor(io: CliIo, options: TerminalOptions) {
    this.#io = io;
    this.#options = options;
    this.json = options.json;
    this.quiet = options.quiet;
    this.width = columnsOf(io.stdout);
    this.#logWidth = columnsOf(io.stderr);
    this.colors = picocolors.createColors(options.color && usesColor(io, io.stdout.isTTY));
    this.logColors = picocolors.createColors(options.color && usesColor(io, io.stderr.isTTY));
  }

  /**
   * A command's result: the document with `--json`, otherwise the text. Only the one that is printed is created.
   *
   * @param isMadeOf names and messages, which are made printable here; texts of prompts, which keep their own lines and
   * characters, and must not act as commands of the pipeline that prints them; or one text for another program, which
   * gets it unchanged
   */
  result(
    document: () => unknown,
    text: () => string,
    isMadeOf: "messages" | "texts" | "data" = "messages",
  ): void {
    if (this.json) this.document(document());
    else if (isMadeOf === "messages")
      this.#io.stdout.write(this.asRun(printable(text(), { keepColors: true })));
    else this.#io.stdout.write(isMadeOf === "texts" && this.isInPipeline ? withoutCommands(text()) : text());
  }

  /** Does the output go to a log that is read for commands? */
  get isInPipeline(): boolean {
    const { GITHUB_ACTIONS, TF_BUILD, TEAMCITY_VERSION } = this.#io.env;
    return [GITHUB_ACTIONS, TF_BUILD, TEAMCITY_VERSION].some(
      (set) => !["", "false", undefined].includes(set),
    );
  }

  /** Prints a result as JSON, without `--json` too: for a command that has the format as a flag. */
  document(document: unknown): void {
    this.#io.stdout.write(`${printableJson(JSON.stringify(document, null, 2))}\n`);
  }

  /** Prints a line for the person at the terminal. */
  log(text: string): void {
    if (!this.quiet)
      this.#io.stderr.write(
        `${wrapText(this.asRun(printable(text, { keepColors: true })), this.#logWidth)}\n`,
      );
  }

  /** Prints text for the person at the terminal that keeps its layout, including line ends: a diff. */
  show(text: string): void {
    if (!this.quiet) this.#io.stderr.write(this.isInPipeline ? withoutCommands(text) : text);
  }

  warn(text: string): void {
    if (this.quiet) return;
    const line = `${this.logColors.yellow("warning")}  ${this.asRun(printable(text, { keepColors: true }))}`;
    this.#io.stderr.write(`${wrapText(line, this.#logWidth, { hanging: true })}\n`);
  }

  /** Prints the error that ends the command. */
  error(error: unknown): void {
    const { cwd, stderr } = this.#io;
    if (this.json) this.document({ error: errorToJson(error, cwd) });
    // With --json too: if the document goes somewhere else, you still see what happened.
    stderr.write(this.errorText(error));
    if (this.#options.debug && error instanceof Error && error.stack)
      stderr.write(`\n${printable(error.stack)}\n`);
  }

  /** An error as {@link error} shows it to a person. */
  errorText(error: unknown): string {
    const text = formatError(error, { color: this.logColors.isColorSupported, cwd: this.#io.cwd });
    return `${wrapText(this.asRun(text), this.#logWidth)}\n`;
  }

  /**
   * A message with its commands the way the project runs them. {@link result} does this by itself, but can't wrap it.
   */
  asRun(text: string): string {
    return asProjectRuns(text, this.#options.cwd);
  }

  /** A part of a result: commands the way the project runs them, wrapped to the width of the terminal. */
  wrap(text: string): string {
    return wrapText(this.asRun(text), this.width);
  }
}

/** Some terminals report 0 when they don't know. */
function columnsOf({ isTTY, columns }: TextSink): number | undefined {
  return isTTY === true ? columns || 80 : undefined;
}

function usesColor({ env }: CliIo, isTTY: boolean | undefined): boolean {
  if ((env.NO_COLOR ?? "") !== "") return false;
  if ((env.FORCE_COLOR ?? "") !== "") return env.FORCE_COLOR !== "0";
  return isTTY === true && env.TERM !== "dumb";
}
