import { type StructuredPatchHunk, structuredPatch } from "diff";

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
  const patch = (a: string, b: string, maxEditLength: number) =>
    structuredPatch("", "", ended(a), ended(b), "", "", { context: 3, maxEditLength })?.hunks;
  const hunks = patch(from, to, most) ?? [
    joined(patch(from, "", Infinity)?.[0], patch("", to, Infinity)?.[0]),
  ];
  return hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
    head: `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    lines,
  }));
}

/** The time grows with the square of the edits; past these it's easier to read the two texts one after the other. */
export const MAX_LINE_EDITS = 2000;

/** One text removed and the other added. */
function joined(removed: StructuredPatchHunk | undefined, added: StructuredPatchHunk | undefined) {
  const [oldLines, newLines] = [removed?.oldLines ?? 0, added?.newLines ?? 0];
  const lines = [...(removed?.lines ?? []), ...(added?.lines ?? [])];
  // An empty side begins at the line before it.
  return { oldStart: Math.min(oldLines, 1), oldLines, newStart: Math.min(newLines, 1), newLines, lines };
}

function range(start: number, lines: number): string {
  return lines === 1 ? String(start) : `${start},${lines}`;
}
