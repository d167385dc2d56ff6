import { diffWordsWithSpace, structuredPatch } from "diff";
import type { Colors } from "../../cli/terminal/output.ts";

/** One stretch of changed lines with some around it: each begins with a space, `-`, `+` or `\`. */
export interface Hunk {
  /** `@@ -1,3 +1,4 @@` */
  readonly head: string;
  readonly lines: readonly string[];
}

/**
 * The lines in which two texts differ, as `diff -u` gives them. None when they are the same.
 *
 * @param most line edits that are looked for; past them the texts are shown one after the other
 */
export function diffHunks(from: string, to: string, most = MAX_LINE_EDITS): readonly Hunk[] {
  // Hardly a prompt ends with a line end; only where the two differ in it is that worth saying.
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

/** The time grows with the square of the edits; past these a person reads the two texts one after the other. */
export const MAX_LINE_EDITS = 2000;

/** With their line ends. */
function linesOf(text: string): readonly string[] {
  return text.split(/(?<=\n)/);
}

/** All between the lines that both begin and end with as one change. */
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

/**
 * Hunks as text. In colour the words that differ stand out within their lines; the characters are those of the
 * plain form. Ends with a line feed.
 */
export function formatHunks(hunks: readonly Hunk[], colors: Colors): string {
  return hunks
    .map(({ head, lines }) => `${colors.cyan(head)}\n${paintLines(lines, colors).join("\n")}\n`)
    .join("");
}

function paintLines(lines: readonly string[], colors: Colors): string[] {
  if (!colors.isColorSupported) return [...lines];
  const painted: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const removed = takeWhile(lines, at, "-");
    const added = takeWhile(lines, at + removed.length, "+");
    if (removed.length + added.length === 0) {
      painted.push(colors.dim(lines[at] ?? ""));
      at += 1;
    } else {
      painted.push(...paintChange(removed, added, colors));
      at += removed.length + added.length;
    }
  }
  return painted;
}

/** The lines from `at` on that begin with `sign`, and the remarks between them. */
function takeWhile(lines: readonly string[], at: number, sign: string): readonly string[] {
  let end = at;
  while (lines[end]?.startsWith(sign) || (end > at && lines[end]?.startsWith("\\"))) end += 1;
  return lines.slice(at, end);
}

/** Past this many edits two stretches have too little in common for single words to show anything. */
const MAX_EDITS = 400;

function paintChange(removed: readonly string[], added: readonly string[], colors: Colors): string[] {
  const body = (lines: readonly string[]) => lines.filter((line) => !line.startsWith("\\"));
  const text = (lines: readonly string[]) =>
    body(lines)
      .map((line) => line.slice(1))
      .join("\n");
  const words =
    removed.length > 0 && added.length > 0
      ? diffWordsWithSpace(text(removed), text(added), { maxEditLength: MAX_EDITS })
      : undefined;
  const side = (sign: "-" | "+", lines: readonly string[]): string[] => {
    const paint = sign === "-" ? colors.red : colors.green;
    if (words === undefined) return body(lines).map((line) => paint(line));
    let line = paint(sign);
    const result: string[] = [];
    for (const { value, removed: isOld, added: isNew } of words) {
      if (sign === "-" ? isNew : isOld) continue;
      const mark = isOld || isNew ? (part: string) => colors.inverse(paint(part)) : paint;
      const [first = "", ...rest] = value.split("\n");
      if (first !== "") line += mark(first);
      for (const part of rest) {
        result.push(line);
        line = paint(sign) + (part === "" ? "" : mark(part));
      }
    }
    return [...result, line];
  };
  const remarks = [...removed, ...added].filter((line) => line.startsWith("\\")).map(colors.dim);
  return [...side("-", removed), ...side("+", added), ...remarks].filter((line) => line !== "");
}
