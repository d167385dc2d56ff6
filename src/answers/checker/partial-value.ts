interface Open {
  readonly closer: "}" | "]";
  readonly around: Open | undefined;
}

/**
 * The value of a JSON text that is still arriving; undefined while there is none. What is open is closed. A number, a word
 * or a name that may go on is left out.
 */
export function partialValue(text: unknown): unknown {
  // Model SDKs stream null where there is no text.
  if (typeof text !== "string") return undefined;
  // What is open, from the inside out: the state at the last complete place is kept, at no cost.
  let open: Open | undefined;
  let isName = false;
  let complete: { end: number; mark: string; open: Open | undefined } | undefined;
  const until = (end: number, mark = "") => {
    complete = { end, mark, open };
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '"') {
      const end = endOfString(text, at);
      const isWhole = text[end] === '"';
      if (!isName) until(isWhole ? end + 1 : end, isWhole ? "" : '"');
      if (!isWhole) break;
      at = end;
    } else if (character === "{" || character === "[") {
      open = { closer: character === "{" ? "}" : "]", around: open };
      isName = character === "{";
      until(at + 1);
    } else if (character === "}" || character === "]") {
      open = open?.around;
      until(at + 1);
    } else if (character === ",") isName = open?.closer === "}";
    else if (character === ":") isName = false;
    else if (!/\s/.test(character)) {
      const [word] = /^[^\s,\]}]+/.exec(text.slice(at, at + 400)) ?? [""];
      at += Math.max(word.length - 1, 0);
      if (at + 1 < text.length || /^(?:true|false|null)$/.test(word)) until(at + 1);
    }
  }
  return complete && closed(text.slice(0, complete.end) + complete.mark, complete.open);
}

/** Where a string ends that begins at a place: at its quote, or where the last whole character of the text ends. */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') {
    const next = end + (text[end] !== "\\" ? 1 : text[end + 1] === "u" ? 6 : 2);
    if (next > text.length) break;
    end = next;
  }
  return end;
}

function closed(text: string, open: Open | undefined): unknown {
  let whole = text;
  for (let one = open; one !== undefined; one = one.around) whole += one.closer;
  try {
    return JSON.parse(whole);
  } catch {
    return undefined;
  }
}
