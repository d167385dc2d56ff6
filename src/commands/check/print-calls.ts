import { shortPath } from "../../errors/format-error.ts";
import { printableLine } from "../../errors/printable.ts";
import { type PromptRef, refText } from "../../prompt.ts";
import type { Printer } from "../shell/output.ts";
import { count, wrapText } from "../shell/terminal.ts";
import type { CallPlace } from "./broken-calls.ts";

/** The calls that a prompt breaks, in text for a person: each with its place and the compiler's message. */
export function callsText(ref: PromptRef, calls: readonly CallPlace[], output: Printer, cwd: string): string {
  const { colors, width } = output;
  const blocks = calls.map(({ file, line, column, message }) => {
    const place = colors.cyan(`${shortPath(file, cwd)}:${line}:${column}`);
    const text = wrapText(message.replace(/^/gm, "    "), width);
    return `  ${place}\n${text}\n`;
  });
  return `${colors.bold(printableLine(refText(ref)))} breaks ${count(calls.length, "place")}:\n${blocks.join("")}`;
}
