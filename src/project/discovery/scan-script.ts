import { scanJsdoc } from "./scan-jsdoc.ts";
import { allTokens, bracketEnd, isCode, isOpening, type Token } from "./script-tokens.ts";
import { stringValue } from "./string-value.ts";

/** An import of a prompt, or one whose prompt is computed, at an offset of the scanned code. */
export type ScannedUse =
  | { readonly kind: "import"; readonly specifier: string; readonly offset: number }
  | { readonly kind: "computed"; readonly text: string; readonly offset: number };

const SCHEME = "scope:";

/** The `scope:` specifier that an import of a module means; undefined if it doesn't mean a prompt. */
export type PromptOf = (imported: string) => string | undefined;

/** Only imports that spell it out are imports of prompts. */
export const spelledOut: PromptOf = (imported) => (imported.startsWith(SCHEME) ? imported : undefined);

/** How a script is written. */
export interface ScriptKind {
  readonly jsx: boolean;
  /** In other scripts the types in JSDoc comments count, as they do for TypeScript. */
  readonly typescript: boolean;
}

/**
 * Finds `scope:` imports in a script: `import` and `export … from`, `import()` (in types too) and `require()`. Comments
 * (except JSDoc types), ordinary strings and JSX text don't count. Code with syntax errors is read as far as possible.
 *
 * @param promptOf which imports are of prompts. Default {@link spelledOut}
 * @returns by offset
 */
export function scanScript(
  code: string,
  { jsx, typescript }: ScriptKind,
  promptOf: PromptOf = spelledOut,
): readonly ScannedUse[] {
  const all = allTokens(code, jsx);
  const tokens = all.filter(isCode);
  const uses: ScannedUse[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.type !== "IdentifierName" || isMember(tokens[index - 1])) continue;
    const next = tokens[index + 1];
    if (next === undefined) break;
    if (token.value === "import" || token.value === "from") {
      if (next.type === "StringLiteral") addImport(uses, next, promptOf);
    }
    if ((token.value === "import" || token.value === "require") && next.value === "(") {
      const argument = tokens.slice(index + 2, argumentEnd(tokens, index + 2));
      addExpression(uses, argument, promptOf, code);
    }
  }
  if (!typescript) {
    for (const { type, value, offset } of all) {
      if (type !== "MultiLineComment") continue;
      for (const use of scanJsdoc(value)) uses.push({ ...use, offset: offset + use.offset });
    }
  }
  return uses.sort((a, b) => a.offset - b.offset);
}

function addImport(uses: ScannedUse[], literal: Token, promptOf: PromptOf): void {
  const specifier = promptOf(stringValue(literal.value));
  if (specifier !== undefined) uses.push({ kind: "import", specifier, offset: literal.offset });
}

/** Texts, each the whole argument or a branch of a condition, or something that is only known when the code runs. */
function addExpression(
  uses: ScannedUse[],
  expression: readonly Token[],
  promptOf: PromptOf,
  code: string,
): void {
  const [first] = expression;
  const last = expression.at(-1);
  if (first === undefined || last === undefined) return;
  const isWhole = (token: Token, at: number) =>
    isText(token) &&
    /^[(?:]$/.test(expression[at - 1]?.value ?? "(") &&
    /^[):]$/.test(expression[at + 1]?.value ?? ")");
  for (const token of expression.filter(isWhole)) addImport(uses, token, promptOf);
  if (!expression.some((token, at) => startsWithScheme(token) && !isWhole(token, at))) return;
  const text = code.slice(first.offset, last.offset + last.value.length).replace(/\s+/g, " ");
  uses.push({
    kind: "computed",
    text: text.length > 80 ? `${text.slice(0, 80)}…` : text,
    offset: first.offset,
  });
}

/** Index of the comma or bracket that ends the argument beginning at `start`. */
function argumentEnd(tokens: readonly Token[], start: number): number {
  for (let at = start; at < tokens.length; at++) {
    const value = tokens[at]?.value ?? "";
    if (value === "," || value === ")") return at;
    if (isOpening(value)) at = bracketEnd(tokens, at);
  }
  return tokens.length;
}

function isMember(before: Token | undefined): boolean {
  return before?.value === "." || before?.value === "?." || before?.value === "#";
}

function isText({ type }: Token): boolean {
  return type === "StringLiteral" || type === "NoSubstitutionTemplate";
}

function startsWithScheme(token: Token): boolean {
  if (token.type === "TemplateHead") return token.value.startsWith(`\`${SCHEME}`);
  return isText(token) && stringValue(token.value).startsWith(SCHEME);
}
