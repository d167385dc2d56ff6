import { type ArrayLiteralExpression, Node, type ObjectLiteralExpression } from "ts-morph";
import { eolOf, indentLines, indentUnit } from "./text-style.ts";

type Literal = ArrayLiteralExpression | ObjectLiteralExpression;

/** Does a list or an object begin on a line of its own behind its bracket? */
export function hasLines(literal: Literal): boolean {
  return /^.[^\S\n]*\n/.test(literal.getText());
}

/** Puts a text in the place of a node as it is: by itself ts-morph indents its lines. */
export function replaceNode(node: Node, text: string): void {
  node.replaceWithText((writer) => writer.queueIndentationLevel(0).write(text));
}

/**
 * Puts an element first into a list or an object: on a line of its own where that has lines. Comments stay where they
 * are, before what they belong to; ts-morph's own insertion loses them.
 *
 * @param element lines after its first are indented as that is
 */
export function insertFirst(literal: Literal, element: string): void {
  const [first] = Node.isArrayLiteralExpression(literal) ? literal.getElements() : literal.getProperties();
  const text = literal.getText();
  const inside = text.slice(1, (first?.getStart() ?? literal.getEnd() - 1) - literal.getStart());
  const rest = text.slice(1 + inside.length);
  const space = Node.isObjectLiteralExpression(literal) ? " " : "";
  const isBlank = first === undefined && inside.trim() === "";
  let start: string;
  if (hasLines(literal)) {
    const file = literal.getSourceFile().getFullText();
    const indent = isBlank
      ? literal.getIndentationText() + indentUnit(file)
      : (/\n([^\S\n]*)/.exec(inside)?.[1] ?? "");
    start = `${eolOf(file)}${indent}${indentLines(element, indent)}${isBlank ? "" : ","}${inside}`;
  } else if (isBlank) start = space + element + space;
  else start = `${space}${element},${/^\s/.test(inside) ? "" : " "}${inside}`;
  replaceNode(literal, text.slice(0, 1) + start + rest);
}
