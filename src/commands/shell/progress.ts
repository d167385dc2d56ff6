import { printableLine } from "../../errors/printable.ts";
import { terminalText } from "./colors.ts";
import type { CliIo } from "./io.ts";
import type { Printer } from "./output.ts";

/** The progress of a command. */
export interface ProgressBar {
  update(done: number, total: number, current: string): void;
  /** A text in place of the bar: for a step whose length isn't known. */
  say(text: string): void;
  /** Removes the bar. Call it before anything else is printed. */
  stop(): void;
}

export const TYPE_CHECKING = "Type-checking your calls…";

const WIDTH = 24;

/** A bar on standard error, if that's a terminal. Nothing with `--quiet`. */
export function startProgress(verb: string, { stderr, env }: CliIo, output: Printer): ProgressBar {
  const isShown = stderr.isTTY === true && env.TERM !== "dumb" && !env.CI && !output.quiet;
  const { cyan, dim } = output.logColors;
  let line = "";
  const show = (text: string) => {
    if (isShown && text !== line) stderr.write(`\r\x1b[2K${terminalText(text)}`);
    line = text;
  };
  return {
    update(done, total, current) {
      const filled = total === 0 ? WIDTH : Math.round((done / total) * WIDTH);
      const head = `${verb} `;
      const tail = ` ${done}/${total} `;
      // Some terminals report 0 when they don't know.
      const room = Math.max(0, (stderr.columns || 80) - 1 - head.length - WIDTH - tail.length);
      const name = printableLine(current).slice(0, room);
      show(`${head}${cyan("█".repeat(filled))}${dim("░".repeat(WIDTH - filled))}${tail}${dim(name)}`);
    },
    say: (text) => show(dim(text)),
    stop: () => show(""),
  };
}
