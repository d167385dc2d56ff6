import textWidth from "fast-string-width";

/**
 * Breaks lines at spaces so that they fit. What follows a break is indented as its line is, by two more with
 * `hanging`. A word that is too long by itself, a path or an address, is left whole.
 *
 * @param width terminal columns; undefined leaves the text as it is
 */
export function wrapText(text: string, width: number | undefined, { hanging = false } = {}): string {
  if (width === undefined) return text;
  return text
    .split("\n")
    .map((line) => (textWidth(line) <= width ? line : wrapLine(line, width, hanging)))
    .join("\n");
}

function wrapLine(line: string, width: number, hanging: boolean): string {
  const own = /^ */.exec(line)?.[0] ?? "";
  const indent = hanging ? `${own}  ` : own;
  const lines: string[] = [];
  let current = "";
  // A word with the spaces before it: two of them part a code from its message, and stay within a line.
  for (const word of line.trimEnd().split(/(?<=[^ ])(?= )/)) {
    if (current === "" || textWidth(current + word) <= width) {
      current += word;
    } else {
      lines.push(current);
      current = indent + word.trimStart();
    }
  }
  return [...lines, current].join("\n");
}
