import type { CallPlace } from "../commands/check/broken-calls.ts";
import { shortPath } from "../errors/format-error.ts";
import { printableLine } from "../errors/printable.ts";
import { type PromptRef, refText } from "../prompt.ts";
import type { Printer } from "./terminal/output.ts";
import { count } from "./terminal/text-table.ts";
import { wrapText } from "./terminal/wrap-text.ts";

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
