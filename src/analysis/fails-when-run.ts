import { ts } from "ts-morph";

const PROPERTY_MISSING = new Set([2339, 2551]);
const NOT_CALLABLE_OR_ITERABLE = new Set([2349, 2488, 2495, 2549]);

/**
 * Would the code at this error throw when it runs? A value that is not there may be passed on; to call it, or to read
 * something of it, fails.
 */
export function failsWhenRun({ code, file, start, length }: ts.DiagnosticWithLocation): boolean {
  if (NOT_CALLABLE_OR_ITERABLE.has(code)) return true;
  if (!PROPERTY_MISSING.has(code)) return false;
  const access = accessNamedAt(file, start, start + length);
  const user = access?.parent;
  if (access === undefined || user === undefined) return false;
  if (ts.isPropertyAccessExpression(user) || ts.isElementAccessExpression(user)) {
    return user.expression === access && user.questionDotToken === undefined;
  }
  return ts.isCallExpression(user) && user.expression === access && user.questionDotToken === undefined;
}

/** `a.name`, of which the compiler marks `name`. */
function accessNamedAt(
  file: ts.SourceFile,
  start: number,
  end: number,
): ts.PropertyAccessExpression | undefined {
  let found: ts.PropertyAccessExpression | undefined;
  const visit = (node: ts.Node): void => {
    if (node.getFullStart() > start || node.getEnd() < end) return;
    if (ts.isPropertyAccessExpression(node) && node.name.getStart(file) === start) found = node;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
