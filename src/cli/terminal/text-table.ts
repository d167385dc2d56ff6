import textWidth from "fast-string-width";
import { printable } from "../../errors/printable.ts";
import { wrapText } from "./wrap-text.ts";

/** No column is made narrower than this by breaking words. */
const NARROWEST = 8;
const SEGMENTER = new Intl.Segmenter();
const GAP = 2;

/**
 * Rows as aligned columns, two spaces apart, with a head; ends with a line feed. Columns are as wide as what
 * they hold, colours not counted. Control characters are replaced: names come from elsewhere.
 *
 * @param width terminal columns to fit in, by breaking the widest cells at spaces, and words where that is not
 * enough; undefined: as wide as it gets
 */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width?: number | undefined,
): string {
  const all = [head, ...rows].map((row) =>
    row.map((cell) => printable(cell.replace(/[\r\n\t]+/g, " "), { keepColors: true })),
  );
  const columns = head.map((_, column) => all.map((row) => row[column] ?? ""));
  const natural = columns.map((cells) =>
    cells.reduce((widest, cell) => Math.max(widest, textWidth(cell)), 0),
  );
  // Where whole words do not fit, the longest are broken, rather than every line by the terminal.
  const widths = fit(
    fit(natural, columns.map(longestWord), width),
    columns.map((cells) =>
      Math.max(Math.min(longestWord(cells), NARROWEST), longestWord(cells.filter(isPainted))),
    ),
    width,
  );
  const lines = all.flatMap((row) => {
    const cells = row.map((cell, column) =>
      wrapText(breakWords(cell, widths[column] ?? 0), widths[column]).split("\n"),
    );
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, index) =>
      cells
        .map((cell, column) => pad(cell[index] ?? "", widths[column] ?? 0))
        .join(" ".repeat(GAP))
        .trimEnd(),
    );
  });
  return `${lines.join("\n")}\n`;
}

function longestWord(cells: readonly string[]): number {
  return cells
    .flatMap((cell) => cell.split(" "))
    .reduce((widest, word) => Math.max(widest, textWidth(word)), 0);
}

/** Colours are closed where a word ends, so painted words stay whole. */
function isPainted(cell: string): boolean {
  return cell.includes("\x1b");
}

/** Puts a space into words that are wider than their column, wherever it is full. */
function breakWords(cell: string, width: number): string {
  if (isPainted(cell)) return cell;
  return cell
    .split(" ")
    .map((word) => (textWidth(word) <= width ? word : piecesOf(word, width).join(" ")))
    .join(" ");
}

function piecesOf(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const { segment } of SEGMENTER.segment(word)) {
    if (piece !== "" && textWidth(piece + segment) > width) {
      pieces.push(piece);
      piece = "";
    }
    piece += segment;
  }
  return [...pieces, piece];
}

/** Takes from the widest column that can be narrower, again and again, until all fit or none can. */
function fit(natural: readonly number[], narrowest: readonly number[], width: number | undefined): number[] {
  const widths = [...natural];
  if (width === undefined) return widths;
  for (;;) {
    const excess = widths.reduce((sum, one) => sum + one, GAP * (widths.length - 1)) - width;
    const shrinkable = widths.filter((one, column) => one > (narrowest[column] ?? one));
    if (excess <= 0 || shrinkable.length === 0) return widths;
    const widest = Math.max(...shrinkable);
    const column = widths.findIndex((one, at) => one === widest && one > (narrowest[at] ?? one));
    const second = Math.max(0, ...shrinkable.filter((one) => one < widest));
    widths[column] = Math.max(
      narrowest[column] ?? 0,
      Math.min(widest - 1, Math.max(second, widest - excess)),
    );
  }
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}

/** `1 prompt`, `2 prompts`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
