import { isAbsolute, relative } from "node:path";
import picocolors from "picocolors";
import { asRun, printable, printableLine, toPosix } from "./printable.ts";
import { isScopeError, type ScopeError, type Where } from "./scope-error.ts";
import { ScopeErrors } from "./scope-errors.ts";

interface FormatErrorOptions {
  readonly color?: boolean | undefined;
  /** Files below this folder are shown relative to it. Default: absolute. */
  readonly cwd?: string | undefined;
  /** Ends with where each code is explained. Default true; false if a list has many of these texts. */
  readonly addresses?: boolean | undefined;
}

const PAGE = "unplugin-scope/docs/errors.md";

/**
 * An error as people read it: code and message, the place with its frame, what to do next, one line for each cause, and
 * where each code is explained. Several are sorted, so that the same problems print the same text.
 */
export function formatError(
  error: unknown,
  { color = false, cwd, addresses = true }: FormatErrorOptions = {},
): string {
  const paint = picocolors.createColors(color);
  const format = (one: unknown): string => {
    const blocks = [`${paint.red(paint.bold(codeOf(one)))}  ${asRun(printable(messageOf(one)))}`];
    const { where } = isScopeError(one) ? one : {};
    const place = where && whereText(where, cwd);
    const lines = place ? [`  ${paint.cyan(printableLine(place))}`] : [];
    if (where?.frame !== undefined) lines.push(indent(printable(where.frame), "    "));
    if (lines.length > 0) blocks.push(lines.join("\n"));
    const causes = causeLines(one);
    if (causes.length > 0) blocks.push(causes.map((line) => paint.dim(`  ${line}`)).join("\n"));
    const hint = isScopeError(one) ? hintText(one, cwd) : undefined;
    if (hint !== undefined) blocks.push(indent(asRun(printable(hint))));
    return blocks.join("\n\n");
  };
  const all = flatten(error);
  const codes = new Set(addresses ? all.filter((one) => isScopeError(one)).map(({ code }) => code) : []);
  const pages = [...codes].sort().map((code) => paint.dim(`  See ${PAGE}#${code}`));
  const end = pages.length === 0 ? [] : [pages.join("\n")];
  if (all.length === 1 && !(error instanceof ScopeErrors)) return [format(error), ...end].join("\n\n");
  const head = `${paint.red(paint.bold(codeOf(error)))}  ${printable(messageOf(error))}`;
  return [head, ...all.map((one) => indent(format(one))).sort(), ...end].join("\n\n");
}

/** The single problems in an error, without duplicates, in the order they were collected. */
export function flatten(error: unknown): readonly unknown[] {
  if (!(error instanceof ScopeErrors)) return [error];
  return [...new Set(error.errors.flatMap(flatten))];
}

/** `prompt "welcome-email", version 7, line 3, column 7`, or `src/a.ts:3:7` for a place in a file. */
function whereText(where: Where, cwd: string | undefined): string {
  const parts: string[] = [];
  if (where.prompt !== undefined) parts.push(`prompt "${where.prompt}"`);
  if (where.versionNumber !== undefined) parts.push(`version ${where.versionNumber}`);
  else if (where.versionId !== undefined) parts.push(`version ${where.versionId}`);
  if (where.file !== undefined) {
    const position = [where.line, where.line && where.column].filter((part) => part !== undefined);
    parts.push([shortPath(where.file, cwd), ...position].join(":"));
  } else if (where.line !== undefined) {
    parts.push(`line ${where.line}`);
    if (where.column !== undefined) parts.push(`column ${where.column}`);
  }
  if (where.importedBy !== undefined) {
    const { line, column } = where.importedAt ?? {};
    const position = line === undefined ? "" : `:${line}:${column}`;
    parts.push(`imported in ${shortPath(where.importedBy, cwd)}${position}`);
  }
  return parts.join(", ");
}

/** What to do, with the error's file as it is shown elsewhere: commands are pasted where they are read. */
export function hintText({ hint, where }: ScopeError, cwd: string | undefined): string | undefined {
  return where?.file === undefined ? hint : hint?.replaceAll(where.file, shortPath(where.file, cwd));
}

/** A path relative to `cwd` if it's below it. */
export function shortPath(file: string, cwd: string | undefined): string {
  if (cwd === undefined || !isAbsolute(file)) return file;
  const path = relative(cwd, file);
  return path === "" || path.startsWith("..") || isAbsolute(path) ? file : toPosix(path);
}

function codeOf(error: unknown): string {
  if (isScopeError(error)) return error.code;
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return typeof code === "string" ? code : typeof name === "string" && name !== "" ? name : "Error";
}

function messageOf(error: unknown): string {
  if (isScopeError(error)) return error.message;
  if (!(error instanceof Error)) return firstLine(String(error));
  // Node puts a system error's code before its message; here the code is shown separately.
  const { message, code } = error as NodeJS.ErrnoException;
  const isRepeated = typeof code === "string" && message.startsWith(`${code}: `);
  return firstLine(isRepeated ? message.slice(code.length + 2) : message);
}

/** One line for each error behind the error: our code, or a foreign one's first line, unless it has been said. */
function causeLines(error: unknown): string[] {
  const lines: string[] = [];
  const seen = new Set<unknown>([error]);
  let said = messageOf(error);
  let cause = (error as { cause?: unknown } | null)?.cause;
  // A chain is usually short; a longer one would bury the message above it.
  while (cause !== undefined && cause !== null && !seen.has(cause) && lines.length < 3) {
    seen.add(cause);
    const [code, text] = [codeOf(cause), causeText(cause)];
    if ((text === "" || !said.includes(text)) && !said.includes(`(${code})`))
      lines.push(`Caused by ${code}: ${printable(text)}`.replace(/: $/, ""));
    said += `\n${text}`;
    cause = (cause as { cause?: unknown }).cause;
  }
  return lines;
}

function causeText(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === "") {
    return [...new Set(cause.errors.map((one) => messageOf(one)))].join("; ");
  }
  return messageOf(cause);
}

const MAX_LENGTH = 160;

/** The first line of foreign text, shortened: whole bodies, which may contain prompts or secrets, don't belong here. */
function firstLine(text: string): string {
  const line =
    withoutJson(text)
      .split(/\r?\n/)
      .find((part) => part.trim() !== "") ?? "";
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}

/** JSON.parse quotes what it couldn't read, which could be anything. */
function withoutJson(text: string): string {
  const start = text.indexOf('"');
  const end = text.lastIndexOf(NOT_JSON);
  if (end === -1 || start === -1 || !/"(?:\.\.\.)?$/.test(text.slice(0, end))) return text;
  const before = text.slice(0, start).replace(/,? ?(?:\.\.\.)?$/, "");
  return `${before} in the JSON${text.slice(end + NOT_JSON.length)}`;
}

const NOT_JSON = " is not valid JSON";

function indent(text: string, by = "  "): string {
  return text.replace(/^(?=.)/gm, by);
}
