import { join } from "node:path";
import {
  type ArrayLiteralExpression,
  Node,
  type ObjectLiteralElementLike,
  type ObjectLiteralExpression,
  Project,
  type PropertyAssignment,
  type SourceFile,
  type Statement,
  SyntaxKind,
} from "ts-morph";
import scopeConfig from "../../../templates/scope-config.mustache?raw";
import { isEmitted } from "../config/tsconfig.ts";

/** The config of a project that has none: a script, or JSON where `tsc` would take a script into its output. */
export function newConfig(
  root: string,
  usesTypeScript: boolean,
  settings: Readonly<Record<string, string>> = {},
): { readonly file: string; readonly text: string } {
  const file = join(root, usesTypeScript ? "scope.config.ts" : "scope.config.mjs");
  const members = Object.entries(settings).map(([key, value]) => `  ${key}: "${value}",\n`);
  // It would move the output of `tsc`, or not compile there.
  if (!isEmitted(join(root, "tsconfig.json"), file))
    return { file, text: scopeConfig.replace("\n});", `\n${members.join("")}});`) };
  const all = { label: "production", dev: { label: "latest" }, ...settings };
  return { file: join(root, "scope.config.json"), text: `${JSON.stringify(all, null, 2)}\n` };
}

/** The import of a module under a name, as the script's others are written: below the last of them, or above the code. */
export function importEdit(file: SourceFile, module: string, name: string, isEsm = true): Edit {
  const eol = eolOf(file.getFullText());
  const from = quoteOf(file) + module + quoteOf(file);
  const statement = isEsm ? `import ${name} from ${from}` : `const ${name} = require(${from})`;
  const line = statement + (usesSemicolons(file) ? ";" : "");
  const statements = file.getStatements();
  const last = statements.findLast((one) =>
    isEsm ? Node.isImportDeclaration(one) : /^(?:const|let|var) [^=]*= require\(/.test(one.getText()),
  );
  if (last !== undefined) return insertAt(last.getTrailingTriviaEnd(), eol + line);
  const code = statements.find((one) => !/^["']use [a-z]/.test(one.getText()));
  return insertAt(code === undefined ? file.getEnd() : aboveComments(code), line + eol + eol);
}

/** A comment about the file as a whole. */
const OF_FILE =
  /^\/\/\/|^\/\*!|@(?:ts-(?:no)?check|jsx|(?:jest|vitest)-environment|license|file|packageDocumentation|module|flow|format)|eslint-disable(?!-)|-ignore-all|copyright|license/i;

/** The start of a statement with the comments right above it that belong to it. */
function aboveComments(statement: Statement): number {
  const text = statement.getSourceFile().getFullText();
  let start = statement.getStart();
  for (const comment of statement.getLeadingCommentRanges().toReversed()) {
    const isApart = /\n\s*\n/.test(text.slice(comment.getEnd(), start));
    if (isApart || OF_FILE.test(comment.getText())) break;
    start = comment.getPos();
  }
  return start;
}

/** If no statement could end with a semicolon, we assume the file uses them. */
function usesSemicolons(file: SourceFile): boolean {
  const statements = file.getStatements();
  const shows = statements.some((one) => Node.isImportDeclaration(one) || Node.isVariableStatement(one));
  return !shows || statements.some((one) => one.getText().endsWith(";"));
}

/**
 * The syntax tree of a script or of JSON; undefined for a text with syntax errors. Names have no meaning outside of
 * it.
 */
export function parseScript(text: string, extension = ".ts"): SourceFile | undefined {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    compilerOptions: { noLib: true },
  });
  const name = extension === ".json" ? "/script.json" : "/script.ts";
  const file = project.createSourceFile(name, text);
  return project.getProgram().getSyntacticDiagnostics(file).length === 0 ? file : undefined;
}

export function jsonObject(text: string): ObjectLiteralExpression | undefined {
  const [root] = parseScript(text, ".json")?.getStatements() ?? [];
  return root?.getFirstChildIfKind(SyntaxKind.ObjectLiteralExpression);
}

/** An expression without the parentheses, `satisfies` and `as` around it. */
export function bareExpression(node: Node | undefined): Node | undefined {
  return Node.isParenthesizedExpression(node) || Node.isSatisfiesExpression(node) || Node.isAsExpression(node)
    ? bareExpression(node.getExpression())
    : node;
}

/** The key of a member of an object literal; undefined for a spread and a computed key. */
export function keyOf(member: ObjectLiteralElementLike | undefined): string | undefined {
  const name = Node.isSpreadAssignment(member) ? undefined : member?.getNameNode();
  if (Node.isStringLiteral(name)) return name.getLiteralText();
  return Node.isIdentifier(name) ? name.getText() : undefined;
}

export function memberOf(object: Node | undefined, key: string): PropertyAssignment | undefined {
  const members = Node.isObjectLiteralExpression(object) ? object.getProperties() : [];
  return members.filter(Node.isPropertyAssignment).find((one) => keyOf(one) === key);
}

/** The expression under a key of an object literal, without what wraps it. */
export function valueUnder(object: Node | undefined, key: string): Node | undefined {
  return bareExpression(memberOf(object, key)?.getInitializer());
}

/** The expression, function or class of `export default …` or `module.exports = …`; undefined unless there is exactly one. */
export function configExport(file: SourceFile) {
  const esm: Node[] = [
    ...file.getStatements().filter((one) => Node.isModifierable(one) && one.hasModifier("default")),
    ...file.getExportAssignments().map((one) => one.getExpression()),
  ];
  const assignments = file.getDescendantsOfKind(SyntaxKind.BinaryExpression);
  const cjs = assignments.filter((one) => one.getLeft().getText() === "module.exports");
  const [node, ...others] = [...esm, ...cjs.map((one) => one.getRight())];
  return node === undefined || others.length > 0 ? undefined : { isEsm: esm.length > 0, node };
}

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

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

function insertAt(position: number, text: string): Edit {
  return { start: position, end: position, text };
}

export function replaceNode(node: Node, text: string): Edit {
  return { start: node.getStart(), end: node.getEnd(), text };
}

/** Puts an element first into a list or an object: on its own line if the others have one. */
export function insertFirst(
  literal: ArrayLiteralExpression | ObjectLiteralExpression,
  element: string,
): Edit {
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
  const indent = isBlank ? lineIndent(literal) + indentUnit(file) : space.slice(space.lastIndexOf("\n") + 1);
  const lines = element.replace(/\n(?=.)/g, `\n${indent}`);
  return insertAt(start, `${eolOf(file)}${indent}${lines}${isBlank ? "" : ","}`);
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
