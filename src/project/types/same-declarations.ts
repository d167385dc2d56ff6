import { allTokens, type Token } from "../discovery/script-tokens.ts";
import { stringValue } from "../discovery/string-value.ts";

/**
 * Do two texts of a types file declare the same? Ignores what formatters and checkouts change: white space, line
 * endings, quotes, optional separators, the `|` before a union's first member. Everything else counts, including
 * comments: editors show them.
 */
export function declareTheSame(one: string, other: string): boolean {
  if (one === other) return true;
  const [left, right] = [significantTokens(one), significantTokens(other)];
  return left.length === right.length && left.every((token, at) => token === right[at]);
}

/** What is left of a text without its layout, token by token. */
function significantTokens(code: string): string[] {
  const tokens = allTokens(code, false).filter(({ type }) => !LAYOUT.has(type));
  const texts: string[] = [];
  for (const [at, token] of tokens.entries()) {
    const before = texts.at(-1) ?? ";";
    // Line endings alone can separate the members of a type.
    if (token.value === ";") continue;
    if (token.value === "|" && OPENS_TYPE.has(before)) continue;
    if (before === "," && CLOSES.has(token.value)) texts.pop();
    texts.push(...textsOf(token, before, tokens.slice(at + 1, at + 3)));
  }
  return texts;
}

const LAYOUT = new Set(["WhiteSpace", "LineTerminatorSequence"]);
const OPENS_TYPE = new Set([":", "=", "=>", "(", "[", "<", ",", "?", "extends"]);
const CLOSES = new Set([")", "]", "}", ">"]);
/** What formatters write as a property without quotes. */
const PLAIN_NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

function textsOf({ type, value }: Token, before: string, after: readonly Token[]): string[] {
  if (type.endsWith("Comment"))
    return [
      value
        .split(/\r\n?|\n/)
        .map((line) => line.trim())
        .join("\n"),
    ];
  if (type !== "StringLiteral") return /^>+$/.test(value) ? [...value] : [value];
  const text = stringValue(value);
  const isName = before !== "?" && /^\??:/.test(after.map((token) => token.value).join(""));
  return [isName && PLAIN_NAME.test(text) ? text : JSON.stringify(text)];
}
