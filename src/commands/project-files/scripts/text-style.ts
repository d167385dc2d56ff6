import { Node, type SourceFile } from "ts-morph";

/** How a text ends its lines. */
export function eolOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

/** White space at the start of the line in which a node begins. */
export function lineIndent(node: Node): string {
  const text = node.getSourceFile().getFullText();
  return /^\s*/.exec(text.slice(node.getStartLinePos(), node.getStart()))?.[0] ?? "";
}

/** What the first line that is indented is indented by. */
export function indentUnit(text: string): string {
  const line = text.split("\n").find((one) => /^[ \t]/.test(one) && one.trim() !== "");
  return /^\s*/.exec(line ?? "  ")?.[0] ?? "";
}

/** Several lines, the first of which stands where the text is put. */
export function indentLines(lines: string, indent: string): string {
  return lines.replace(/\n(?=.)/g, `\n${indent}`);
}

/** The quote in which most strings of a script stand, its comments aside. */
export function quoteOf(file: SourceFile): string {
  const strings = file.forEachDescendantAsArray().filter(Node.isStringLiteral);
  const single = strings.filter((one) => one.getText().startsWith("'")).length;
  return single * 2 > strings.length ? "'" : '"';
}
