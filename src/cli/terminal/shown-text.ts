import { printable } from "../../errors/printable.ts";
import type { Printer } from "./output.ts";

/**
 * The platform's text as it goes to standard output, before it is coloured. A pipe gets it verbatim. For a terminal and
 * a pipeline's log it is {@link spelledOut}.
 */
export function shownText(
  text: string,
  { width, isInPipeline }: Pick<Printer, "width" | "isInPipeline">,
): string {
  return width === undefined && !isInPipeline ? text : spelledOut(text);
}

/** Escapes characters that would control a terminal, hide text or reverse it. Tabs and line ends stay. */
export function spelledOut(text: string): string {
  return text
    .split("\t")
    .map((part) => printable(part, { keepCommands: true }))
    .join("\t");
}
