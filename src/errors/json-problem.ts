import { visit } from "jsonc-parser";
import { masked } from "./printable.ts";
import type { Where } from "./scope-error.ts";

/**
 * Where a text stops being valid JSON, in UTF-16 units: at the start of the token that JSON doesn't allow there, or at
 * the line break in a string; undefined if it's valid. JavaScript engines only sometimes report a place, and word it
 * differently.
 */
export function findJsonProblem(text: string): number | undefined {
  let first: number | undefined;
  const onError = (_: unknown, offset: number, length: number) => {
    const end = offset + length;
    const isCutByLine = text[offset] === '"' && text[end - 1] !== '"' && /[\n\r]/.test(text[end] ?? "");
    first ??= isCutByLine ? end : offset;
  };
  try {
    visit(text, { onError }, { disallowComments: true });
  } catch (error) {
    // The parser recurses for each level: text nested this deep isn't real JSON, and gets no place.
    if (!(error instanceof RangeError)) throw error;
    return text.length;
  }
  return first;
}

/** How much of a line is shown, and how much of that before the mark. */
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
  // A tab or half of a cut surrogate pair would move the mark.
  const plain = masked(shown.replace(/[\t\p{Surrogate}]/gu, "·"));
  return { line, column, frame: `${number}${plain}\n${mark}` };
}

/** The place where a text stops being valid JSON. */
export function locateJsonProblem(text: string): Where {
  return placeIn(text, findJsonProblem(text) ?? text.length);
}
