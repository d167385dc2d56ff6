import type { Colors } from "../shell/terminal.ts";
import { type ChangedLines, stretchesOf } from "./changed-words.ts";
import type { Hunk } from "./diff-hunks.ts";

/**
 * Hunks as text. In colour, the words that differ stand out within their lines. The characters are the same as in the
 * plain form. Ends with a line feed.
 */
export function formatHunks(hunks: readonly Hunk[], colors: Colors): string {
  return hunks.map((hunk) => `${colors.cyan(hunk.head)}\n${paintLines(hunk, colors).join("\n")}\n`).join("");
}

function paintLines(hunk: Hunk, colors: Colors): readonly string[] {
  if (!colors.isColorSupported) return hunk.lines;
  return stretchesOf(hunk).flatMap((stretch) =>
    typeof stretch === "string" ? [colors.dim(stretch)] : paintChange(stretch, colors),
  );
}

function paintChange({ removed, added, remarks, words }: ChangedLines, colors: Colors): readonly string[] {
  const side = (sign: "-" | "+", lines: readonly string[]): readonly string[] => {
    const paint = sign === "-" ? colors.red : colors.green;
    if (words === undefined) return lines.map((line) => paint(`${sign}${line}`));
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
  return [...side("-", removed), ...side("+", added), ...remarks.map(colors.dim)];
}
