import { structuredPatch } from "diff";

/** A run of changed lines with some context: each begins with a space, `-`, `+` or `\`. */
export interface Hunk {
  /** `@@ -1,3 +1,4 @@` */
  readonly head: string;
  readonly lines: readonly string[];
}

/**
 * The lines in which two texts differ, as `diff -u` gives them. None when they're the same.
 *
 * @param most line edits to look for; past them the texts are shown one after the other
 */
export function diffHunks(from: string, to: string, most = MAX_LINE_EDITS): readonly Hunk[] {
  // Hardly any prompt ends with a newline, so it's only worth mentioning if the two differ in it.
  const isBare = !from.endsWith("\n") && !to.endsWith("\n");
  const ended = (text: string) => (isBare && text !== "" ? `${text}\n` : text);
  const options = { context: 3, maxEditLength: most };
  const patch = structuredPatch("", "", ended(from), ended(to), "", "", options);
  const hunks = patch?.hunks ?? [wholeHunk(linesOf(ended(from)), linesOf(ended(to)))];
  return hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
    head: `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    lines,
  }));
}

/** The time grows with the square of the edits; past these it's easier to read the two texts one after the other. */
export const MAX_LINE_EDITS = 2000;

/** With their newlines. */
function linesOf(text: string): readonly string[] {
  return text.split(/(?<=\n)/);
}

/** Everything between the common lines at the start and at the end, as one change. */
function wholeHunk(from: readonly string[], to: readonly string[]) {
  const most = Math.min(from.length, to.length);
  let before = 0;
  while (before < most && from[before] === to[before]) before++;
  let after = 0;
  while (after < most - before && from.at(-1 - after) === to.at(-1 - after)) after++;
  const signed = (sign: string, lines: readonly string[]) =>
    lines.flatMap((line) => {
      if (line === "") return [];
      return line.endsWith("\n") ? [sign + line.slice(0, -1)] : [sign + line, "\\ No newline at end of file"];
    });
  const removed = from.slice(before, from.length - after);
  const added = to.slice(before, to.length - after);
  // An empty side begins at the line before it.
  const count = (lines: readonly string[]) => lines.filter((line) => line !== "").length;
  return {
    oldStart: before + (count(removed) === 0 ? 0 : 1),
    oldLines: count(removed),
    newStart: before + (count(added) === 0 ? 0 : 1),
    newLines: count(added),
    lines: [...signed("-", removed), ...signed("+", added)],
  };
}

function range(start: number, lines: number): string {
  return lines === 1 ? String(start) : `${start},${lines}`;
}
