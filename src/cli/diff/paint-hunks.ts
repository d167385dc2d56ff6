import { diffWordsWithSpace } from "diff";
import type { Hunk } from "../../commands/compare/diff-hunks.ts";
import type { Colors } from "../terminal/output.ts";

/**
 * Hunks as text. In colour, the words that differ stand out within their lines. The characters are the same as in the
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

/** The lines from `at` on that start with `sign`, and the remarks between them. */
function takeWhile(lines: readonly string[], at: number, sign: string): readonly string[] {
  let end = at;
  while (lines[end]?.startsWith(sign) || (end > at && lines[end]?.startsWith("\\"))) end += 1;
  return lines.slice(at, end);
}

/** With more edits than this, two stretches have too little in common for single words to show anything. */
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
