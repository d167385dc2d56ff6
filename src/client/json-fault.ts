import type { Where } from "../errors/scope-error.ts";

const WHITE_SPACE = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows none of them inside a text
const TEXT = /"(?:[^"\\\x00-\x1f]+|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const LITERAL = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/**
 * Where a text stops being JSON, in UTF-16 units; undefined when it is JSON. What engines say of it themselves names a
 * place only sometimes, and not in the same words.
 */
export function findJsonFault(text: string): number | undefined {
  const open: ("{" | "[")[] = [];
  let expected: "value" | "value-or-end" | "key" | "key-or-end" | "colon" | "comma-or-end" = "value";
  let at = 0;
  const take = (token: RegExp): boolean => {
    token.lastIndex = at;
    const isThere = token.test(text);
    if (isThere) at = token.lastIndex;
    return isThere;
  };
  for (;;) {
    take(WHITE_SPACE);
    const sign = text[at];
    if (expected === "comma-or-end" && open.length === 0) return at === text.length ? undefined : at;
    const closing = open.at(-1) === "{" ? "}" : "]";
    if (sign === closing && open.length > 0 && expected.endsWith("or-end")) {
      at++;
      open.pop();
      expected = "comma-or-end";
    } else if (expected === "comma-or-end" && sign === ",") {
      at++;
      expected = open.at(-1) === "{" ? "key" : "value";
    } else if (expected === "colon" && sign === ":") {
      at++;
      expected = "value";
    } else if (expected.startsWith("key") && take(TEXT)) {
      expected = "colon";
    } else if (expected.startsWith("value") && (sign === "{" || sign === "[")) {
      at++;
      open.push(sign);
      expected = sign === "{" ? "key-or-end" : "value-or-end";
    } else if (expected.startsWith("value") && (take(TEXT) || take(LITERAL))) {
      expected = "comma-or-end";
    } else return at;
  }
}

/** So much of a line is shown, and so much of that before the mark. */
const FRAME_WIDTH = 100;
const BEFORE_MARK = 60;

/** A place in a text as an error tells it: line, column, and the line itself with a mark under it. */
export function placeIn(text: string, index: number): Pick<Where, "line" | "column" | "frame"> {
  const before = text.slice(0, index).split(/\r\n|[\n\r]/);
  const line = before.length;
  const column = (before.at(-1) as string).length + 1;
  const whole = text.split(/\r\n|[\n\r]/)[line - 1] as string;
  const from = Math.max(0, column - 1 - BEFORE_MARK);
  const shown = `${from > 0 ? "…" : ""}${whole.slice(from, from + FRAME_WIDTH)}${whole.length > from + FRAME_WIDTH ? "…" : ""}`;
  const number = `> ${line} | `;
  const mark = `${" ".repeat(number.length - 2)}| ${" ".repeat(column - 1 - from + (from > 0 ? 1 : 0))}^`;
  // A tab or half of a cut pair would move the mark.
  const plain = shown.replace(/[\p{Cc}\p{Surrogate}]/gu, "·");
  return { line, column, frame: `${number}${plain}\n${mark}` };
}
