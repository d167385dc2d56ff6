import { wrapAnsi } from "fast-wrap-ansi";
import { ownColors, terminalText } from "./colors.ts";

/** A private character, one column wide, at which no line is broken. */
const UNBROKEN = "\uE000";

/**
 * Breaks lines at spaces to fit. The rest of a broken line is indented like the line, and by two more with `hanging`. A
 * word that is too long on its own, such as a path or an address, stays whole, and so does `npx scope-gen`.
 *
 * @param width terminal columns; undefined leaves the text as it is
 */
export function wrapText(text: string, width: number | undefined, { hanging = false } = {}): string {
  if (width === undefined) return text;
  const wrapped = terminalText(text)
    .split("\n")
    .map((line) => {
      const own = /^ */.exec(line)?.[0] ?? "";
      const indent = hanging ? `${own}  ` : own;
      const words = line.slice(own.length).replaceAll(/(?<=\S) (?=scope-gen )/g, UNBROKEN);
      const lines = wrapAnsi(words, width - indent.length).replaceAll(UNBROKEN, " ");
      return own + lines.replaceAll("\n", `\n${indent}`);
    })
    .join("\n");
  return ownColors(wrapped);
}
