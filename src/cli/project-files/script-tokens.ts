import jsTokens from "js-tokens";

/** A token of script that means something: no white space, no comment. */
export interface ScriptToken {
  readonly type: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** How many brackets are open around it. */
  readonly depth: number;
  /** It is the first of its line. */
  readonly startsLine: boolean;
}

const IGNORED = new Set(["WhiteSpace", "SingleLineComment", "MultiLineComment", "HashbangComment"]);

/** The tokens of a script, TypeScript included; undefined when its brackets do not match. */
export function scriptTokens(text: string): readonly ScriptToken[] | undefined {
  const tokens: ScriptToken[] = [];
  const open: string[] = [];
  let start = 0;
  let startsLine = true;
  for (const { type, value } of jsTokens(text)) {
    const end = start + value.length;
    if (type === "LineTerminatorSequence") startsLine = true;
    else if (!IGNORED.has(type)) {
      const closes = CLOSES[value];
      if (type === "Punctuator" && closes !== undefined && open.pop() !== closes) return undefined;
      tokens.push({ type, value, start, end, depth: open.length, startsLine });
      if (type === "Punctuator" && "({[".includes(value)) open.push(value);
      startsLine = false;
    }
    start = end;
  }
  return open.length === 0 ? tokens : undefined;
}

const CLOSES: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** Index of the bracket that ends what begins at `index`. */
export function closingIndex(tokens: readonly ScriptToken[], index: number): number {
  const depth = tokens[index]?.depth;
  return tokens.findIndex((token, at) => at > index && token.depth === depth && token.value in CLOSES);
}
