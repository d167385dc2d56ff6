import { Node, type SourceFile } from "ts-morph";

/** Where formatters break a line by default. */
export const LINE_WIDTH = 80;

/** How a text ends its lines. */
export function eolOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

/** White space at the start of the line that holds a place. */
export function lineIndent(text: string, at: number): string {
  return indentOf(text.slice(text.lastIndexOf("\n", at - 1) + 1, at));
}

/** What the first line that is indented is indented by. */
export function indentUnit(text: string): string {
  const line = text.split("\n").find((one) => /^[ \t]/.test(one) && one.trim() !== "");
  return line === undefined ? "  " : indentOf(line);
}

/** Several lines, the first of which stands where the text is put. */
export function indentLines(lines: string, indent: string): string {
  return lines.replace(/\n(?=.)/g, `\n${indent}`);
}

function indentOf(line: string): string {
  return line.slice(0, line.length - line.trimStart().length);
}

/** The quote in which most strings of a script stand, its comments aside. */
export function quoteOf(file: SourceFile): string {
  const strings = file.forEachDescendantAsArray().filter(Node.isStringLiteral);
  const single = strings.filter((one) => one.getText().startsWith("'")).length;
  return single * 2 > strings.length ? "'" : '"';
}
