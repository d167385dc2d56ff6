import jsTokens from "js-tokens";
import { stringValue } from "./string-value.ts";

/** An import of a prompt, or one whose prompt is computed, at an offset of the scanned code. */
export type ScannedUse =
  | { readonly kind: "import"; readonly specifier: string; readonly offset: number }
  | { readonly kind: "computed"; readonly text: string; readonly offset: number };

interface Token {
  readonly type: string;
  readonly value: string;
  readonly offset: number;
}

const SCHEME = "scope:";

/**
 * Finds `scope:` imports in script: `import` and `export … from`, `import()` (in types too) and `require()`.
 * Comments, ordinary strings and JSX text are none. Code with syntax errors is read as far as it goes.
 */
export function scanScript(code: string, jsx: boolean): readonly ScannedUse[] {
  const tokens = significantTokens(code, jsx);
  const variables = variablesWithSpecifier(tokens);
  const uses: ScannedUse[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.type !== "IdentifierName" || isMember(tokens[index - 1])) continue;
    const next = tokens[index + 1];
    if (next === undefined) break;
    if (token.value === "import" || token.value === "from") {
      if (next.type === "StringLiteral") addImport(uses, next);
    }
    if ((token.value === "import" || token.value === "require") && next.value === "(") {
      addCall(uses, tokens, index + 2, variables, code);
    }
  }
  return uses;
}

function addImport(uses: ScannedUse[], literal: Token): void {
  const specifier = stringValue(literal.value);
  if (specifier.startsWith(SCHEME)) uses.push({ kind: "import", specifier, offset: literal.offset });
}

/** The argument of `import(` or `require(`, which begins at `index`. */
function addCall(
  uses: ScannedUse[],
  tokens: readonly Token[],
  index: number,
  variables: ReadonlySet<string>,
  code: string,
): void {
  const argument = tokens[index];
  const after = tokens[index + 1];
  if (argument === undefined) return;
  const endsHere = after === undefined || after.value === ")" || after.value === ",";
  if (isText(argument) && endsHere) {
    addImport(uses, argument);
    return;
  }
  const isComputed = startsWithScheme(argument) || (isName(argument) && variables.has(argument.value));
  if (!isComputed) return;
  const end = closing(tokens, index);
  const text = code.slice(argument.offset, end).replace(/\s+/g, " ").trim();
  uses.push({
    kind: "computed",
    text: text.length > 80 ? `${text.slice(0, 80)}…` : text,
    offset: argument.offset,
  });
}

/** Offset of the bracket that ends the call whose first argument is at `index`. */
function closing(tokens: readonly Token[], index: number): number {
  let depth = 0;
  for (const token of tokens.slice(index)) {
    if (token.value === ")" && depth === 0) return token.offset;
    if (token.value === "(") depth += 1;
    if (token.value === ")") depth -= 1;
  }
  const last = tokens.at(-1);
  return last === undefined ? 0 : last.offset + last.value.length;
}

/** Names of variables that are declared with a text beginning with `scope:`. */
function variablesWithSpecifier(tokens: readonly Token[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    if (!startsWithScheme(token) || tokens[index - 1]?.value !== "=") continue;
    // A type annotation may lie between the name and the equals sign.
    for (let at = index - 2; at > 0 && at > index - 40; at--) {
      const before = tokens[at - 1]?.value;
      if (before === "const" || before === "let" || before === "var") {
        names.add(tokens[at]?.value ?? "");
        break;
      }
      if (tokens[at]?.value === ";") break;
    }
  }
  return names;
}

function significantTokens(code: string, jsx: boolean): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  for (const { type, value } of jsTokens(jsx ? maskTypeParameters(code) : code, { jsx })) {
    if (!IGNORED.has(type)) {
      tokens.push({ type, value: code.slice(offset, offset + value.length), offset });
    }
    offset += value.length;
  }
  return tokens;
}

const IGNORED = new Set([
  "WhiteSpace",
  "LineTerminatorSequence",
  "SingleLineComment",
  "MultiLineComment",
  "HashbangComment",
  "JSXText",
]);

/**
 * Blanks the `<` of `<T,>(x) => …` and `<T extends U>(x) => …`. TypeScript takes these for type parameters even
 * where JSX is allowed; the tokeniser would take the rest of the file for the text of an element.
 */
function maskTypeParameters(code: string): string {
  return code.replace(/<(?=\s*(?:const\s+)?[\p{L}_$][\p{L}\p{N}_$]*\s*(?:,|extends\s+[^\s=>/]))/gu, " ");
}

function isMember(before: Token | undefined): boolean {
  return before?.value === "." || before?.value === "?." || before?.value === "#";
}

function isText({ type }: Token): boolean {
  return type === "StringLiteral" || type === "NoSubstitutionTemplate";
}

function isName({ type }: Token): boolean {
  return type === "IdentifierName";
}

function startsWithScheme(token: Token): boolean {
  if (token.type === "TemplateHead") return token.value.startsWith(`\`${SCHEME}`);
  return isText(token) && stringValue(token.value).startsWith(SCHEME);
}
