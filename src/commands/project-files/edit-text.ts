import {
  type ArrayLiteralExpression,
  Node,
  type ObjectLiteralExpression,
  type PropertyAssignment,
  SyntaxKind,
} from "ts-morph";

/** A part of a text and what replaces it. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Literal = ArrayLiteralExpression | ObjectLiteralExpression;

/** The text of a script or a JSON file after some edits, which don't overlap. Everything else stays as it is. */
export function edited(text: string, edits: readonly Edit[]): string {
  // The syntax tree, and so every position, doesn't count a byte order mark.
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const after = edits
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (all, edit) => all.slice(0, edit.start) + edit.text + all.slice(edit.end),
      text.slice(mark.length),
    );
  return mark + after;
}

export function insertAt(position: number, text: string): Edit {
  return { start: position, end: position, text };
}

export function replace(node: Node, text: string): Edit {
  return { start: node.getStart(), end: node.getEnd(), text };
}

/** Puts an element first into a list or an object: on its own line if the others have one. */
export function insertFirst(literal: Literal, element: string): Edit {
  const start = literal.getStart() + 1;
  const inside = literal.getText().slice(1, -1);
  const isBlank = inside.trim() === "";
  const [space = ""] = /^\s*/.exec(inside) ?? [];
  if (!space.includes("\n")) {
    const gap = space === "" && Node.isObjectLiteralExpression(literal) ? " " : space;
    if (isBlank) return { start, end: start + inside.length, text: gap + element + gap };
    return insertAt(start, `${gap}${element},${space === "" ? " " : ""}`);
  }
  const file = literal.getSourceFile().getFullText();
  const line =
    eolOf(file) +
    (isBlank ? lineIndent(literal) + indentUnit(file) : space.slice(space.lastIndexOf("\n") + 1));
  return insertAt(
    start,
    `${line}${element.replace(/\n(?=.)/g, line.slice(line.indexOf("\n")))}${isBlank ? "" : ","}`,
  );
}

/** Puts an element after the last one of a list, on its own line if the last one has one. */
export function insertLast(list: ArrayLiteralExpression, element: string): Edit {
  const last = list.getElements().at(-1);
  if (last === undefined) return insertFirst(list, element);
  const before = list.getSourceFile().getFullText().slice(0, last.getStart());
  return insertAt(last.getEnd(), `,${/\r?\n[^\S\r\n]*$/.exec(before)?.[0] ?? " "}${element}`);
}

/** Removes a member from its object literal, with its comma, and with its line if nothing else is on it. */
export function removeMember(member: PropertyAssignment): Edit {
  const object = member.getParentIfKindOrThrow(SyntaxKind.ObjectLiteralExpression);
  const text = object.getSourceFile().getFullText();
  const comma = member.getNextSiblingIfKind(SyntaxKind.CommaToken);
  const members = object.getProperties();
  const before = members[members.indexOf(member) - 1];
  let [start, end] = [member.getStart(), (comma ?? member).getEnd()];
  const [first, last] = [object.getStart() + 1, object.getEnd() - 1];
  const line = text.lastIndexOf("\n", start - 1) + 1;
  const [rest = ""] = /^[^\S\n]*\n?/.exec(text.slice(end)) ?? [];
  if ((text.slice(first, start) + text.slice(end, last)).trim() === "") [start, end] = [first, last];
  // If the one before it becomes the last, it keeps a comma only if there was a trailing one.
  else if (comma === undefined && before !== undefined) start = before.getEnd();
  else if (rest.endsWith("\n") && text.slice(line, start).trim() === "")
    [start, end] = [line, end + rest.length];
  else if (!rest.endsWith("\n")) end += rest.length;
  return { start, end, text: "" };
}

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

/** The quote that most strings of a script use, not counting comments. */
export function quoteOf(node: Node): string {
  const strings = node.getSourceFile().forEachDescendantAsArray().filter(Node.isStringLiteral);
  const single = strings.filter((one) => one.getText().startsWith("'")).length;
  return single * 2 > strings.length ? "'" : '"';
}
