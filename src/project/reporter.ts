import { asRun, printable } from "../errors/printable.ts";

/** Where a build reports things: the bundler's own log, or the terminal. */
export interface Reporter {
  info(text: string): void;
  warn(text: string): void;
}

/** A reporter that names commands the way you run them, and prints nothing that controls a terminal or a log. */
export function shownReporter(reporter: Reporter): Reporter {
  const shown = (text: string) => printable(asRun(text));
  return { info: (text) => reporter.info(shown(text)), warn: (text) => reporter.warn(shown(text)) };
}
