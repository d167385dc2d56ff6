import { Node, type SourceFile } from "ts-morph";

/** How a text ends its lines. */
export function eolOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

/** White space at the start of the line that a node begins in. */
export function lineIndent(node: Node): string {
  const text = node.getSourceFile().getFullText();
  return /^\s*/.exec(text.slice(node.getStartLinePos(), node.getStart()))?.[0] ?? "";
}

/** The indentation of the first indented line. */
export function indentUnit(text: string): string {
  const line = text.split("\n").find((one) => /^[ \t]/.test(one) && one.trim() !== "");
  return /^\s*/.exec(line ?? "  ")?.[0] ?? "";
}

/** Several lines; the first one goes where the text is inserted. */
export function indentLines(lines: string, indent: string): string {
  return lines.replace(/\n(?=.)/g, `\n${indent}`);
}

/** The quote that most strings of a script use, not counting comments. */
export function quoteOf(file: SourceFile): string {
  const strings = file.forEachDescendantAsArray().filter(Node.isStringLiteral);
  const single = strings.filter((one) => one.getText().startsWith("'")).length;
  return single * 2 > strings.length ? "'" : '"';
}
