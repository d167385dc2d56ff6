import { ts } from "ts-morph";
import { innermostNode } from "./blame.ts";

/** `Property 'x' does not exist on type …`, and the variant that suggests a similar name. */
const PROPERTY_MISSING = new Set([2339, 2551]);

const NOT_CALLABLE_OR_ITERABLE = new Set([
  2349, // This expression is not callable.
  2488, // Type … must have a '[Symbol.iterator]()' method.
  2495, // Type … is not an array type or a string type.
  2549, // … or does not have a '[Symbol.iterator]()' method that returns an iterator.
]);

/**
 * Would the code at this error throw when it runs? Passing on a missing value is harmless; calling it, iterating it or
 * reading a property of it fails.
 */
export function failsWhenRun({ code, file, start, length }: ts.DiagnosticWithLocation): boolean {
  if (NOT_CALLABLE_OR_ITERABLE.has(code)) return true;
  if (!PROPERTY_MISSING.has(code)) return false;
  const name = innermostNode(file, start, length);
  if (name === undefined) return false;
  const parent = name.parent;
  if (ts.isPropertyAccessExpression(parent) && parent.name === name) return isNeeded(parent);
  if (!ts.isBindingElement(parent) || parent.initializer !== undefined) return false;
  if (!ts.isIdentifier(parent.name)) return true;
  const variable = parent.name.text;
  // By its name alone: a file that no type checker sees nearly always has only one.
  return someNode(file, (node) => ts.isIdentifier(node) && node.text === variable && isNeeded(node));
}

/** Does the code around an expression fail when the value is missing? */
function isNeeded(node: ts.Expression): boolean {
  const user = node.parent;
  if (
    ts.isPropertyAccessExpression(user) ||
    ts.isElementAccessExpression(user) ||
    ts.isCallExpression(user)
  ) {
    return user.expression === node && user.questionDotToken === undefined;
  }
  if (ts.isNewExpression(user) || ts.isForOfStatement(user)) return user.expression === node;
  if (ts.isSpreadElement(user)) return true;
  const takesApart = ts.isVariableDeclaration(user) && !ts.isIdentifier(user.name);
  return takesApart && user.initializer === node;
}

function someNode(node: ts.Node, is: (node: ts.Node) => boolean): boolean {
  return is(node) || ts.forEachChild(node, (child) => someNode(child, is) || undefined) === true;
}
