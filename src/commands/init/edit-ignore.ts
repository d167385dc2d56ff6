/** Adds lines to an ignore file, under a heading. Returns the text unchanged when all of them are there. */
export function addLines(text: string | undefined, heading: string, lines: readonly string[]): string {
  const present = new Set((text ?? "").split(/\r?\n/).map((line) => line.trim()));
  const added = lines.filter((line) => !present.has(line));
  if (added.length === 0) return text ?? "";
  const eol = text?.includes("\r\n") ? "\r\n" : "\n";
  const start = text === undefined || text === "" ? "" : `${text}${text.endsWith("\n") ? "" : eol}${eol}`;
  return `${start}${[`# ${heading}`, ...added].join(eol)}${eol}`;
}
