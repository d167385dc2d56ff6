import { Node, type SourceFile, ts } from "ts-morph";
import { ConfigurationError } from "../../errors/classes.ts";

/** A place in a script, from 1; the column is only needed if the line has several literals. */
export type LiteralPlace = { readonly line: number; readonly column?: number };

/** One `extract_refused`. */
export function refusal(file: string, why: string, hint?: string, place?: LiteralPlace): ConfigurationError {
  return new ConfigurationError(why, { code: "extract_refused", where: { file, ...place }, hint });
}

/**
 * The literal at a place: with a column, the one that starts there; otherwise the outermost one on the line, or around
 * it. Words without a space count only if nothing else is there.
 *
 * @throws ConfigurationError `extract_refused` if there's none, or several, which it lists
 */
export function findLiteral(file: string, script: SourceFile, place: LiteralPlace) {
  const { line, column } = place;
  const here = script
    .forEachDescendantAsArray()
    .filter(isText)
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
  const why = first === undefined ? NOTHING : "Several text literals are here.";
  const hint = seen === "" ? undefined : `Name one by line and column. Here they start at ${seen}.`;
  throw refusal(file, why, hint, place);
}

const NOTHING =
  "There's no text literal here that a call can replace. One with a tag can't be replaced, nor a type, as const, a name, an attribute or the specifier of an import.";

function isText(node: Node) {
  return (
    Node.isStringLiteral(node) ||
    Node.isNoSubstitutionTemplateLiteral(node) ||
    Node.isTemplateExpression(node)
  );
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

/**
 * Reads a literal as a prompt: rendered with the values of its variables, the text gives the bytes that the literal
 * evaluates to. Each `${…}` is a variable whose value is that expression as it stands.
 */
export function readLiteral(literal: ReturnType<typeof findLiteral>["literal"], checker: ts.TypeChecker) {
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
export function camelCase(text: string): string {
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
