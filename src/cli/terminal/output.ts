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
  /** The folder that is worked in: how its project runs a command decides how one is named. */
  readonly cwd: string;
}

export type Colors = ReturnType<typeof picocolors.createColors>;

/**
 * All that a command prints. Standard output holds data alone: with `--json` one document, on errors too.
 * Everything else is for a person and goes to standard error.
 */
export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** For text on standard output. */
  readonly colors: Colors;
  /** For text on standard error. */
  readonly logColors: Colors;
  /** Columns of the terminal that standard output is; undefined when it is none: then nothing is made to fit. */
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
   * A command's result: the document under `--json`, else the text. Only the one that is printed is made.
   *
   * @param isMadeOf names and messages, which are made printable here; texts of prompts, whose own lines and signs
   * count, and which are no commands of the pipeline that they are printed in; or one text for another program, which
   * gets it as it is
   */
  result(
    document: () => unknown,
    text: () => string,
    isMadeOf: "messages" | "texts" | "data" = "messages",
  ): void {
    if (this.json) this.#document(document());
    else if (isMadeOf === "messages")
      this.#io.stdout.write(this.asRun(printable(text(), { keepColors: true })));
    else this.#io.stdout.write(isMadeOf === "texts" && this.isInPipeline ? withoutCommands(text()) : text());
  }

  /** Is what is printed a log that is read for commands? */
  get isInPipeline(): boolean {
    const { GITHUB_ACTIONS, TF_BUILD, TEAMCITY_VERSION } = this.#io.env;
    return [GITHUB_ACTIONS, TF_BUILD, TEAMCITY_VERSION].some(
      (set) => !["", "false", undefined].includes(set),
    );
  }

  #document(document: unknown): void {
    this.#io.stdout.write(`${printableJson(JSON.stringify(document, null, 2))}\n`);
  }

  /** A line to the person at the terminal. */
  log(text: string): void {
    if (!this.quiet)
      this.#io.stderr.write(
        `${wrapText(this.asRun(printable(text, { keepColors: true })), this.#logWidth)}\n`,
      );
  }

  /** Text to the person at the terminal that stays as it is laid out, line ends included: a diff. */
  show(text: string): void {
    if (!this.quiet) this.#io.stderr.write(this.isInPipeline ? withoutCommands(text) : text);
  }

  warn(text: string): void {
    if (this.quiet) return;
    const line = `${this.logColors.yellow("warning")}  ${this.asRun(printable(text, { keepColors: true }))}`;
    this.#io.stderr.write(`${wrapText(line, this.#logWidth, { hanging: true })}\n`);
  }

  /** The error that ends the command. */
  error(error: unknown): void {
    const { cwd, stderr } = this.#io;
    if (this.json) this.#document({ error: errorToJson(error, cwd) });
    // Under --json too: whoever keeps the document elsewhere still sees what happened.
    stderr.write(this.errorText(error));
    if (this.#options.debug && error instanceof Error && error.stack)
      stderr.write(`\n${printable(error.stack)}\n`);
  }

  /** An error as {@link error} shows it to a person. */
  errorText(error: unknown): string {
    const text = formatError(error, { color: this.logColors.isColorSupported, cwd: this.#io.cwd });
    return `${wrapText(this.asRun(text), this.#logWidth)}\n`;
  }

  /** A message with its commands as the project runs them; {@link result} does it by itself, but cannot wrap it. */
  asRun(text: string): string {
    return asProjectRuns(text, this.#options.cwd);
  }

  /** A part of a result: its commands as the project runs them, broken to the width of the terminal. */
  wrap(text: string): string {
    return wrapText(this.asRun(text), this.width);
  }
}

/** Some terminals report 0 when they do not know. */
function columnsOf({ isTTY, columns }: TextSink): number | undefined {
  return isTTY === true ? columns || 80 : undefined;
}

function usesColor({ env }: CliIo, isTTY: boolean | undefined): boolean {
  if ((env.NO_COLOR ?? "") !== "") return false;
  if ((env.FORCE_COLOR ?? "") !== "") return env.FORCE_COLOR !== "0";
  return isTTY === true && env.TERM !== "dumb";
}
