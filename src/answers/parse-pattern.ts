/**
 * A pattern as data that the output helper runs: one character, by what matches it (`"a"`, `"\\d"`, `"[a-z]"`) or the
 * place between two (`"^"`, `"$"`, `"\\b"`, `"\\B"`); all of several; one of several; one repeated (`null`: without
 * limit).
 */
export type Pattern =
  | string
  | readonly ["all", ...Pattern[]]
  | readonly ["any", ...Pattern[]]
  | readonly ["times", min: number, max: number | null, Pattern];

/** Repeats are expanded when a pattern runs: each character of a text can meet as many states. */
const MAX_STATES = 5000;

const TOKEN =
  /\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[dD][89abAB]..\\u[dD][c-fC-F]..|u....|x..|c.|k<[^>]*>|\d+|.)|\[(?:\\.|[^\]\\])*\]|[*+?]\??|\{\d+,?\d*\}\??|\((?:\?(?:<?[=!]|<[^>]*>|[^)]*?:))?|[\s\S]/gsu;

/**
 * Reads a regular expression as in JSON Schema, with flag `u`.
 *
 * @throws SchemaProblem if it isn't one, or can't be run in linear time: backreferences and lookaround
 */
export function parsePattern(text: string, path: readonly string[]): Pattern {
  const problem = (what: string, hint?: string) =>
    new SchemaProblem(path, `the pattern ${JSON.stringify(text)} ${what}`, hint);
  try {
    new RegExp(text, "u");
  } catch {
    throw problem("isn't a regular expression");
  }
  const tokens = text.match(TOKEN) ?? [];
  let at = 0;
  const alternatives = (): Pattern => {
    const all: Pattern[] = [sequence()];
    while (tokens[at] === "|") {
      at += 1;
      all.push(sequence());
    }
    return all.length === 1 ? (all[0] as Pattern) : ["any", ...all];
  };
  const sequence = (): Pattern => {
    const all: Pattern[] = [];
    while (at < tokens.length && tokens[at] !== "|" && tokens[at] !== ")") all.push(repeated(one()));
    return all.length === 1 ? (all[0] as Pattern) : ["all", ...all];
  };
  const one = (): Pattern => {
    const token = tokens[at++] as string;
    if (/^\\(?:[1-9]|k<)/.test(token))
      throw problem("refers back to a group", "Write out what the group can match.");
    if (!token.startsWith("(")) return token;
    if (/^\(\?<?[=!]/.test(token))
      throw problem("looks ahead or behind", "Use several patterns, with allOf, anyOf or not.");
    if (/^\(\?[^:<]/.test(token)) throw problem("changes flags inside", "Write out both cases: [aA].");
    const inside = alternatives();
    at += 1;
    return inside;
  };
  const repeated = (pattern: Pattern): Pattern => {
    const token = tokens[at] ?? "";
    const [, least, comma, most] = /^\{(\d+)(?:(,)(\d*))?\}/.exec(token) ?? [];
    if (least === undefined && !/^[*+?]/.test(token)) return pattern;
    at += 1;
    if (least === undefined)
      return ["times", token.startsWith("+") ? 1 : 0, token.startsWith("?") ? 1 : null, pattern];
    const min = Number(least);
    return ["times", min, comma === undefined ? min : most === "" ? null : Number(most), pattern];
  };
  const pattern = alternatives();
  if (statesOf(pattern) > MAX_STATES)
    throw problem(
      `repeats more than ${MAX_STATES.toLocaleString("en")} parts`,
      "Use a smaller bound, or * and maxLength.",
    );
  return pattern;
}

/** The most states that it has when it runs, which is also the most steps for a character. */
export function statesOf(pattern: Pattern): number {
  if (typeof pattern === "string") return 1;
  if (pattern[0] === "times")
    return 1 + Math.max(pattern[1] + 1, pattern[2] ?? 0) * (statesOf(pattern[3]) + 1);
  return (pattern.slice(1) as Pattern[]).reduce<number>((sum, part) => sum + statesOf(part), 1);
}

export class SchemaProblem extends Error {
  readonly path: readonly string[];
  readonly hint: string | undefined;

  constructor(path: readonly string[], message: string, hint?: string) {
    super(message);
    this.path = path;
    this.hint = hint;
  }
}
