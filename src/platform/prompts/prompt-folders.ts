import type { Dirent } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import type { PromptType } from "../../prompt.ts";
import { isVersionNumber } from "./prompt-settings.ts";

/** One prompt's folder, as a listing shows it. */
export interface PromptFolder {
  /** Path below the served folder, with `/`; the prompt's name. */
  readonly name: string;
  readonly path: string;
  readonly hasSettings: boolean;
  /** One for each version, in the order of their numbers. */
  readonly files: readonly { readonly number: number; readonly type: PromptType; readonly path: string }[];
}

// These contain no prompts, and walking them takes longer than everything else together.
const SKIPPED: readonly string[] = [".git", "node_modules"];

/**
 * The folder of the prompt of this name, or undefined if there is none. It only ever finds what is below `root`,
 * whatever the name contains: `..`, an absolute path, a symbolic link (links aren't followed).
 *
 * @param root absolute, with symbolic links resolved
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

/** The name of every prompt below `root`, sorted. A folder with a version file or settings is a prompt. */
export async function findPromptNames(root: string): Promise<string[]> {
  return (await walk(root, [])).sort();
}

async function walk(path: string, segments: readonly string[]): Promise<string[]> {
  const entries = (await absentAsUndefined(readdir(path, { withFileTypes: true }))) ?? [];
  const name = segments.join("/");
  const found = name !== "" && toPromptFolder(path, name, entries) !== undefined ? [name] : [];
  for (const entry of entries) {
    if (!entry.isDirectory() || !isPlainSegment(entry.name)) continue;
    found.push(...(await walk(join(path, entry.name), [...segments, entry.name])));
  }
  return found;
}

function toPromptFolder(path: string, name: string, entries: readonly Dirent[]): PromptFolder | undefined {
  // Not folders, links, pipes or devices.
  const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  const files = names.flatMap((file): PromptFolder["files"] => {
    const [, number = "", ending] = /^(\d+)\.(md|json)$/.exec(file) ?? [];
    if (!isVersionNumber(number)) return [];
    return [{ number: Number(number), type: ending === "md" ? "text" : "chat", path: join(path, file) }];
  });
  const hasSettings = names.includes("prompt.json");
  if (files.length === 0 && !hasSettings) return undefined;
  return { name, path, hasSettings, files: files.sort((one, other) => one.number - other.number) };
}

function isPlainSegment(segment: string): boolean {
  if (segment === "" || segment === "." || segment === ".." || SKIPPED.includes(segment)) return false;
  // On Windows a backslash is a separator and a colon opens a drive or a stream.
  return !segment.includes("\0") && !segment.includes(sep) && !(sep === "\\" && /[/:]/.test(segment));
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
