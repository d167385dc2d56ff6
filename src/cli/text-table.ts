import { printable } from "../errors/printable.ts";
import { textWidth } from "./text-width.ts";
import { wrapText } from "./wrap-text.ts";

const GAP = 2;

/**
 * Rows as aligned columns, two spaces apart, with a head; ends with a line feed. Columns are as wide as what
 * they hold, colours not counted. Control characters are replaced: names come from elsewhere.
 *
 * @param width terminal columns to fit in, by breaking the widest cells at spaces; undefined: as wide as it gets
 */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width?: number | undefined,
): string {
  const all = [head, ...rows].map((row) =>
    row.map((cell) => printable(cell.replace(/[\r\n\t]+/g, " "), { keepColors: true })),
  );
  const cellsOf = (column: number) => all.map((row) => row[column] ?? "");
  const widths = fit(
    head.map((_, column) => Math.max(...cellsOf(column).map(textWidth))),
    head.map((_, column) =>
      Math.max(
        ...cellsOf(column)
          .flatMap((cell) => cell.split(" "))
          .map(textWidth),
      ),
    ),
    width,
  );
  const lines = all.flatMap((row) => {
    const cells = row.map((cell, column) => wrapText(cell, widths[column]).split("\n"));
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
