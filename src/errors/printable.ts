/**
 * A text from elsewhere as it may be printed: control characters would let a prompt's name or a server's message steer
 * the terminal, characters that turn text around would let it say something else than it does, and characters without
 * a shape would say it unseen. Line feeds stay, and so do the joiners of scripts and emoji.
 *
 * @param keepColors leave the colours that this package prints itself: for text that is painted already
 * @example printable("a\u001b[2Jb") // "a\\x1b[2Jb"
 */
export function printable(text: string, { keepColors = false } = {}): string {
  return text.replace(keepColors ? UNSAFE_OR_COLOR : UNSAFE, (found) => {
    if (found.startsWith("\x1b[")) return found;
    if (found === "\t") return "  ";
    const code = (found.codePointAt(0) as number).toString(16);
    if (code.length > 4) return `\\u{${code}}`;
    return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
  });
}

/** The same for what has to stay on its line, such as a name. */
export function printableLine(text: string): string {
  return printable(text.replaceAll("\n", "\\n"));
}

const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;
// The bold, dim and foreground codes of picocolors: none of them hides text or moves the cursor.
const UNSAFE_OR_COLOR = new RegExp(`\\x1b\\[(?:[012]|22|3[0-79]|9[0-7])m|${UNSAFE.source}`, "gu");
