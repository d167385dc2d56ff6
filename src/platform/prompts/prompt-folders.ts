import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { isVersionNumber } from "./prompt-settings.ts";

/** One prompt's folder, as a listing shows it. */
export interface PromptFolder {
  /** Path below the served folder, with `/`; the prompt's name. */
  readonly name: string;
  readonly path: string;
  readonly hasSettings: boolean;
  readonly files: readonly VersionFile[];
}

interface VersionFile {
  readonly number: number;
  readonly kind: "text" | "chat";
  readonly path: string;
}

// These contain no prompts, and walking them takes longer than everything else together.
const SKIPPED: readonly string[] = [".git", "node_modules"];

/**
 * The folder of the prompt of this name, or undefined if there is none. It only ever finds what is below `root`,
 * whatever the name contains: `..`, an absolute path, a symbolic link that leads out.
 *
 * @param root absolute, with symbolic links resolved
 */
export async function findPromptFolder(root: string, name: string): Promise<PromptFolder | undefined> {
  const segments = name.split("/");
  if (!segments.every(isPlainSegment)) return undefined;
  const path = join(root, ...segments);
  const real = await absentAsUndefined(realpath(path));
  if (real === undefined || !isWithin(root, real)) return undefined;
  // Some file systems find `Welcome` under `welcome`; the platform's names are exact.
  if (relative(root, real).split(sep).join("/") !== name && !(await isSpelledSo(root, segments)))
    return undefined;
  const folder = await listPromptFolder(root, path, name);
  return folder?.files.length === 0 && !folder.hasSettings ? undefined : folder;
}

/** Every prompt below `root`, sorted by name. A folder with a version file or settings is a prompt. */
export async function walkPromptFolders(root: string): Promise<PromptFolder[]> {
  const found: PromptFolder[] = [];
  await walk(root, root, [], [root], found);
  return found.sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function walk(
  root: string,
  path: string,
  segments: readonly string[],
  above: readonly string[],
  found: PromptFolder[],
): Promise<void> {
  const entries = await absentAsUndefined(readdir(path, { withFileTypes: true }));
  if (entries === undefined) return;
  if (segments.length > 0) {
    const folder = await toPromptFolder(root, path, segments.join("/"), entries);
    if (folder.files.length > 0 || folder.hasSettings) found.push(folder);
  }
  for (const entry of entries) {
    if (!isPlainSegment(entry.name)) continue;
    const inner = join(path, entry.name);
    if (entry.isDirectory()) await walk(root, inner, [...segments, entry.name], [...above, inner], found);
    else if (entry.isSymbolicLink()) {
      const real = await absentAsUndefined(realpath(inner));
      // A link to a folder above would be walked forever.
      if (real === undefined || !isWithin(root, real) || above.includes(real)) continue;
      if ((await absentAsUndefined(stat(real)))?.isDirectory()) {
        await walk(root, inner, [...segments, entry.name], [...above, real], found);
      }
    }
  }
}

async function listPromptFolder(root: string, path: string, name: string): Promise<PromptFolder | undefined> {
  const entries = await absentAsUndefined(readdir(path, { withFileTypes: true }));
  return entries === undefined ? undefined : toPromptFolder(root, path, name, entries);
}

async function toPromptFolder(
  root: string,
  path: string,
  name: string,
  entries: readonly Dirent[],
): Promise<PromptFolder> {
  const files: VersionFile[] = [];
  let hasSettings = false;
  for (const entry of entries) {
    const match = /^(\d+)\.(md|json)$/.exec(entry.name);
    const isVersion = match?.[1] !== undefined && isVersionNumber(match[1]);
    if (!isVersion && entry.name !== "prompt.json") continue;
    const file = join(path, entry.name);
    if (!(await isReadableFile(root, entry, file))) continue;
    if (isVersion)
      files.push({ number: Number(match[1]), kind: match[2] === "md" ? "text" : "chat", path: file });
    else hasSettings = true;
  }
  files.sort((one, other) => one.number - other.number);
  return { name, path, hasSettings, files };
}

/** A real file (not a folder, a pipe or a device), and not a link to one outside the root. */
async function isReadableFile(root: string, entry: Dirent, file: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  const real = await absentAsUndefined(realpath(file));
  return (
    real !== undefined && isWithin(root, real) && (await absentAsUndefined(stat(real)))?.isFile() === true
  );
}

function isPlainSegment(segment: string): boolean {
  if (segment === "" || segment === "." || segment === ".." || SKIPPED.includes(segment)) return false;
  // On Windows a backslash is a separator and a colon opens a drive or a stream.
  return !segment.includes("\0") && !segment.includes(sep) && !(sep === "\\" && /[/:]/.test(segment));
}

function isWithin(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Does every folder on the path list the segment exactly as it's spelled here? */
async function isSpelledSo(root: string, segments: readonly string[]): Promise<boolean> {
  let path = root;
  for (const segment of segments) {
    if (!(await readdir(path)).includes(segment)) return false;
    path = join(path, segment);
  }
  return true;
}

// What can be wrong with a path that a name led to: each means that there's no such prompt.
const ABSENT: readonly unknown[] = ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ELOOP", "EINVAL"];

async function absentAsUndefined<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Does a file operation's error say that the path doesn't exist (any more)? */
export function isAbsent(error: unknown): boolean {
  return ABSENT.includes((error as { code?: unknown } | null)?.code);
}
