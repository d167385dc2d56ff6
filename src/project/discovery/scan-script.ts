import jsTokens from "js-tokens";
import { stringValue } from "../../compiler/3-emit/types/tokens.ts";

export type ScannedUse =
  | {
      readonly kind: "import";
      readonly specifier: string;
      readonly offset: number;
      /** The exports that it names; `*` is the whole module. */
      readonly taken: readonly string[];
    }
  | { readonly kind: "computed"; readonly text: string; readonly offset: number };

const SCHEME = "scope:";

export interface ScriptKind {
  readonly jsx: boolean;
  /** In other scripts the types in JSDoc comments count. */
  readonly typescript: boolean;
}

/**
 * Finds `scope:` imports in a script: `import` and `export … from`, `import()` (in types too) and `require()`. Comments
 * (except JSDoc types), ordinary strings and JSX text don't count. Code with syntax errors is read as far as possible.
 *
 * @returns by offset
 */
export function scanScript(
  code: string,
  { jsx, typescript }: ScriptKind,
  end?: number,
): readonly ScannedUse[] {
  const all = allTokens(code, jsx, end);
  const tokens = all.filter(isCode);
  const uses: ScannedUse[] = [];
  const add = ({ value, offset }: Token, at: number) => {
    const specifier = stringValue(value);
    if (specifier.startsWith(SCHEME))
      uses.push({ kind: "import", specifier, offset, taken: takenNames(tokens, at) });
  };
  for (const [index, token] of tokens.entries()) {
    if (token.type !== "IdentifierName" || /^(?:\??\.|#)$/.test(tokens[index - 1]?.value ?? "")) continue;
    const next = tokens[index + 1];
    if (next === undefined) break;
    if (/^(?:import|from)$/.test(token.value) && next.type === "StringLiteral") add(next, index + 1);
    if ((token.value === "import" || token.value === "require") && next.value === "(") {
      const start = index + 2;
      const argument = tokens.slice(start, argumentEnd(tokens, start));
      for (const [at, literal] of argument.entries()) if (isWhole(argument, at)) add(literal, start + at);
      const text = computedText(argument, code);
      if (text !== undefined) uses.push({ kind: "computed", text, offset: tokens[start]?.offset ?? 0 });
    }
  }
  const comments = typescript ? [] : all.filter(({ type }) => type === "MultiLineComment");
  for (const { value, offset } of comments)
    for (const use of scanJsdoc(value))
      uses.push({ ...use, kind: "import", offset: offset + use.offset, taken: [] });
  return uses.sort((a, b) => a.offset - b.offset);
}

/** The names that the import with its specifier at `at` takes; `*` is the whole module. */
function takenNames(tokens: readonly Token[], at: number): readonly string[] {
  const before = tokens[at - 1]?.value;
  // Loaded for its side effects, and it has none.
  if (before === "import") return [];
  if (before === "from") {
    let start = at - 1;
    while (start > 0 && !/^(?:im|ex)port$/.test(tokens[start]?.value ?? "")) start -= 1;
    return tokens
      .slice(start + 1, at - 1)
      .map(({ type, value }) => (type === "StringLiteral" ? stringValue(value) : value));
  }
  // `import("…").Variables`, as types have it.
  const [close, dot, name] = tokens.slice(at + 1, at + 4);
  const isMember = close?.value === ")" && dot?.value === "." && name?.value !== "then";
  return isMember && name !== undefined ? [name.value] : ["*"];
}

/** Is a token of an argument a text, and all of it or a branch of a condition? */
function isWhole(argument: readonly Token[], at: number): boolean {
  return (
    isText(argument[at]) &&
    /^[(?:]$/.test(argument[at - 1]?.value ?? "(") &&
    /^[):]$/.test(argument[at + 1]?.value ?? ")")
  );
}

/** An argument with a specifier that is only known when the code runs, on one line, shortened. */
function computedText(argument: readonly Token[], code: string): string | undefined {
  const [first] = argument;
  const last = argument.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (!argument.some((token, at) => startsWithScheme(token) && !isWhole(argument, at))) return undefined;
  const text = code.slice(first.offset, last.offset + last.value.length).replace(/\s+/g, " ");
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
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

function isText(token: Token | undefined): boolean {
  return token?.type === "StringLiteral" || token?.type === "NoSubstitutionTemplate";
}

function startsWithScheme(token: Token): boolean {
  if (token.type === "TemplateHead") return token.value.startsWith(`\`${SCHEME}`);
  return isText(token) && stringValue(token.value).startsWith(SCHEME);
}

/** A type takes a member of the module; an example calls it, or awaits it. */
const TYPE_IMPORT = /(\bimport\s*\(\s*)(["'])(scope:[^"'\\\n]*)\2\s*\)\s*\.\s*\w/g;
const TAG_IMPORT = /(@import\s[^"'@]*?\bfrom\s*)(["'])(scope:[^"'\\\n]*)\2/g;

/**
 * Finds `scope:` imports in the types of a JSDoc comment, which TypeScript reads in JavaScript:
 * `@param {import("scope:x").Variables} v` and `@import { Variables } from "scope:x"`. Examples don't count.
 *
 * @param comment with its delimiters
 * @returns each with its offset in the comment
 */
function scanJsdoc(comment: string): readonly { readonly specifier: string; readonly offset: number }[] {
  if (!comment.startsWith("/**") || !comment.includes("scope:")) return [];
  const found = [...comment.matchAll(TYPE_IMPORT), ...comment.matchAll(TAG_IMPORT)];
  return found.map(({ index, 1: before = "", 3: specifier = "" }) => ({
    specifier,
    offset: index + before.length,
  }));
}

/** A token of a script; includes white space and comments. */
export interface Token {
  readonly type: string;
  readonly value: string;
  readonly offset: number;
}

/** @param end nothing is needed of what begins later than this, except the {@link REST} of a statement */
export function allTokens(code: string, jsx: boolean, end = code.length): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  let rest = REST;
  for (const { type, value } of jsTokens(jsx ? maskTypeParameters(code) : code, { jsx })) {
    tokens.push({ type, value: code.slice(offset, offset + value.length), offset });
    offset += value.length;
    if (offset > end && rest-- === 0) break;
  }
  return tokens;
}

/** How many tokens after a specifier can say what its import takes, or belong to an argument as it's shown. */
const REST = 100;

/** Tokens that mean something to the compiler. */
function isCode({ type }: Token): boolean {
  return !IGNORED.has(type);
}

/** Index of the bracket that closes the one at `start`; the end if none does. */
function bracketEnd(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    const value = tokens[at]?.value ?? "";
    if (isOpening(value)) depth += 1;
    else if (value === ")" || value === "]" || value === "}") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return tokens.length;
}

function isOpening(value: string): boolean {
  return value === "(" || value === "[" || value === "{";
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
 * Blanks the `<` of `<T,>(x) => …` and `<T extends U>(x) => …`. TypeScript reads these as type parameters even if JSX
 * is allowed; the tokeniser would take the rest of the file as the text of an element.
 */
function maskTypeParameters(code: string): string {
  return code.replace(/<(?=\s*(?:const\s+)?[\p{L}_$][\p{L}\p{N}_$]*\s*(?:,|extends\s+[^\s=>/]))/gu, " ");
}
