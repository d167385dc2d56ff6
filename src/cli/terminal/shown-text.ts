import { printable } from "../../errors/printable.ts";
import type { Output } from "./output.ts";

/**
 * A text of the platform's as it goes to standard output, before it is painted. A pipe gets it verbatim; for a terminal
 * and the log of a pipeline it is {@link spelledOut}.
 */
export function shownText(
  text: string,
  { width, isInPipeline }: Pick<Output, "width" | "isInPipeline">,
): string {
  return width === undefined && !isInPipeline ? text : spelledOut(text);
}

/** Characters that would steer a terminal, hide text or turn it around, as escapes. Tabs and line ends stay. */
export function spelledOut(text: string): string {
  return text
    .split("\t")
    .map((part) => printable(part, { keepCommands: true }))
    .join("\t");
}
