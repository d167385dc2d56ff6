import { masked } from "./printable.ts";
import type { Where } from "./scope-error.ts";

const WHITE_SPACE = /[ \t\n\r]*/y;
const LITERAL = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const GOES_ON = /[\w.+-]/;
const ESCAPE = /["\\/bfnrt]|u[\da-fA-F]{4}/y;

/**
 * Where a text stops being JSON, in UTF-16 units; undefined when it is JSON. What engines say of it themselves names a
 * place only sometimes, and not in the same words.
 */
export function findJsonProblem(text: string): number | undefined {
  const open: ("{" | "[")[] = [];
  let expected: "value" | "value-or-end" | "key" | "key-or-end" | "colon" | "comma-or-end" = "value";
  let at = 0;
  const goTo = (end: number | undefined): boolean => {
    if (end !== undefined) at = end;
    return end !== undefined;
  };
  for (;;) {
    goTo(endOf(WHITE_SPACE, text, at));
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
    } else if (sign === '"' && /^(?:key|value)/.test(expected)) {
      const read = readText(text, at);
      if (read.end === undefined) return read.problem;
      at = read.end;
      expected = expected.startsWith("key") ? "colon" : "comma-or-end";
    } else if (expected.startsWith("value") && (sign === "{" || sign === "[")) {
      at++;
      open.push(sign);
      expected = sign === "{" ? "key-or-end" : "value-or-end";
    } else if (expected.startsWith("value") && goTo(literalEnd(text, at))) {
      expected = "comma-or-end";
    } else return at;
  }
}

/** Where a token that begins at a place ends; undefined when none does. */
function endOf(token: RegExp, text: string, at: number): number | undefined {
  token.lastIndex = at;
  return token.test(text) ? token.lastIndex : undefined;
}

function literalEnd(text: string, at: number): number | undefined {
  const end = endOf(LITERAL, text, at);
  return end === undefined || GOES_ON.test(text[end] ?? "") ? undefined : end;
}

/**
 * Where a text in quotes ends, or where it stops being one: at its start when it is never closed. A loop, for time and
 * stack that do not depend on what is in it.
 */
function readText(text: string, start: number): { end: number } | { end?: undefined; problem: number } {
  for (let at = start + 1; at < text.length; at++) {
    const sign = text[at] as string;
    if (sign === '"') return { end: at + 1 };
    // JSON allows no control character inside a text.
    if (sign < " ") return { problem: at };
    if (sign !== "\\") continue;
    const end = endOf(ESCAPE, text, at + 1);
    if (end === undefined) return { problem: at };
    at = end - 1;
  }
  return { problem: start };
}

/** So much of a line is shown, and so much of that before the mark. */
const FRAME_WIDTH = 100;
const BEFORE_MARK = 60;

/** A place in a text as an error shows it: line, column, and the line itself with a mark under it. */
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
  const plain = masked(shown.replace(/[\t\p{Surrogate}]/gu, "·"));
  return { line, column, frame: `${number}${plain}\n${mark}` };
}

/** The place in a text, which is no JSON, where it stops being so. */
export function locateJsonProblem(text: string): Where {
  return placeIn(text, findJsonProblem(text) ?? text.length);
}
