import { randomUUID } from "node:crypto";
import textWidth from "fast-string-width";
import { wrapAnsi } from "fast-wrap-ansi";
import picocolors from "picocolors";
import { printable } from "../../errors/printable.ts";

export type Colors = ReturnType<typeof picocolors.createColors>;

const ESCAPE = "\x1b";
/** Stands for the escape character in the colours of this package until they are printed. Nobody else can write it. */
const OWN = `${ESCAPE}${randomUUID()}`;

/** Colours whose text goes through {@link terminalText} before it is printed. */
export function createColors(isOn: boolean): Colors {
  const colors = Object.entries(picocolors.createColors(isOn)).map(([name, paint]) => {
    if (!isOn || typeof paint !== "function") return [name, paint];
    const [open = "", close = ""] = ownColors(paint("\0")).split("\0");
    // What is painted can have colours of its own.
    return [name, (text: string) => open + text.replaceAll(close, close + open) + close];
  });
  return Object.fromEntries(colors) as Colors;
}

/** Text as it goes to a terminal: the only control characters in it are those of this package's own colours. */
export function terminalText(text: string): string {
  const parts = text.split(OWN).map((part) => printable(part, { keepCommands: true }));
  return parts.join(ESCAPE);
}

/** Marks the colours of a text in which all are this package's own. */
export function ownColors(text: string): string {
  return text.replaceAll(ESCAPE, OWN);
}

/** Text with its colours, and everything else unchanged: for a file or another program. */
export function verbatim(text: string): string {
  return text.replaceAll(OWN, ESCAPE);
}

/** A private character, one column wide, at which no line is broken. */
const UNBROKEN = "\uE000";

/**
 * Breaks lines at spaces to fit terminal columns. The rest of a broken line is indented like the line, and by two more
 * with `hanging`. A word that is too long on its own, such as a path or an address, stays whole, and so does `npx
 * scope-gen`.
 */
export function wrapText(text: string, width: number | undefined, { hanging = false } = {}): string {
  if (width === undefined) return text;
  const wrapped = terminalText(text)
    .split("\n")
    .map((line) => {
      const own = /^ */.exec(line)?.[0] ?? "";
      const indent = hanging ? `${own}  ` : own;
      const words = line.slice(own.length).replaceAll(/(?<=\S) (?=scope-gen )/g, UNBROKEN);
      const lines = wrapAnsi(words, width - indent.length).replaceAll(UNBROKEN, " ");
      return own + lines.replaceAll("\n", `\n${indent}`);
    })
    .join("\n");
  return ownColors(wrapped);
}

/** No column gets narrower than this if words can stay whole without it. */
const FAIR = 20;
/** No column gets narrower than this by breaking words. */
const NARROWEST = 8;
const GAP = 2;

/**
 * Rows as aligned columns, two spaces apart, with a head. Columns are as wide as their content, not counting colours;
 * to fit in `width`, the widest cells are broken at spaces, and words if that leaves the others too little.
 */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width?: number | undefined,
): string {
  const all = [head, ...rows].map((row) => row.map((cell) => terminalText(cell.replace(/[\r\n\t]+/g, " "))));
  const columns = head.map((_, column) => all.map((row) => row[column] ?? ""));
  const natural = columns.map(widest);
  const widths = width === undefined ? natural : fit(natural, leastWidths(columns), width);
  const lines = all.flatMap((row) => {
    const cells = row.map((cell, column) =>
      width === undefined ? [cell] : wrapAnsi(cell, widths[column] ?? 0, { hard: true }).split("\n"),
    );
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, index) =>
      cells
        .map((cell, column) => {
          const text = cell[index] ?? "";
          return text + " ".repeat(Math.max(0, (widths[column] ?? 0) - textWidth(text)));
        })
        .join(" ".repeat(GAP))
        .trimEnd(),
    );
  });
  return ownColors(`${lines.join("\n")}\n`);
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, one) => Math.max(most, textWidth(one)), 0);
}

/**
 * How narrow each column can get: whole words and no squeezed column; whole words; broken words, but no coloured ones.
 */
function leastWidths(columns: readonly (readonly string[])[]): readonly (readonly number[])[] {
  const longestWord = (cells: readonly string[]) => widest(cells.flatMap((cell) => cell.split(" ")));
  const words = columns.map(longestWord);
  const painted = columns.map((cells) => longestWord(cells.filter((cell) => cell.includes(ESCAPE))));
  return [
    words.map((word) => Math.max(word, FAIR)),
    words,
    words.map((word, column) => Math.max(Math.min(word, NARROWEST), painted[column] ?? 0)),
  ];
}

/** The widths for the first minimums that fit, with all wider columns cut to one width; otherwise the last minimums. */
function fit(
  natural: readonly number[],
  leasts: readonly (readonly number[])[],
  width: number,
): readonly number[] {
  const room = width - GAP * (natural.length - 1);
  let widths = natural;
  for (const least of leasts) {
    for (let most = Math.max(0, room); most >= 0; most--) {
      widths = natural.map((one, column) => Math.min(one, Math.max(most, least[column] ?? 0)));
      if (widths.reduce((sum, one) => sum + one, 0) <= room) return widths;
    }
  }
  return widths;
}

/** `1 prompt`, `2 prompts`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Said of a project without prompts. */
export const NO_PROMPTS = "No prompts: nothing is imported or configured.";
