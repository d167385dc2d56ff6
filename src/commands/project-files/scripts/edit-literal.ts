import {
  type ArrayLiteralExpression,
  Node,
  type ObjectLiteralExpression,
  type PropertyAssignment,
  SyntaxKind,
} from "ts-morph";
import { eolOf, indentLines, indentUnit, lineIndent } from "./text-style.ts";

/** A stretch of a text, and what takes its place. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Makes edits that do not overlap, all placed in the text as it was. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { start, end, text: added } of [...edits].sort((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + added + result.slice(end);
  }
  return result;
}

/** Puts another text in the place of a node. */
export function replaceNode(node: Node, text: string): Edit {
  return { start: node.getStart(), end: node.getEnd(), text };
}

type Literal = ArrayLiteralExpression | ObjectLiteralExpression;

/** Does a list or an object begin on a line of its own behind its bracket? */
export function hasLines(literal: Literal): boolean {
  return /^.[^\S\n]*\n/.test(literal.getText());
}

/**
 * Puts an element first into a list or an object: on a line of its own where that has lines. Comments stay where they
 * are, before what they belong to.
 *
 * @param element lines after its first are indented as that is
 */
export function insertFirst(literal: Literal, element: string): Edit {
  const text = literal.getSourceFile().getFullText();
  const start = literal.getStart() + 1;
  const [first] = Node.isArrayLiteralExpression(literal) ? literal.getElements() : literal.getProperties();
  const inside = text.slice(start, first?.getStart() ?? literal.getEnd() - 1);
  const space = Node.isObjectLiteralExpression(literal) ? " " : "";
  const isBlank = first === undefined && inside.trim() === "";
  if (!hasLines(literal)) {
    if (isBlank) return { start, end: start + inside.length, text: space + element + space };
    return { start, end: start, text: `${space}${element},${/^\s/.test(inside) ? "" : " "}` };
  }
  const indent = isBlank
    ? lineIndent(text, literal.getStart()) + indentUnit(text)
    : (/\n([^\S\n]*)/.exec(inside)?.[1] ?? "");
  const comma = isBlank ? "" : ",";
  return { start, end: start, text: eolOf(text) + indent + indentLines(element, indent) + comma };
}

/** Takes a member out of its object literal, with its comma, and with its line where nothing else is on that. */
export function removeMember(member: PropertyAssignment): Edit {
  const object = member.getParentIfKindOrThrow(SyntaxKind.ObjectLiteralExpression);
  const text = object.getSourceFile().getFullText();
  const [inner, outer] = [object.getStart() + 1, object.getEnd() - 1];
  const comma = member.getNextSiblingIfKind(SyntaxKind.CommaToken);
  const [start, end] = [member.getStart(), (comma ?? member).getEnd()];
  if ((text.slice(inner, start) + text.slice(end, outer)).trim() === "")
    return { start: inner, end: outer, text: "" };
  const members = object.getProperties();
  const before = members[members.indexOf(member) - 1];
  // Where the one before it becomes the last, it keeps a comma only if there was one at the end.
  if (comma === undefined && before !== undefined) return { start: before.getEnd(), end, text: "" };
  const line = text.lastIndexOf("\n", start - 1) + 1;
  const rest = /^[^\S\n]*(?:\n|$)/.exec(text.slice(end));
  if (text.slice(line, start).trim() === "" && rest !== null)
    return { start: line, end: end + rest[0].length, text: "" };
  return { start, end: end + (/^[^\S\n]*/.exec(text.slice(end))?.[0].length ?? 0), text: "" };
}
