import { withoutHashes } from "../../compiler/3-emit/types/emit-types.ts";
import { allTokens, stringValue, type Token } from "../discovery/scan-script.ts";

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
  const tokens = allTokens(code, false).filter(
    ({ type, value }) => !LAYOUT.has(type) && value !== ESLINT_DISABLE,
  );
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
/** `eslint --fix` takes it out where no rule needs it. */
const ESLINT_DISABLE = "/* eslint-disable */";
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

/** The `declare module` blocks of a types file, by specifier, in any formatter's layout. Line endings don't count. */
export function declarationBlocks(code: string): ReadonlyMap<string, string> {
  const blocks = new Map<string, string>();
  let open: { specifier: string; lines: string[] } | undefined;
  for (const line of code.replaceAll("\r\n", "\n").split("\n")) {
    if (open === undefined) {
      const [, quoted] = /^declare module ("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*') \{$/.exec(line) ?? [];
      if (quoted !== undefined) open = { specifier: stringValue(quoted), lines: [line] };
      continue;
    }
    open.lines.push(line);
    if (line !== "}") continue;
    // TypeScript merges two blocks of one specifier.
    blocks.set(open.specifier, [blocks.get(open.specifier), ...open.lines].filter(Boolean).join("\n"));
    open = undefined;
  }
  return blocks;
}

/**
 * The blocks of types files without the prompts' texts, which only an editor shows: two equal ones declare the same
 * types.
 */
export function bareBlocks(texts: readonly string[]): ReadonlyMap<string, string> {
  const blocks = declarationBlocks(texts.join("\n"));
  return new Map([...blocks].map(([specifier, block]) => [specifier, withoutComments(block)]));
}

function withoutComments(block: string): string {
  const [head = "", ...rest] = withoutHashes(block).split(/\n[ \t]+\/\*\*\n/);
  return head + rest.map((part) => part.slice(part.indexOf("*/\n") + "*/".length)).join("");
}
