import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createWrappedNode, Node, type SourceFile, SyntaxKind, ts } from "ts-morph";
import { ConfigurationError } from "../../errors/classes.ts";
import { toPosix } from "../../errors/printable.ts";
import { criticalSection } from "../../files/critical-section.ts";
import { namesIn, readTextIfThere } from "../../files/read-file.ts";
import { loadTsconfigs, NO_TSCONFIG } from "../../project/calls/load-tsconfigs.ts";
import { newErrors } from "../../project/calls/new-errors.ts";
import { TypedFiles } from "../../project/calls/typed-files.ts";
import { formatSpecifier, resolveSpecifier } from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { applyChange, type FileChange } from "../../project/edit/change.ts";
import { edited, importEdit } from "../../project/edit/edit-script.ts";
import { usageError } from "../cli/errors.ts";

/**
 * Makes a prompt out of the literal at a place, and says what has to change. Writes nothing.
 *
 * @param outDir the folder of the local platform; undefined if the prompt goes elsewhere
 * @throws ConfigurationError `extract_refused`, `cli_usage`, `tsconfig_invalid`
 */
export async function planExtraction(
  { file, ...place }: LiteralPlace & { readonly file: string },
  { name, outDir }: { readonly name: string; readonly outDir: string | undefined },
  options: ResolvedOptions,
  warn: (text: string) => void,
) {
  const specifier = newSpecifier(name, options);
  const before = readTextIfThere(file);
  if (before === undefined) throw refusal(file, "There's no such file.");
  const path = toPosix(file);
  const typesFile = `${path}.scope.d.ts`;
  const { files, warnings } = typedFiles(path, typesFile);
  for (const one of warnings) warn(one);
  // With its import it will be a module, so what it declares is its own.
  files.lay(path, `${before.replace(/^\uFEFF/, "")}\nexport {}`);
  const program = files.program(new Map());
  // Making it links each node to its parent.
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path);
  const isCommonJs = /\brequire\s*\(|\bexports\b|\b__(?:dir|file)name\b/.test(before);
  const isModule = !/\.c[jt]s$/.test(path) && (/^(?:import|export)\b/m.test(before) || !isCommonJs);
  if (source === undefined || source.isDeclarationFile || !isModule)
    throw refusal(file, "This isn't an ES module, so it can't import a prompt.", "Move the text into one.");
  const [problem] = program.getSyntacticDiagnostics(source);
  if (problem !== undefined) throw refusal(file, `The file doesn't parse: ${messageOf(problem)}`);
  const script = createWrappedNode(source);
  const { literal, line, column } = findLiteral(file, script, place);
  const { text, variables } = readLiteral(literal, checker);
  const local = importName(name, script);
  const values = variables.map(({ name, code }) => {
    // In brackets it can be any text; `__proto__: value` would set the prototype.
    const isKey = /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(name) && name !== "__proto__";
    return name === code ? name : `${isKey ? name : JSON.stringify([name])}: ${code}`;
  });
  const start = literal.getStart();
  // `return"text"` needs no space, and a name does.
  const space = /\w/.test(source.text[start - 1] ?? "") ? " " : "";
  const call = `${space}${local}(${values.length === 0 ? "" : `{ ${values.join(", ")} }`})`;
  const after = edited(before, [
    importEdit(script, specifier, local),
    { start, end: literal.end, text: call },
  ]);
  files.lay(path, after);
  const types = (text: string) =>
    new Map([
      [specifier, `declare module "${specifier}" { export default function (values?: {}): ${text}; }`],
    ]);
  const own = ts.isTemplateExpression(literal) ? "any" : JSON.stringify(literal.text);
  const [found] = newErrors(files, types(own), types("string"));
  if (found !== undefined) {
    const why = `The code needs the type of this literal, and a prompt's text is a string: ${messageOf(found.error)}`;
    throw refusal(file, why, undefined, { line, column });
  }
  const prompt = outDir === undefined ? undefined : await newPrompt(outDir, name, text);
  const why = `the literal in line ${line} becomes a call of ${specifier}`;
  return { specifier, line, column, text, variables, source: { file, why, before, after }, prompt };
}

/** Writes both files, or neither. Throws as {@link applyChange}. */
export async function applyExtraction(
  { prompt, source }: { readonly prompt: FileChange | undefined; readonly source: FileChange },
  root: string,
): Promise<void> {
  await criticalSection(async () => {
    if (prompt !== undefined) await applyChange(prompt, root);
    try {
      await applyChange(source, root);
    } catch (error) {
      if (prompt !== undefined) await rm(prompt.file, { force: true });
      throw error;
    }
  });
}

/** The specifier that a new prompt is imported by. Its name has to be a folder everywhere. */
function newSpecifier(name: string, options: ResolvedOptions): string {
  if (!name.split("/").every((one) => one !== "node_modules" && /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(one)))
    throw usageError(
      `"${name}" can't be the name of an extracted prompt.`,
      "Use letters, numbers, dots, dashes and underscores, and slashes between them, as in mails/greet.",
    );
  const specifier = formatSpecifier(name, undefined, false);
  const { ref, syntax } = resolveSpecifier(specifier, options);
  if (ref.name === name && ref.pin.kind === "label" && syntax === "scope") return specifier;
  const why = `The config has an entry "${name}" already, for another prompt, a fixed version or mustache syntax.`;
  throw refusal(options.configFile ?? options.root, why, "Use another name, or change the entry.");
}

/** A script with the files of the tsconfig that includes it, or of the nearest. */
function typedFiles(file: string, typesFile: string) {
  const { tsconfigs, warnings } = loadTsconfigs([file]);
  const config = tsconfigs.find((one) => one.files.includes(resolve(file))) ?? tsconfigs[0];
  const others = (config?.files ?? []).filter((one) => /\.[cm]?[jt]sx?$/.test(one));
  // Otherwise a value that can be undefined looks like one that can't.
  const strict = { allowJs: true, strictNullChecks: true, noUncheckedIndexedAccess: true };
  const files = new TypedFiles({
    options: { ...(config?.options ?? NO_TSCONFIG), ...strict },
    references: config?.references ?? [],
    files: [...new Set([file, ...others.map(toPosix)])],
    typesFile,
  });
  return { files, warnings };
}

function messageOf({ messageText }: ts.Diagnostic): string {
  return ts.flattenDiagnosticMessageText(messageText, " ");
}

async function newPrompt(outDir: string, name: string, text: string): Promise<FileChange> {
  const folder = join(outDir, name);
  const [taken] = (await namesIn(folder)).filter((one) => /^(?:\d+\.(?:md|json)|prompt\.json)$/.test(one));
  const why = "the prompt, for the local platform";
  if (taken === undefined) return { file: join(folder, "1.md"), why, before: undefined, after: text };
  throw refusal(join(folder, taken), `The prompt "${name}" is there already.`, "Use another name.");
}

/** A name for the import that the script doesn't use for anything yet: from the last part of the prompt's name. */
function importName(name: string, script: SourceFile): string {
  const words = camelCase(name.replace(/^.*\//, "")).replace(/\P{ID_Continue}/gu, "");
  const wanted = /^[\p{ID_Start}_]/u.test(words) ? words : `prompt${words}`;
  const identifiers = script.getDescendantsOfKind(SyntaxKind.Identifier);
  const taken = new Set(identifiers.map((one) => one.compilerNode.text));
  const isTaken = (one: string) =>
    taken.has(one) ||
    /^(?:arguments|eval|undefined)$/.test(one) ||
    ts.identifierToKeywordKind(ts.factory.createIdentifier(one)) !== undefined;
  let local = wanted;
  for (let number = 1; isTaken(local); number += 1) local = `${wanted}Prompt${number === 1 ? "" : number}`;
  return local;
}

/** A place in a script, from 1; the column is only needed if the line has several literals. */
type LiteralPlace = { readonly line: number; readonly column?: number };

function refusal(file: string, why: string, hint?: string, place?: LiteralPlace): ConfigurationError {
  return new ConfigurationError(why, { code: "extract_refused", where: { file, ...place }, hint });
}

/**
 * The literal at a place: with a column, the one that starts there; otherwise the outermost one on the line, or around
 * it. Words without a space count only if nothing else is there.
 */
function findLiteral(file: string, script: SourceFile, place: LiteralPlace) {
  const { line, column } = place;
  const here = script
    .forEachDescendantAsArray()
    .filter(
      (node) =>
        Node.isTemplateExpression(node) ||
        Node.isStringLiteral(node) ||
        Node.isNoSubstitutionTemplateLiteral(node),
    )
    .filter((one) => isValue(one) && one.getStartLineNumber() <= line && line <= one.getEndLineNumber())
    .map((one) => ({ literal: one.compilerNode, ...script.getLineAndColumnAtPos(one.getStart()) }));
  const outer = here.filter(
    (one) => !here.some(({ literal: { pos, end } }) => pos < one.literal.pos && one.literal.end < end),
  );
  const texts = outer.filter(({ literal }) => ts.isTemplateExpression(literal) || /\s/.test(literal.text));
  const likely = texts.length > 0 ? texts : outer;
  const isNamed = (one: LiteralPlace) => one.line === line && one.column === column;
  const found = column === undefined ? likely : here.filter(isNamed);
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  const seen = (first === undefined ? here : found).map((one) => `${one.line}:${one.column}`).join(", ");
  const nothing =
    "There's no text literal here that a call can replace. One with a tag can't be replaced, nor a type, as const, a name, an attribute or the specifier of an import.";
  const why = first === undefined ? nothing : "Several text literals are here.";
  const hint = seen === "" ? undefined : `Name one by line and column. Here they start at ${seen}.`;
  throw refusal(file, why, hint, place);
}

/** Not a name, a directive, an attribute, or a part of a type, a tag or an import. */
function isValue(literal: Node): boolean {
  const { parent } = literal.compilerNode;
  if (ts.isCallExpression(parent)) return !/^(?:import|require)$/.test(parent.expression.getText());
  if (ts.isAssertionExpression(parent)) return !ts.isConstTypeReference(parent.type);
  const { name, propertyName } = parent as { readonly name?: ts.Node; readonly propertyName?: ts.Node };
  const isName = [name, propertyName].includes(literal.compilerNode);
  return !isName && !NO_VALUE.test(ts.SyntaxKind[parent.kind]);
}

const NO_VALUE =
  /^(?:TaggedTemplateExpression|LiteralType|ExpressionStatement|EnumMember|JsxAttribute|(?:Im|Ex)portDeclaration|ExternalModuleReference|ImportAttribute)$/;

/** A literal as a prompt: each `${…}` is a variable whose value is that expression as it stands. */
function readLiteral(literal: ts.StringLiteralLike | ts.TemplateExpression, checker: ts.TypeChecker) {
  const variables: { readonly name: string; readonly code: string }[] = [];
  const add = (wanted: string, code: string, isShared: boolean): string => {
    const known = isShared ? variables.find((one) => one.code === code) : undefined;
    let name = known?.name ?? wanted;
    for (let number = 2; !known && variables.some((one) => one.name === name); number += 1)
      name = wanted + number;
    if (known === undefined) variables.push({ name, code });
    return `{{${name}}}`;
  };
  // A prompt would read `{{x}}` as a variable, and no file of text can hold half of a surrogate pair.
  const plain = (text: string) =>
    text.replace(/\{\{([\p{L}\p{N}_]+)\}\}|\p{Surrogate}/gu, (part, name = "character") =>
      add(name, JSON.stringify(part), true),
    );
  if (!ts.isTemplateExpression(literal)) return { text: plain(literal.text), variables };
  const spans = literal.templateSpans;
  // Only a call or an assignment in between could change what a name stands for.
  const isQuiet = spans.every(({ expression }) => /^[\p{L}\p{N}_$.?!#]+$/u.test(expression.getText()));
  let text = plain(literal.head.text);
  for (const { expression, literal: next } of spans) {
    const declaration = checker.getSymbolAtLocation(expression)?.valueDeclaration;
    const isLet = declaration && (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Let) !== 0;
    const isShared = ts.isIdentifier(expression) && (isQuiet || !isLet);
    text += add(nameFor(expression.getText()), valueFor(expression, checker), isShared) + plain(next.text);
  }
  return { text, variables };
}

/** A variable's name, from what an expression begins with: `userName` for `user.name ?? "you"`. */
function nameFor(code: string): string {
  const start = code.replace(/^(?:[^\p{L}_]|(?:await|new|super|this|typeof|void|yield)\b)+/u, "");
  return camelCase(/^[\p{L}\p{N}_$]+(?:[?!]?\.#?[\p{L}\p{N}_$]+)*/u.exec(start)?.[0] ?? "") || "value";
}

/** @example camelCase("user?.name") // "userName" */
function camelCase(text: string): string {
  const [first = "", ...others] = text.split(/[^\p{L}\p{N}_]+/u).filter((word) => word !== "");
  return first + others.map((word) => word.replace(/^./u, (letter) => letter.toUpperCase())).join("");
}

/** As it stands if it's surely a value that a prompt takes; otherwise as the text that the literal makes of it. */
function valueFor(expression: ts.Expression, checker: ts.TypeChecker): string {
  const code = expression.getText();
  const type = checker.getTypeAtLocation(expression);
  if (!isValueType(checker.getBaseConstraintOfType(type) ?? type)) return `\`\${${code}}\``;
  const isComma =
    ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.CommaToken;
  return isComma ? `(${code})` : code;
}

function isValueType(type: ts.Type): boolean {
  const { StringLike, NumberLike, BigIntLike, BooleanLike } = ts.TypeFlags;
  if (type.isUnion()) return type.types.every(isValueType);
  if (type.isIntersection()) return type.types.some(isValueType);
  return (type.flags & (StringLike | NumberLike | BigIntLike | BooleanLike)) !== 0;
}
