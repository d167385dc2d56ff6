import { printable } from "../errors/printable.ts";
import { asProjectRuns } from "./config/package-manager.ts";

/** Where a build reports things: the bundler's own log, or the terminal. */
export interface Reporter {
  info(text: string): void;
  warn(text: string): void;
}

/**
 * A reporter for a project: it names commands the way you run them there, and prints nothing that controls a terminal
 * or a log.
 */
export function inProject(reporter: Reporter, folder: string): Reporter {
  const shown = (text: string) => printable(asProjectRuns(text, folder));
  return { info: (text) => reporter.info(shown(text)), warn: (text) => reporter.warn(shown(text)) };
}
