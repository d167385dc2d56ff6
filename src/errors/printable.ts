/**
 * A text from elsewhere as it may be printed: control characters would let a prompt's name or a server's message steer
 * the terminal, characters that turn text around would let it say something else than it does, and characters without
 * a shape would say it unseen; nor is it obeyed as a command of a pipeline. Line feeds stay, and so do the joiners of
 * scripts and emoji.
 *
 * @param options.keepColors leave the colours that this package prints itself: for text that is painted already
 * @param options.keepCommands for whoever takes them out as the text is printed
 * @example printable("a\u001b[2Jb") // "a\\x1b[2Jb"
 */
export function printable(text: string, { keepColors = false, keepCommands = false } = {}): string {
  const shown = text.replace(keepColors ? unsafeOrColor() : UNSAFE, (found) => {
    if (found.startsWith("\x1b[")) return found;
    if (found === "\t") return "  ";
    const code = (found.codePointAt(0) as number).toString(16);
    if (code.length > 4) return `\\u{${code}}`;
    return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
  });
  return keepCommands ? shown : withoutCommands(shown);
}

/**
 * A text that the log of a pipeline takes for text: GitHub obeys lines that begin with `::`, white space aside, and
 * `##[` anywhere, Azure `##vso[` and TeamCity `##teamcity[`. They would hide words of the log, forge errors or set
 * variables for later steps.
 */
export function withoutCommands(text: string): string {
  const lines = text.split("\n");
  const shown = lines.map((line) => (line.trimStart().startsWith("::") ? line.replace(":", "\\x3a") : line));
  return shown.join("\n").replace(COMMAND, "##$1\\x5b");
}

/** JSON that holds the same, with nothing in it that {@link printable} would not print either. */
export function printableJson(json: string): string {
  return escapedJson(json).replace(COMMAND, "##$1\\u005b");
}

const COMMAND = /##([a-z]*)\[/gi;

/** The same, where whoever prints it takes out the commands of a pipeline. Apart, since the live client has it. */
export function escapedJson(json: string): string {
  return json.replace(UNSAFE, (found) =>
    found.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}

/** The same length, so that places in it stay: a dot for every such character. */
export function masked(text: string): string {
  return text.replace(UNSAFE, (found) => (found === "\t" ? found : "·".repeat(found.length)));
}

/** The same for what has to stay on its line, such as a name. */
export function printableLine(text: string): string {
  return printable(text.replaceAll("\n", "\\n"));
}

// Control and format characters and what has no shape; line feeds, joiners and the variants of emoji stay.
const UNSAFE = /(?!\n|\u200c|\u200d|[\ufe00-\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]/gu;
// The bold, dim and foreground codes of picocolors: none of them hides text or moves the cursor. A function, so that a
// bundler drops all of it where it is not used.
function unsafeOrColor(): RegExp {
  return new RegExp(`\\x1b\\[(?:[012]|22|3[0-79]|9[0-7])m|${UNSAFE.source}`, "gu");
}
