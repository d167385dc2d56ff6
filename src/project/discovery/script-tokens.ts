import jsTokens from "js-tokens";

/** A token of a script; includes white space and comments. */
export interface Token {
  readonly type: string;
  readonly value: string;
  readonly offset: number;
}

export function allTokens(code: string, jsx: boolean): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  for (const { type, value } of jsTokens(jsx ? maskTypeParameters(code) : code, { jsx })) {
    tokens.push({ type, value: code.slice(offset, offset + value.length), offset });
    offset += value.length;
  }
  return tokens;
}

/** Tokens that mean something to the compiler. */
export function isCode({ type }: Token): boolean {
  return !IGNORED.has(type);
}

/** Index of the bracket that closes the one at `start`; the end if none does. */
export function bracketEnd(tokens: readonly Token[], start: number): number {
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

export function isOpening(value: string): boolean {
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

const SINGLE: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  v: "\v",
  "0": "\0",
};

/**
 * The value of a string literal or a template without expressions, from its source with the quotes.
 *
 * @example stringValue("'scope:it\\'s'") // "scope:it's"
 */
export function stringValue(source: string): string {
  const body = source.slice(1, -1);
  if (!body.includes("\\")) return body;
  return body.replace(
    /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|(\r\n|[\s\S]))/gi,
    (whole, point?: string, unit?: string, byte?: string, char = "") => {
      const code = Number.parseInt(point ?? unit ?? byte ?? "", 16);
      if (!Number.isNaN(code)) return code > 0x10ffff ? whole : String.fromCodePoint(code);
      // A backslash before a line ending continues the literal on the next line.
      if (/^[\r\n\u2028\u2029]/.test(char)) return "";
      return SINGLE[char] ?? char;
    },
  );
}
