import type { Dirent } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, posix, sep } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isObject, type JsonObject, type PromptStatus, type PromptType } from "../../prompt.ts";
import { Refusal } from "../loopback.ts";
import { type Checks, checkKeys, isFilledText } from "../options.ts";

export interface PromptFolder {
  /** The path below the served folder, with `/`. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly hasSettings: boolean;
  /** Of the versions, ascending. */
  readonly files: readonly { readonly number: number; readonly type: PromptType; readonly path: string }[];
}

/**
 * The folder of the prompt of this name, if there is one below `root`, whatever the name contains: `..`, an absolute
 * path, a link (links aren't followed).
 */
export async function findPromptFolder(root: string, name: string): Promise<PromptFolder | undefined> {
  const segments = name.split("/");
  if (!segments.every(isPlainSegment)) return undefined;
  const path = join(root, ...segments);
  // Some file systems find `Welcome` under `welcome`; the platform's names are exact.
  if ((await absentAsUndefined(realpath(path))) !== path) return undefined;
  const entries = await absentAsUndefined(readdir(path, { withFileTypes: true }));
  return entries && toPromptFolder(path, name, entries);
}

/** The name of every prompt below a folder, sorted. A folder with a version file or settings is a prompt. */
export async function findPromptNames(path: string, name = ""): Promise<string[]> {
  const entries = (await absentAsUndefined(readdir(path, { withFileTypes: true }))) ?? [];
  const found = name !== "" && toPromptFolder(path, name, entries) !== undefined ? [name] : [];
  for (const entry of entries)
    if (entry.isDirectory() && isPlainSegment(entry.name))
      found.push(...(await findPromptNames(join(path, entry.name), posix.join(name, entry.name))));
  return found.sort();
}

function toPromptFolder(path: string, name: string, entries: readonly Dirent[]): PromptFolder | undefined {
  // Not folders, links, pipes or devices.
  const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  const files = names.flatMap((file) => {
    const [, number = "", ending] = /^(\d+)\.(md|json)$/.exec(file) ?? [];
    const type: PromptType = ending === "md" ? "text" : "chat";
    return isFileNumber(number) ? [{ number: Number(number), type, path: join(path, file) }] : [];
  });
  const hasSettings = names.includes("prompt.json");
  if (files.length === 0 && !hasSettings) return undefined;
  return { name, path, hasSettings, files: files.sort((one, other) => one.number - other.number) };
}

function isPlainSegment(segment: string): boolean {
  // They contain no prompts, and walking them takes longer than everything else together.
  if (["", ".", "..", ".git", "node_modules"].includes(segment)) return false;
  // On Windows a backslash is a separator and a colon opens a drive or a stream.
  return !segment.includes("\0") && !segment.includes(sep) && !(sep === "\\" && /[/:]/.test(segment));
}

export async function absentAsUndefined<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Does a file operation's error say that the path doesn't exist (any more)? Everything that a name can do wrong does. */
export function isAbsent(error: unknown): boolean {
  const { code } = Object(error) as { code?: string };
  return ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ELOOP", "EINVAL"].includes(code ?? "");
}

/** A file whose last change is older than this is no longer being written. */
const STABLE_MS = 50;
/** The same for a file that looks cut off. */
const STABLE_CUT_OFF_MS = 300;
/** After this long, a file that keeps changing is read as it is. */
const PATIENCE_MS = 5000;

/** Reads a file again that has just changed: an editor may be saving it, and until then it's empty or partial. */
export async function readStable(file: string, signal: AbortSignal | undefined) {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const { mtimeMs, size } = await stat(file);
    const bytes = await readFile(file);
    const ageMs = Date.now() - mtimeMs;
    // A time in the future comes from another clock (a network folder, an unpacked archive).
    const stableMs = isCutOff(file, bytes) ? STABLE_CUT_OFF_MS : STABLE_MS;
    if (Math.abs(ageMs) < stableMs) await delay(stableMs - ageMs, undefined, signal && { signal });
    const now = await stat(file);
    const isStable = size === bytes.length && size === now.size && mtimeMs === now.mtimeMs;
    if (isStable || performance.now() >= giveUpAt) return { bytes, changedAtMs: mtimeMs };
  }
}

function isCutOff(file: string, bytes: Buffer): boolean {
  try {
    if (bytes.length > 0 && file.endsWith(".json")) parseJson(bytes.toString(), file);
    return bytes.length === 0;
  } catch {
    return true;
  }
}

/** What `prompt.json` says; every part of it is optional. */
export interface PromptSettings {
  readonly id?: string;
  /** A version number; null for "no version is production". */
  readonly production?: number | null;
  readonly versions?: Readonly<Record<string, EntrySettings>>;
}

export interface EntrySettings {
  readonly id?: string | undefined;
  readonly status?: PromptStatus | null;
  readonly metadata?: JsonObject | null | undefined;
  readonly tags?: readonly string[];
  /** A time that `Date` can read. */
  readonly promoted_at?: string | null;
  readonly promoted_by?: string | null;
}

const orNull = (isRight: (value: unknown) => boolean) => (value: unknown) => value === null || isRight(value);
const isTime = (value: unknown) => isFilledText(value) && !Number.isNaN(Date.parse(value as string));
const isNumber = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;
const isStatus = (value: unknown) => ["draft", "published", "archived"].includes(value as string);

const PROMPT: Checks = {
  $schema: [() => true, "anything"],
  id: [isFilledText, "text"],
  production: [orNull(isNumber), "a version number or null"],
  versions: [isObject, "an object"],
};
const VERSION: Checks = {
  id: [isFilledText, "text"],
  status: [orNull(isStatus), "one of draft, published, archived"],
  metadata: [orNull(isObject), "an object"],
  tags: [(value) => Array.isArray(value) && value.every((tag) => typeof tag === "string"), "a list of texts"],
  promoted_at: [orNull(isTime), 'a time such as "2025-01-31T09:30:00Z"'],
  promoted_by: [orNull(isFilledText), "text"],
};

/** Decodes the text of a `prompt.json`. Throws Refusal 422 `invalid_prompt` naming the file, as shown, and the key. */
export function decodePromptSettings(text: string, file: string): PromptSettings {
  const settings = parseJson(text, file);
  if (!isObject(settings)) throw invalidPrompt(file, "it must be an object");
  const check = (data: object, checks: Checks, prefix?: string) => {
    for (const problem of checkKeys(data, checks, "known", prefix)) throw invalidPrompt(file, ...problem);
  };
  check(settings, PROMPT);
  for (const [key, version] of Object.entries(settings.versions ?? {})) {
    const path = `versions.${key}`;
    if (!isFileNumber(key)) throw invalidPrompt(file, `"${path}": "${key}" isn't a version number`);
    if (!isObject(version)) throw invalidPrompt(file, `"${path}" must be an object`);
    check(version, VERSION, `${path}.`);
  }
  return settings;
}

/** Is this text the number in `N.md`: 1 and up, without a leading zero? */
function isFileNumber(text: string): boolean {
  return /^[1-9]\d{0,8}$/.test(text);
}

/** JSON of a file, with the parser's own message about where it isn't valid. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw invalidPrompt(file, `it isn't JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function invalidPrompt(file: string, problem: string, hint = ""): Refusal {
  // Not a 5xx: a client takes that for an outage, tries again and reports that the platform is down.
  return new Refusal(422, "invalid_prompt", `${file} can't be used: ${problem}. ${hint}`.trimEnd());
}
