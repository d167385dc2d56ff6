import type { JsonValue } from "../prompt.ts";

/**
 * Text from elsewhere that is safe to print: no character controls the terminal, reverses or hides text, and CI commands
 * aren't obeyed. Line feeds and tabs stay, and so do the joiners of scripts and emoji.
 *
 * @param options.keepCommands for callers that remove them when the text is printed
 * @example printable("a\u001b[2Jb") // "a\\x1b[2Jb"
 */
export function printable(text: string, { keepCommands = false } = {}): string {
  const shown = text.replace(UNSAFE, (found) => {
    const code = (found.codePointAt(0) as number).toString(16);
    if (code.length > 4) return `\\u{${code}}`;
    return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
  });
  return keepCommands ? shown : withoutCommands(shown);
}

/**
 * Text that a CI log treats as plain text: GitHub obeys lines that begin with `::`, after any white space, and `##[`
 * anywhere, Azure `##vso[` and TeamCity `##teamcity[`.
 */
export function withoutCommands(text: string): string {
  const lines = text.split("\n");
  const shown = lines.map((line) => (line.trimStart().startsWith("::") ? line.replace(":", "\\x3a") : line));
  return shown.join("\n").replace(COMMAND, "##$1\\x5b");
}

/** JSON with the same content, and with nothing in it that {@link printable} wouldn't print either. */
export function printableJson(json: string): string {
  return escapedJson(json).replace(COMMAND, "##$1\\u005b");
}

const COMMAND = /##([a-z]*)\[/gi;

/**
 * A name or value that is safe to print anywhere, as JSON in one line: it comes from people who edit prompts, and must
 * not be able to control a terminal or a log, or hide in it. Callers remove CI commands when printing.
 */
export function quoted(value: JsonValue): string {
  return escapedJson(JSON.stringify(value));
}

/** Separate from {@link printable}, since the live client has it. */
function escapedJson(json: string): string {
  return json.replace(UNSAFE, (found) =>
    found.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}

/** The same length, so that offsets stay valid: a dot for every such character. */
export function dotted(text: string): string {
  return text.replace(UNSAFE, (found) => "·".repeat(found.length));
}

/** {@link printable} for text that has to stay on its line, such as a name. */
export function printableLine(text: string): string {
  return printable(text.replaceAll("\n", "\\n"));
}

// Control, format and invisible characters; line feeds, tabs, joiners and emoji variants stay.
const UNSAFE = /(?![\n\t]|\u200c|\u200d|[\ufe00-\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]/gu;

/**
 * A command in a message: at the start of a line, or after a mark that introduces one. Within a sentence the name is
 * the program's, and in quotes it's part of a value.
 */
const PROGRAM = /(^|[:;] |Run | {2})scope-gen (?=--|[a-z])/g;
/** A line of a code frame: it quotes somebody's text. */
const FRAME = /^ *(?:> *)?(?:\d+ *)?\|/;

/** A message with its commands as you run them: `npx scope-gen pull`. Only where text is printed. */
export function asRun(text: string): string {
  const lines = text.split("\n");
  return lines
    .map((line) => (FRAME.test(line) ? line : line.replace(PROGRAM, "$1npx scope-gen ")))
    .join("\n");
}

/** An error whose text is already formatted for people. It has no stack: that would be ours, not theirs. */
export function readableError(text: string, code?: string): Error {
  return Object.assign(new Error(text), { name: "", stack: text, ...(code !== undefined && { code }) });
}

/**
 * Text from elsewhere as part of one line, without control and invisible characters and CI commands. For the live
 * client, for which {@link printable} is too large.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+|##([a-z]*\[)/giu, " $1").trim();
}

/** What to do about a prompt that the platform has under another name now. */
export function renamedText(name: string): string {
  return `renamed to ${quoted(name)} on the platform: change the name in the import or in the config`;
}

/** A path as it's written on every machine: with forward slashes. */
export function toPosix(path: string): string {
  return path.replaceAll("\\", "/");
}
