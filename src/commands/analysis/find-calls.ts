import { extname } from "node:path";
import { ts } from "ts-morph";
import { componentScript } from "../../project/discovery/component-scripts.ts";
import type { RenderCall } from "../../review/lint/read-prompt.ts";
import { innermostNode } from "./blame.ts";

/** Where an import is: the quote of its specifier, line and column from 1. */
type Place = Readonly<Record<"line" | "column", number>>;

/** A call of the render function of a prompt that a file imports. */
export interface FoundCall extends Omit<RenderCall, "file"> {
  /** Of the import's place in the list that was passed. */
  readonly use: number;
  /** Where the name begins, and where the call ends; offsets in the file. */
  readonly start: number;
  readonly end: number;
}

export interface FoundCalls {
  /** By place. */
  readonly calls: readonly FoundCall[];
  /** `false`: there can be others. The function is passed on, or the import isn't of names. */
  readonly isComplete: boolean;
}

/** A file's code, parsed: a script, or the scripts of a component; undefined if there's none. */
export function parseCode(file: string, text: string): ts.SourceFile | undefined {
  const parse = (name: string, code: string) => ts.createSourceFile(name, code, ts.ScriptTarget.Latest, true);
  if (/^\.[cm]?[jt]sx?$/i.test(extname(file))) return parse(file, text);
  const script = componentScript(text, file);
  return script && parse(`${file}.${script.language}`, script.code);
}

/**
 * The calls of imported prompts in a file: of a default import, of `render`, and of both through a namespace. No type
 * checker finds them: they go by name.
 *
 * @param places of the imports' specifiers
 */
export function findCalls(script: ts.SourceFile, places: readonly Place[]): FoundCalls {
  const imports = places.map((place, use) => ({ use, ...namesOf(literalAt(script, place)) }));
  const useOf = (name: string) => imports.find(({ names }) => names?.includes(name))?.use;
  const calls: FoundCall[] = [];
  let isComplete = imports.every((one) => one.isComplete);
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)))
      return;
    const callee = ts.isIdentifier(node) && !isPropertyName(node) ? calleeAt(node, useOf) : undefined;
    if (callee !== undefined) {
      const { use, call } = callee;
      if (call !== undefined) {
        const start = node.getStart();
        const { line } = script.getLineAndCharacterOfPosition(start);
        const constants = constantsIn(call.arguments[0]);
        calls.push({ use, start, end: call.getEnd(), line: line + 1, constants });
      } else isComplete = false;
    }
    ts.forEachChild(node, visit);
  };
  visit(script);
  return { calls: calls.sort((a, b) => a.start - b.start), isComplete };
}

/** Which import a name is of, or one with its member, and the call of it; undefined if it's of none. */
function calleeAt(name: ts.Identifier, useOf: (text: string) => number | undefined) {
  const { parent } = name;
  const own = useOf(name.text);
  const isMember = ts.isPropertyAccessExpression(parent) && parent.expression === name;
  const use = own ?? (isMember ? useOf(`${name.text}.${parent.name.text}`) : undefined);
  if (use === undefined) return undefined;
  const callee = own === undefined ? parent : name;
  const call = callee.parent;
  return { use, call: ts.isCallExpression(call) && call.expression === callee ? call : undefined };
}

/** The text of an import; undefined where there's none in the code, but in a comment. */
function literalAt(script: ts.SourceFile, { line, column }: Place): ts.StringLiteralLike | undefined {
  const before = script.text.split("\n").slice(0, line - 1);
  const offset = before.reduce((sum, one) => sum + one.length + 1, column - 1);
  const node = innermostNode(script, offset, 1);
  return node !== undefined && ts.isStringLiteralLike(node) && node.getStart() === offset ? node : undefined;
}

/** What an import calls the render function, and whether it can be reached otherwise. */
function namesOf(
  literal: ts.StringLiteralLike | undefined,
): Pick<FoundCalls, "isComplete"> & { readonly names?: readonly string[] } {
  // A comment, and `import("scope:x").Variables`, import types alone.
  if (literal === undefined || ts.isLiteralTypeNode(literal.parent)) return { isComplete: true };
  if (!ts.isImportDeclaration(literal.parent)) return { isComplete: false };
  const clause = literal.parent.importClause;
  if (clause === undefined || clause.isTypeOnly) return { isComplete: true };
  const { name, namedBindings } = clause;
  const own = name === undefined ? [] : [name.text];
  if (namedBindings !== undefined && ts.isNamespaceImport(namedBindings)) {
    const space = namedBindings.name.text;
    return { names: [...own, `${space}.default`, `${space}.render`], isComplete: false };
  }
  const elements = (namedBindings?.elements ?? []).filter(({ isTypeOnly }) => !isTypeOnly);
  const imported = elements.map((one) => ({ of: (one.propertyName ?? one.name).text, as: one.name.text }));
  const renders = imported.filter(({ of }) => of === "default" || of === "render").map((one) => one.as);
  const isComplete = !imported.some(({ of }) => of === "content" || of === "current");
  return { names: [...own, ...renders], isComplete };
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
