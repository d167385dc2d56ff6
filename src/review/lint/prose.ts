/**
 * A text without its code: spaces for fenced blocks and for what's between backticks, so that offsets stay valid. What
 * looks unfinished in an example of code is often the example.
 */
export function withoutCode(text: string): string {
  let fence: string | undefined;
  const lines = text.split("\n").map((line) => {
    const mark = /^\s{0,12}(```|~~~)/.exec(line)?.[1];
    const isCode = fence !== undefined || mark !== undefined;
    if (fence === undefined) fence = mark;
    else if (fence === mark) fence = undefined;
    return isCode ? blank(line) : line.replace(/`[^`]+`/g, blank);
  });
  return lines.join("\n");
}

function blank(text: string): string {
  return text.replace(/[^\r]/g, " ");
}
