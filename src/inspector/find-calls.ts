import { extname } from "node:path";
import { ts } from "ts-morph";
import { innermostNode } from "../project/calls/new-errors.ts";
import { componentScript } from "../project/discovery/component-scripts.ts";

/** Where an import is: the quote of its specifier, line and column from 1. */
type Place = Readonly<Record<"line" | "column", number>>;

/** A file's code, parsed: a script, or the scripts of a component; undefined if there's none. */
function parseCode(file: string, text: string): ts.SourceFile | undefined {
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
 * @returns each with its import's index, and the offsets where its name begins and where the call ends
 */
export function findCalls(file: string, text: string, places: readonly Place[]) {
  const script = parseCode(file, text);
  if (script === undefined) return [];
  const imports = places.map((place) => namesOf(literalAt(script, place)));
  const calls: { readonly use: number; readonly start: number; readonly end: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)))
      return;
    if (ts.isCallExpression(node)) {
      const callee = node.expression;
      const use = imports.findIndex((names) => names.includes(calleeName(callee)));
      if (use !== -1) calls.push({ use, start: callee.getStart(), end: node.getEnd() });
    }
    ts.forEachChild(node, visit);
  };
  visit(script);
  return calls.sort((a, b) => a.start - b.start);
}

/** `render` and `greet.render`; everything else has no name. */
function calleeName(callee: ts.Expression): string {
  if (ts.isIdentifier(callee)) return callee.text;
  const isMember = ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.expression);
  return isMember ? `${calleeName(callee.expression)}.${callee.name.text}` : "";
}

/** The text of an import; undefined where there's none in the code, but in a comment. */
function literalAt(script: ts.SourceFile, { line, column }: Place): ts.StringLiteralLike | undefined {
  const before = script.text.split("\n").slice(0, line - 1);
  const offset = before.reduce((sum, one) => sum + one.length + 1, column - 1);
  const node = innermostNode(script, offset, 1);
  return node !== undefined && ts.isStringLiteralLike(node) && node.getStart() === offset ? node : undefined;
}

/** What an import calls the render function. */
function namesOf(literal: ts.StringLiteralLike | undefined): readonly string[] {
  const declaration = literal?.parent;
  if (declaration === undefined || !ts.isImportDeclaration(declaration)) return [];
  const clause = declaration.importClause;
  if (clause === undefined || clause.isTypeOnly) return [];
  const { name, namedBindings } = clause;
  const own = name === undefined ? [] : [name.text];
  if (namedBindings === undefined) return own;
  if (ts.isNamespaceImport(namedBindings)) {
    const space = namedBindings.name.text;
    return [...own, `${space}.default`, `${space}.render`];
  }
  const renders = namedBindings.elements.filter(
    (one) => !one.isTypeOnly && ["default", "render"].includes((one.propertyName ?? one.name).text),
  );
  return [...own, ...renders.map((one) => one.name.text)];
}
