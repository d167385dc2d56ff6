import { stripVTControlCharacters } from "node:util";

/**
 * Rows as aligned columns, two spaces apart, with a head; ends with a line feed. Columns are as wide as what
 * they hold, colours not counted. Control characters are replaced: names come from elsewhere.
 */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((row) => row.map((cell) => cell.replace(/[\r\n\t]+/g, " ")));
  const widths = head.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ""))));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - width(cell)))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

/** Terminal columns of a text: CJK characters and emoji take two, combining marks none. */
function width(text: string): number {
  let columns = 0;
  for (const { segment } of SEGMENTER.segment(stripVTControlCharacters(text))) {
    columns += WIDE.test(segment) ? 2 : 1;
  }
  return columns;
}

const SEGMENTER = new Intl.Segmenter();
const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** `1 prompt`, `2 prompts`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
