import { ts } from "ts-morph";
import type { RenderCall } from "../../review/lint/read-prompt.ts";
import { innermostNode } from "../analysis/blame.ts";

/** Where an import is: the quote of its specifier, line and column from 1. */
type Place = Readonly<Record<"line" | "column", number>>;

/** A file's code, parsed. */
export function parseScript(file: string, code: string): ts.SourceFile {
  return ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
}

/**
 * The calls of a prompt's render function in a file that imports it, with the literals that they give; undefined if
 * there can be others: the function is passed on, or the import isn't of names. No type checker decides that.
 */
export function renderCalls(
  script: ts.SourceFile,
  places: readonly Place[],
): readonly Omit<RenderCall, "file">[] | undefined {
  const names = new Set<string>();
  for (const place of places) {
    const own = importedNames(literalAt(script, place));
    if (own === undefined) return undefined;
    for (const name of own) names.add(name);
  }
  const calls: Omit<RenderCall, "file">[] = [];
  let isComplete = true;
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)))
      return;
    if (ts.isIdentifier(node) && names.has(node.text) && !isPropertyName(node)) {
      const { parent } = node;
      if (ts.isCallExpression(parent) && parent.expression === node) {
        const { line } = script.getLineAndCharacterOfPosition(node.getStart());
        calls.push({ line: line + 1, constants: constantsIn(parent.arguments[0]) });
      } else isComplete = false;
    }
    ts.forEachChild(node, visit);
  };
  visit(script);
  return isComplete ? calls : undefined;
}

/** The text of an import; undefined where there's none in the code, but in a comment. */
function literalAt(script: ts.SourceFile, { line, column }: Place): ts.StringLiteralLike | undefined {
  const before = script.text.split("\n").slice(0, line - 1);
  const offset = before.reduce((sum, one) => sum + one.length + 1, column - 1);
  const node = innermostNode(script, offset, 1);
  return node !== undefined && ts.isStringLiteralLike(node) && node.getStart() === offset ? node : undefined;
}

/** What an import calls the render function; undefined if it can be reached otherwise. */
function importedNames(literal: ts.StringLiteralLike | undefined): readonly string[] | undefined {
  // A comment, and `import("scope:x").Variables`, import types alone.
  if (literal === undefined || ts.isLiteralTypeNode(literal.parent)) return [];
  if (!ts.isImportDeclaration(literal.parent)) return undefined;
  const clause = literal.parent.importClause;
  if (clause === undefined || clause.isTypeOnly) return [];
  const { name, namedBindings } = clause;
  if (namedBindings !== undefined && ts.isNamespaceImport(namedBindings)) return undefined;
  const elements = (namedBindings?.elements ?? []).filter(({ isTypeOnly }) => !isTypeOnly);
  const imported = elements.map((one) => ({ of: (one.propertyName ?? one.name).text, as: one.name.text }));
  if (imported.some(({ of }) => of === "content" || of === "current")) return undefined;
  const renders = imported.filter(({ of }) => of === "default" || of === "render").map((one) => one.as);
  return name === undefined ? renders : [name.text, ...renders];
}

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
}

/** By variable, the literals in a call's argument. What is spread, or has a computed name, can replace any before it. */
function constantsIn(argument: ts.Expression | undefined): RenderCall["constants"] {
  const constants = new Map<string, string>();
  const object = argument && bare(argument);
  if (object === undefined || !ts.isObjectLiteralExpression(object)) return {};
  for (const property of object.properties) {
    const { name } = property;
    if (name === undefined || ts.isComputedPropertyName(name)) {
      constants.clear();
      continue;
    }
    const value = ts.isPropertyAssignment(property) ? literalText(bare(property.initializer)) : undefined;
    if (value === undefined) constants.delete(name.text);
    else constants.set(name.text, value);
  }
  return Object.fromEntries(constants);
}

function literalText(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return node.text;
  if (node.kind === ts.SyntaxKind.TrueKeyword) return "true";
  if (node.kind === ts.SyntaxKind.FalseKeyword) return "false";
  if (!ts.isPrefixUnaryExpression(node) || node.operator !== ts.SyntaxKind.MinusToken) return undefined;
  return ts.isNumericLiteral(node.operand) ? `-${node.operand.text}` : undefined;
}

/** `x` for `(x as const)`. */
function bare(node: ts.Expression): ts.Expression {
  const isWrapped =
    ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node);
  return isWrapped ? bare(node.expression) : node;
}
