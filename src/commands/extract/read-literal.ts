import { ts } from "ts-morph";
import { parseScope } from "../../template/parse-scope.ts";
import { partsOf, type TextLiteral } from "./literals.ts";
import type { LiteralRefusal } from "./refusal.ts";
import { type TypeProblem, typeProblem } from "./value-types.ts";

/** A variable of the prompt, and the code that gives its value. */
export interface ExtractedVariable {
  readonly name: string;
  readonly code: string;
}

/** What a literal is as a prompt. */
export interface ReadLiteral {
  /** In the platform's own syntax. */
  readonly text: string;
  /** In order of first use, each once. */
  readonly variables: readonly ExtractedVariable[];
  readonly refusals: readonly LiteralRefusal[];
  /** Values whose type isn't known, as code. */
  readonly untyped: readonly string[];
}

/**
 * Reads a literal as a prompt: rendered with the values of its interpolations, the text gives the bytes that the
 * literal evaluates to. If there are refusals, it doesn't.
 */
export function readLiteral(literal: TextLiteral, checker: ts.TypeChecker): ReadLiteral {
  const names = new Names();
  const refusals: LiteralRefusal[] = contextProblems(literal, checker).map((why) => ({ node: literal, why }));
  const untyped = new Set<string>();
  const parts = partsOf(literal).map((part) => {
    if (part.kind === "text") return part;
    const { expression } = part;
    const code = expression.getText();
    const chain = chainOf(expression);
    if (chain === undefined) {
      const why = `\${${short(code)}} is an expression, not a name or a chain of properties. Put its value in a variable first.`;
      refusals.push({ node: expression, why });
      return { kind: "text", text: "" } as const;
    }
    const problem = typeProblem(expression, checker);
    if (problem === "unknown") untyped.add(code);
    else if (problem !== undefined) refusals.push({ node: expression, why: typeText(code, problem) });
    return { kind: "variable", name: names.of(code, chain) } as const;
  });
  const text = parts.map((part) => (part.kind === "text" ? part.text : `{{${part.name}}}`)).join("");
  if (refusals.length === 0) {
    const why = textProblem(text, parts);
    if (why !== undefined) refusals.push({ node: literal, why });
  }
  return { text, variables: names.all, refusals, untyped: [...untyped] };
}

/** The variables of one prompt: each chain has a name, and no two have the same. */
class Names {
  readonly #names = new Map<string, string>();

  get all(): readonly ExtractedVariable[] {
    return [...this.#names].map(([code, name]) => ({ name, code }));
  }

  of(code: string, chain: readonly string[]): string {
    const known = this.#names.get(code);
    if (known !== undefined) return known;
    const taken = new Set(this.#names.values());
    const wanted = chain.map((word, at) => (at === 0 ? word : upperFirst(word))).join("");
    let name = wanted;
    for (let number = 2; taken.has(name); number += 1) name = `${wanted}${number}`;
    this.#names.set(code, name);
    return name;
  }
}

/** `user.name` is `["user", "name"]`; `this` has no name of its own. Undefined for everything else. */
function chainOf(expression: ts.Expression): readonly string[] | undefined {
  if (ts.isIdentifier(expression)) return [nameOf(expression.text)];
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  const own = nameOf(expression.name.text);
  if (expression.expression.kind === ts.SyntaxKind.ThisKeyword) return [own];
  const before = chainOf(expression.expression);
  return before && [...before, own];
}

/** A variable has letters, numbers and underscores. */
function nameOf(identifier: string): string {
  return identifier.replace(/^#/, "").replace(/[^\p{L}\p{N}_]/gu, "_");
}

function upperFirst(word: string): string {
  const [first = ""] = word;
  return first.toUpperCase() + word.slice(first.length);
}

function typeText(code: string, { type }: TypeProblem): string {
  return `${short(code)} is of type "${type}". A value must be a string, number, bigint or boolean: where a literal prints "undefined" or "[object Object]", a prompt throws.`;
}

/** Why the text wouldn't render as the literal evaluates. */
function textProblem(
  text: string,
  parts: readonly ({ kind: "text"; text: string } | { kind: "variable"; name: string })[],
): string | undefined {
  if (text === "") return "This literal is empty.";
  if (/\p{Surrogate}/u.test(text))
    return "This literal contains half of a surrogate pair, which no file of text can hold.";
  const meant = parts.flatMap((part) => (part.kind === "variable" ? [part.name] : []));
  const parsed = parseScope(text).flatMap((part) => (part.kind === "variable" ? [part.name] : []));
  if (meant.length === parsed.length && meant.every((name, at) => name === parsed[at])) return undefined;
  const extra = parsed.find((name, at) => name !== meant[at]) ?? meant.at(-1);
  return `The text around {{${extra}}} has braces that a prompt would read as a variable.`;
}

/** Why a call can't be where the literal is. */
function contextProblems(literal: TextLiteral, checker: ts.TypeChecker): readonly string[] {
  const { parent } = literal;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return ["This literal is a part of a text joined with +. Make it one template literal first."];
  const isConst = ts.isAssertionExpression(parent) && parent.type.getText() === "const";
  const expected = checker.getContextualType(literal);
  const kinds = expected?.isUnion() ? expected.types : expected === undefined ? [] : [expected];
  const isLiteralWanted = kinds.length > 0 && kinds.every((one) => one.isStringLiteral());
  if (isConst || isLiteralWanted)
    return ["The type of this literal is its own text, which a rendered prompt doesn't have."];
  return [];
}

function short(code: string): string {
  const line = code.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
