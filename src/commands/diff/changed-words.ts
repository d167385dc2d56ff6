import { type ChangeObject, diffWordsWithSpace } from "diff";
import type { Hunk } from "./diff-hunks.ts";

/** A line of a hunk that both texts have, or lines of one that follow on lines of the other. */
export type Stretch = string | ChangedLines;

export interface ChangedLines {
  /** Without their signs. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** Such as `\ No newline at end of file`. */
  readonly remarks: readonly string[];
  /**
   * Both, word by word, with line feeds between lines. Undefined if one of them is empty, or they have too little in
   * common for single words to show anything.
   */
  readonly words: readonly ChangeObject<string>[] | undefined;
}

/** A hunk's lines, with those that replace each other together. */
export function stretchesOf({ lines }: Hunk): readonly Stretch[] {
  const found: Stretch[] = [];
  for (let at = 0; at < lines.length; ) {
    const removed = takeWhile(lines, at, "-");
    const added = takeWhile(lines, at + removed.length, "+");
    found.push(removed.length + added.length === 0 ? (lines[at] ?? "") : changedLines(removed, added));
    at += Math.max(removed.length + added.length, 1);
  }
  return found;
}

/** The lines from `at` on that start with `sign`, and the remarks between them. */
function takeWhile(lines: readonly string[], at: number, sign: string): readonly string[] {
  let end = at;
  while (lines[end]?.startsWith(sign) || (end > at && lines[end]?.startsWith("\\"))) end += 1;
  return lines.slice(at, end);
}

function changedLines(before: readonly string[], now: readonly string[]): ChangedLines {
  const isRemark = (line: string) => line.startsWith("\\");
  const body = (lines: readonly string[]) =>
    lines.filter((line) => !isRemark(line)).map((line) => line.slice(1));
  const [removed, added] = [body(before), body(now)];
  const isPair = removed.length > 0 && added.length > 0;
  return {
    removed,
    added,
    remarks: [...before, ...now].filter(isRemark),
    words: isPair
      ? diffWordsWithSpace(removed.join("\n"), added.join("\n"), { maxEditLength: MAX_EDITS })
      : undefined,
  };
}

/** With more edits than this, two texts have too little in common for single words to show anything. */
const MAX_EDITS = 400;
