import { type Stats, statSync } from "node:fs";

/**
 * What changes whenever a file does: inode, size, modification time, change time. The last cannot be set back by hand.
 * Zeros where there is no file; of a folder only that it is there.
 */
export type Stamp = readonly [inode: number, size: number, modified: number, changed: number];

const MISSING: Stamp = [0, 0, 0, 0];
const FOLDER: Stamp = [-1, 0, 0, 0];
/** How far the clock of a file system lags behind the process's, in ms. */
const CLOCK_STEP_MS = 20;

export function stampOf(file: string): Stamp {
  const stats = statsOf(file);
  if (stats === undefined) return MISSING;
  return stats.isDirectory() ? FOLDER : [stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs];
}

/**
 * Is the file as it was when it got this stamp?
 *
 * @param stamps of many files, one after the other, so that an index of them is small
 * @param at where this file's begins
 */
export function hasStamp(file: string, stamps: readonly number[], at = 0): boolean {
  const stamp = stampOf(file);
  for (let i = 0; i < stamp.length; i++) if (stamp[i] !== stamps[at + i]) return false;
  return true;
}

/**
 * Has the file changed since a time, or might it have? What was read of it meanwhile may be older than the stamp is.
 *
 * @param since by `Date.now()`
 */
export function hasChangedSince([, , , changed]: Stamp, since: number): boolean {
  return changed > since - CLOCK_STEP_MS;
}

/** What may not be looked at counts as missing, as it does for a search. */
function statsOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "ENOTDIR" || code === "ELOOP") return undefined;
    throw error;
  }
}
