import { randomUUID } from "node:crypto";
import picocolors from "picocolors";
import { printable } from "../../errors/printable.ts";

export type Colors = ReturnType<typeof picocolors.createColors>;

const ESCAPE = "\x1b";
/** Stands for the escape character in the colours of this package until they are printed. Nobody else can write it. */
const OWN = `${ESCAPE}${randomUUID()}`;

/** Colours whose text goes through {@link terminalText} before it is printed. */
export function createColors(isOn: boolean): Colors {
  const colors = Object.entries(picocolors.createColors(isOn)).map(([name, paint]) => {
    if (!isOn || typeof paint !== "function") return [name, paint];
    const [open = "", close = ""] = ownColors(paint("\0")).split("\0");
    // What is painted can have colours of its own.
    return [name, (text: string) => open + text.replaceAll(close, close + open) + close];
  });
  return Object.fromEntries(colors) as Colors;
}

/** Text as it goes to a terminal: the only control characters in it are those of this package's own colours. */
export function terminalText(text: string): string {
  const parts = text.split(OWN).map((part) => printable(part, { keepCommands: true }));
  return parts.join(ESCAPE);
}

/** Marks the colours of a text in which all are this package's own. */
export function ownColors(text: string): string {
  return text.replaceAll(ESCAPE, OWN);
}

/** Text with its colours, and everything else unchanged: for a file or another program. */
export function verbatim(text: string): string {
  return text.replaceAll(OWN, ESCAPE);
}
