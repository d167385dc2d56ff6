import { printableLine } from "../../errors/printable.ts";
import type { CliIo } from "./io.ts";
import type { Output } from "./output.ts";

/** The progress of a command. */
export interface Progress {
  update(done: number, total: number, current: string): void;
  /** On a terminal, a text in place of the bar: for a step whose length isn't known. */
  say(text: string): void;
  /** Removes the bar. Call it before anything else is printed. */
  stop(): void;
}

export const TYPE_CHECKING = "Type-checking your calls…";

const WIDTH = 24;
/** Redrawing more often than this shows nothing new and slows down a remote terminal. */
const REDRAW_MS = 50;

/** A bar on a terminal, otherwise a plain line at each tenth. Nothing with `--quiet`. Goes to standard error. */
export function startProgress(verb: string, io: CliIo, output: Output): Progress {
  if (output.quiet) return { update() {}, say() {}, stop() {} };
  return io.stderr.isTTY === true && io.env.TERM !== "dumb" && !io.env.CI
    ? barProgress(verb, io, output)
    : lineProgress(verb, output);
}

function barProgress(verb: string, { stderr }: CliIo, output: Output): Progress {
  const { cyan, dim } = output.logColors;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    update(done, total, current) {
      const now = performance.now();
      if (done < total && now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      const filled = total === 0 ? WIDTH : Math.round((done / total) * WIDTH);
      const head = `${verb} `;
      const tail = ` ${done}/${total} `;
      // Some terminals report 0 when they don't know.
      const room = Math.max(0, (stderr.columns || 80) - 1 - head.length - WIDTH - tail.length);
      const name = printableLine(current).slice(0, room);
      const bar = cyan("█".repeat(filled)) + dim("░".repeat(WIDTH - filled));
      stderr.write(`\r\x1b[2K${head}${bar}${tail}${dim(name)}`);
      isShown = true;
    },
    say(text) {
      stderr.write(`\r\x1b[2K${dim(text)}`);
      isShown = true;
    },
    stop() {
      if (isShown) stderr.write("\r\x1b[2K");
      isShown = false;
    },
  };
}

function lineProgress(verb: string, output: Output): Progress {
  let lastTenth = 0;
  return {
    update(done, total) {
      const tenth = total === 0 ? 10 : Math.floor((done / total) * 10);
      // With few prompts every line would be about a single one, and the summary shows that better.
      if (tenth === lastTenth || total < 20) return;
      lastTenth = tenth;
      output.log(`${verb} ${done}/${total}`);
    },
    say() {},
    stop() {},
  };
}
