import { type Stats, statSync } from "node:fs";

/** What changes with every write to a file, and stays when it gets another name; empty where none can be seen. */
export function contentStamp(file: string): string {
  const stats = statsOf(file);
  return stats === undefined ? "" : `${stats.ino}:${stats.size}:${stats.mtimeMs}`;
}

/** The same with the time of change, which cannot be set back by hand; another name changes it. */
export function fileStamp(file: string): string {
  const stats = statsOf(file);
  return stats === undefined ? "" : `${stats.ino}:${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}`;
}

/** Why a file cannot be seen is said by whoever reads it. */
function statsOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
