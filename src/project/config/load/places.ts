import { type Stats, statSync } from "node:fs";
import { readConfigText } from "./read-config-text.ts";

/** Absolute paths that decide what a config is, in order, each with its text; undefined if there's no file. */
export type Places = ReadonlyMap<string, string | undefined>;

/** @throws what `readConfigText` throws */
export function readPlaces(files: Iterable<string>): Map<string, string | undefined> {
  return new Map([...files].map((file) => [file, isThere(file) ? readConfigText(file) : undefined]));
}

export function isFile(path: string): boolean {
  return statsOf(path)?.isFile() ?? false;
}

function isThere(path: string): boolean {
  const stats = statsOf(path);
  return stats !== undefined && !stats.isDirectory();
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A parent folder that can't be read can't be part of the project.
    if (code === "ENOTDIR" || code === "EACCES") return undefined;
    throw error;
  }
}
