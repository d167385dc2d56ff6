import {
  type ArrayLiteralExpression,
  Node,
  type ObjectLiteralExpression,
  type PropertyAssignment,
  SyntaxKind,
} from "ts-morph";
import { eolOf, indentLines, indentUnit, lineIndent } from "./text-style.ts";

type Literal = ArrayLiteralExpression | ObjectLiteralExpression;

/** Does the content of a list or an object start on a new line after its bracket? */
export function hasLines(literal: Literal): boolean {
  return /^.[^\S\n]*\n/.test(literal.getText());
}

/** Replaces a node with a text as it is: ts-morph itself would indent the lines. */
export function replaceNode(node: Node, text: string): void {
  node.replaceWithText((writer) => writer.queueIndentationLevel(0).write(text));
}

/**
 * Puts an element first into a list or an object: on its own line if the others have one. Comments stay in place,
 * before what they belong to; ts-morph's own insertion loses them.
 *
 * @param element lines after its first are indented like it
 */
export function insertFirst(literal: Literal, element: string): void {
  const [first] = elementsOf(literal);
  const text = literal.getText();
  const inside = text.slice(1, (first?.getStart() ?? literal.getEnd() - 1) - literal.getStart());
  const rest = text.slice(1 + inside.length);
  const space = Node.isObjectLiteralExpression(literal) ? " " : "";
  const isBlank = first === undefined && inside.trim() === "";
  let start: string;
  if (hasLines(literal)) {
    const file = literal.getSourceFile().getFullText();
    const indent = isBlank
      ? lineIndent(literal) + indentUnit(file)
      : (/\n([^\S\n]*)/.exec(inside)?.[1] ?? "");
    start = `${eolOf(file)}${indent}${indentLines(element, indent)}${isBlank ? "" : ","}${inside}`;
  } else if (isBlank) start = space + element + space;
  else start = `${space}${element},${/^\s/.test(inside) ? "" : " "}${inside}`;
  replaceNode(literal, text.slice(0, 1) + start + rest);
}

/** Puts an element after the last one of a list or an object, on its own line if the last one has one. */
export function insertLast(literal: Literal, element: string): void {
  const last = elementsOf(literal).at(-1);
  if (last === undefined) insertFirst(literal, element);
  else {
    const [text, base] = [literal.getText(), literal.getStart()];
    const gap = /\r?\n[^\S\r\n]*$/.exec(text.slice(0, last.getStart() - base))?.[0] ?? " ";
    const at = last.getEnd() - base;
    replaceNode(literal, `${text.slice(0, at)},${gap}${element}${text.slice(at)}`);
  }
}

function elementsOf(literal: Literal): readonly Node[] {
  return Node.isArrayLiteralExpression(literal) ? literal.getElements() : literal.getProperties();
}

/**
 * Removes a member from its object literal, with its comma, and with its line if nothing else is on it. Comments stay;
 * ts-morph's own removal loses that of the member before the last.
 */
export function removeMember(member: PropertyAssignment): void {
  const object = member.getParentIfKindOrThrow(SyntaxKind.ObjectLiteralExpression);
  const [text, base] = [object.getText(), object.getStart()];
  const comma = member.getNextSiblingIfKind(SyntaxKind.CommaToken);
  let [start, end] = [member.getStart() - base, (comma ?? member).getEnd() - base];
  const members = object.getProperties();
  const before = members[members.indexOf(member) - 1];
  const line = text.lastIndexOf("\n", start - 1) + 1;
  const rest = /^[^\S\n]*(?:\n|$)/.exec(text.slice(end));
  if ((text.slice(1, start) + text.slice(end, -1)).trim() === "") [start, end] = [1, text.length - 1];
  // If the one before it becomes the last, it keeps a comma only if there was a trailing one.
  else if (comma === undefined && before !== undefined) start = before.getEnd() - base;
  else if (text.slice(line, start).trim() === "" && rest !== null)
    [start, end] = [line, end + rest[0].length];
  else end += /^[^\S\n]*/.exec(text.slice(end))?.[0].length ?? 0;
  replaceNode(object, text.slice(0, start) + text.slice(end));
}
