import { wrapAnsi } from "fast-wrap-ansi";

/**
 * Breaks lines at spaces so that they fit. What follows a break is indented as its line is, by two more with
 * `hanging`. A word that is too long by itself, a path or an address, is left whole.
 *
 * @param width terminal columns; undefined leaves the text as it is
 */
export function wrapText(text: string, width: number | undefined, { hanging = false } = {}): string {
  if (width === undefined) return text;
  return text
    .split("\n")
    .map((line) => {
      const own = /^ */.exec(line)?.[0] ?? "";
      const indent = hanging ? `${own}  ` : own;
      return own + wrapAnsi(line.slice(own.length), width - indent.length).replaceAll("\n", `\n${indent}`);
    })
    .join("\n");
}
