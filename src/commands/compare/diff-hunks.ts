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
  const patch = structuredPatch("", "", ended(from), ended(to), "", "", { context: 3, maxEditLength: most });
  const hunks = patch?.hunks ?? [wholeHunk(ended(from), ended(to))];
  return hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
    head: `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    lines,
  }));
}

/** The time grows with the square of the edits; past these it's easier to read the two texts one after the other. */
export const MAX_LINE_EDITS = 2000;

/** One text removed and the other added. */
function wholeHunk(from: string, to: string) {
  const [removed, added] = [signed("-", from), signed("+", to)];
  const [oldLines, newLines] = [removed.length, added.length];
  // An empty side begins at the line before it.
  const [oldStart, newStart] = [Math.min(oldLines, 1), Math.min(newLines, 1)];
  return { oldStart, oldLines, newStart, newLines, lines: [...withRemark(removed), ...withRemark(added)] };
}

function signed(sign: string, text: string): readonly string[] {
  return text === "" ? [] : text.split(/(?<=\n)/).map((line) => sign + line);
}

function withRemark(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) =>
    line.endsWith("\n") ? [line.slice(0, -1)] : [line, "\\ No newline at end of file"],
  );
}

function range(start: number, lines: number): string {
  return lines === 1 ? String(start) : `${start},${lines}`;
}
