import { formatError } from "../../errors/format-error.ts";
import { asRun, printable, printableJson, printableLine, withoutCommands } from "../../errors/printable.ts";
import { errorToJson } from "../../project/reports/json-parts.ts";
import { type PromptRef, refText } from "../../prompt.ts";
import type { CliIo, GlobalFlags, TextSink } from "./context.ts";
import { type Colors, createColors, ownColors, terminalText, verbatim, wrapText } from "./terminal.ts";

/** Columns of a progress bar. */
const BAR_WIDTH = 24;

/**
 * Everything that a command prints. Standard output gets only data: with `--json` one document, even for an error.
 * Everything else is for a person and goes to standard error. Names and texts come from elsewhere: whatever is in them,
 * a terminal gets no control characters except those of this package's colours.
 */
export class Printer {
  readonly json: boolean;
  readonly quiet: boolean;
  /** For text on standard output. */
  readonly colors: Colors;
  /** For text on standard error. */
  readonly logColors: Colors;
  /** Columns of the terminal on standard output; undefined if it isn't one: then nothing is fitted to a width. */
  readonly width: number | undefined;
  readonly #logWidth: number | undefined;
  readonly #io: CliIo;
  /** Show the stack of an error. */
  readonly #debug: boolean;
  #hideBar = () => {};

  constructor(io: CliIo, { json = false, format, quiet = false, color = true, debug = false }: GlobalFlags) {
    this.#io = io;
    this.#debug = debug;
    this.json = json || format === "json";
    this.quiet = quiet;
    this.width = columnsOf(io.stdout);
    this.#logWidth = columnsOf(io.stderr);
    this.colors = createColors(color && usesColor(io, io.stdout.isTTY));
    this.logColors = createColors(color && usesColor(io, io.stderr.isTTY));
  }

  /**
   * Prints a command's result: a text, or anything else as a JSON document.
   *
   * @param isMadeOf messages, which are made printable wherever they go; texts of prompts, which a file or a pipe gets as
   * they are, and a pipeline's log doesn't; or one text for another program, which gets it unchanged
   */
  result(result: unknown, isMadeOf: "messages" | "texts" | "data" = "messages"): void {
    this.#hideBar();
    const { stdout } = this.#io;
    if (typeof result !== "string") stdout.write(`${printableJson(JSON.stringify(result, null, 2))}\n`);
    else if (isMadeOf === "messages") stdout.write(shown(asRun(result)));
    else if (isMadeOf === "texts" && isInPipeline(this.#io)) stdout.write(shown(result));
    else stdout.write(this.width === undefined ? verbatim(result) : terminalText(result));
  }

  /** Prints a line for the person at the terminal. */
  info(text: string): void {
    this.show(`${wrapText(asRun(text), this.#logWidth)}\n`);
  }

  /** Prints text for the person at the terminal that keeps its layout, including line ends: a diff. */
  show(text: string): void {
    this.#hideBar();
    if (!this.quiet) this.#io.stderr.write(shown(text));
  }

  warn(text: string): void {
    const line = `${this.logColors.yellow("warning")}  ${asRun(text)}`;
    this.show(`${wrapText(line, this.#logWidth, { hanging: true })}\n`);
  }

  /** Prints the error that ends the command. */
  error(error: unknown): void {
    const { cwd, stderr } = this.#io;
    this.#hideBar();
    if (this.json) this.result({ error: errorToJson(error, cwd) });
    // With --json too: if the document goes somewhere else, you still see what happened.
    stderr.write(this.errorText(error));
    if (this.#debug && error instanceof Error && error.stack) stderr.write(`\n${printable(error.stack)}\n`);
  }

  /** An error as {@link error} shows it to a person. */
  errorText(error: unknown): string {
    const text = formatError(error, { color: this.logColors.isColorSupported, cwd: this.#io.cwd });
    return `${shown(wrapText(ownColors(text), this.#logWidth))}\n`;
  }

  /** A progress bar on standard error, if that's a terminal, until something else is printed. Nothing with `--quiet`. */
  progress(verb: string) {
    const { stderr, env } = this.#io;
    const isShown = stderr.isTTY === true && env.TERM !== "dumb" && !env.CI && !this.quiet;
    const { cyan, dim } = this.logColors;
    let line = "";
    const show = (text: string) => {
      if (isShown && text !== line) stderr.write(`\r\x1b[2K${terminalText(text)}`);
      line = text;
    };
    this.#hideBar = () => show("");
    return {
      fetched(done: number, total: number, ref: PromptRef) {
        const filled = total === 0 ? BAR_WIDTH : Math.round((done / total) * BAR_WIDTH);
        const head = `${verb} `;
        const tail = ` ${done}/${total} `;
        // Some terminals report 0 when they don't know.
        const room = Math.max(0, (stderr.columns || 80) - 1 - head.length - BAR_WIDTH - tail.length);
        const name = printableLine(refText(ref)).slice(0, room);
        show(`${head}${cyan("█".repeat(filled))}${dim("░".repeat(BAR_WIDTH - filled))}${tail}${dim(name)}`);
      },
      /** Shows a step whose length isn't known in place of the bar. */
      typeChecking: () => show(dim("Type-checking your calls…")),
    };
  }

  /** A part of a result: commands the way you run them, wrapped to the width of the terminal. */
  wrap(text: string): string {
    return wrapText(asRun(text), this.width);
  }
}

/** Text for a person, who can be reading it in a log that obeys commands. */
function shown(text: string): string {
  return withoutCommands(terminalText(text));
}

/** Does the output go to a log that is read for commands? */
function isInPipeline({ env: { GITHUB_ACTIONS, TF_BUILD, TEAMCITY_VERSION } }: CliIo): boolean {
  return [GITHUB_ACTIONS, TF_BUILD, TEAMCITY_VERSION].some((set) => !["", "false", undefined].includes(set));
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
