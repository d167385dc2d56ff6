import { printable } from "../errors/printable.ts";
import type { Output } from "./output.ts";

/**
 * A text of the platform's as it goes to standard output, before it is painted. A pipe gets it verbatim; on a terminal the
 * characters that would steer it, hide text or turn it around are spelled out. Tabs and line ends stay.
 */
export function shownText(text: string, { width }: Pick<Output, "width">): string {
  return width === undefined
    ? text
    : text
        .split("\t")
        .map((part) => printable(part))
        .join("\t");
}
