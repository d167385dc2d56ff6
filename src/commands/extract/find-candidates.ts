import { ts } from "ts-morph";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { listSources, readSource } from "../../project/discovery/list-sources.ts";
import { isScript, readScript } from "./extract-literal.ts";
import { isTextLiteral, partsOf, placeIn, type TextLiteral, textLiterals } from "./literals.ts";
import { readLiteral } from "./read-literal.ts";
import { typedScripts } from "./value-types.ts";

/** A literal that may be a prompt. */
export interface Candidate {
  /** Absolute. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Characters of its text, with interpolations as variables. */
  readonly length: number;
  /** What gets it: `generateText`, `content`. */
  readonly passedTo: string;
  /** Why it can't be extracted; empty if it can. */
  readonly refusals: readonly string[];
}

/** A shorter text is hardly a prompt, */
const MIN_LENGTH = 200;
/** unless it has this many lines. */
const MIN_LINES = 3;

/** The properties that hold instructions for a model in its SDKs. */
const PROPERTIES = new Set(["content", "system", "prompt", "instructions", "input"]);

/** Calls of SDKs that take them, by how the callee ends. */
const CALLS =
  /(?:^|\.)(?:(?:chat\.completions|responses)\.(?:create|parse|stream)|messages\.(?:create|stream|parse)|(?:generate|stream)(?:Text|Object)|generateContent(?:Stream)?|sendMessage(?:Stream)?|fromTemplate|fromMessages|invoke|(?:System|Human|AI)Message)$/;

/**
 * Long literals that are passed to calls of model SDKs, or to properties that hold instructions, directly or by the name
 * of a constant of the same file. By file and place.
 *
 * @param files absolute; undefined for the project's own sources
 * @throws ConfigurationError `extract_refused` for a file that isn't a script; `cli_file_unreadable`, `tsconfig_invalid`
 */
export async function findCandidates(
  files: readonly string[] | undefined,
  options: ResolvedOptions,
  warn: (text: string) => void,
): Promise<readonly Candidate[]> {
  const sources = files ?? (await listSources(options)).filter(isScript);
  const likely: string[] = [];
  for (const file of sources) {
    const text = files === undefined ? (await readSource(file))?.toString("utf8") : await readScript(file);
    if (text === undefined) continue;
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    if (promptLiterals(source).length > 0) likely.push(file);
  }
  const typed = typedScripts(likely, warn);
  return [...typed].flatMap(([file, { source, checker }]) =>
    promptLiterals(source).map(({ literal, passedTo }) => {
      const { text, refusals } = readLiteral(literal, checker);
      const why = refusals.map((one) => one.why);
      return { file, ...placeIn(literal), length: text.length, passedTo, refusals: why };
    }),
  );
}

interface PromptLiteral {
  readonly literal: TextLiteral;
  readonly passedTo: string;
}

function promptLiterals(source: ts.SourceFile): readonly PromptLiteral[] {
  const literals = textLiterals(source).filter(isLong);
  const constants = usesOf(new Set(literals.flatMap((literal) => nameOf(literal) ?? [])), source);
  return literals.flatMap((literal) => {
    const name = nameOf(literal);
    const uses = name === undefined ? [literal] : [literal, ...(constants.get(name) ?? [])];
    const passedTo = uses.map(receiver).find((one) => one !== undefined);
    return passedTo === undefined ? [] : [{ literal, passedTo }];
  });
}

function isLong(literal: TextLiteral): boolean {
  const text = partsOf(literal)
    .map((part) => (part.kind === "text" ? part.text : part.expression.getText()))
    .join("");
  return text.length >= MIN_LENGTH || text.split("\n").length >= MIN_LINES;
}

/** The constant that a literal is the value of. */
function nameOf({ parent }: TextLiteral): string | undefined {
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name.text : undefined;
}

/** Where each of these names is. */
function usesOf(
  names: ReadonlySet<string>,
  source: ts.SourceFile,
): ReadonlyMap<string, readonly ts.Identifier[]> {
  const uses = new Map([...names].map((name): [string, ts.Identifier[]] => [name, []]));
  const walk = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) uses.get(node.text)?.push(node);
    ts.forEachChild(node, walk);
  };
  walk(source);
  return uses;
}

/** The property or the call that gets a value: through lists, objects and choices, but no other function. */
function receiver(value: ts.Node): string | undefined {
  for (let node = value; node.parent !== undefined; node = node.parent) {
    const { parent } = node;
    if (ts.isPropertyAssignment(parent) && parent.initializer === node) {
      if (ts.isIdentifier(parent.name) && PROPERTIES.has(parent.name.text)) return parent.name.text;
    } else if (ts.isShorthandPropertyAssignment(parent)) {
      if (PROPERTIES.has(parent.name.text)) return parent.name.text;
    } else if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
      const callee = parent.expression.getText().replaceAll("?.", ".").replace(/\s+/g, "");
      const isArgument = parent.arguments?.some((one) => one === node) === true;
      return isArgument && CALLS.test(callee) ? callee : undefined;
    } else if (!passesOn(parent) || (isTextLiteral(parent) && parent !== value)) return undefined;
  }
  return undefined;
}

function passesOn(node: ts.Node): boolean {
  return (
    ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isConditionalExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    (ts.isBinaryExpression(node) && node.operatorToken.kind !== ts.SyntaxKind.EqualsToken)
  );
}
