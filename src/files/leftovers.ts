import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { hasEnded } from "./owner.ts";
import { isMissing, isTemporary } from "./write-file.ts";

/** Where it is not known whether the process that made it lives: what is still of use is minutes old at most. */
const ABANDONED_MS = 60 * 60 * 1000;

/** Beginnings of the names of folders in which a command puts files aside. */
const STAGING_PREFIXES = [".pull-", ".emit-"] as const;
export type StagingPrefix = (typeof STAGING_PREFIXES)[number];

/** Is it the name of something that is there only while a process writes? */
export function isLeftover(name: string): boolean {
  return isTemporary(name) || STAGING_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** Removes what pulls that were killed left in the folder of the snapshot, and in that of the types. */
export async function removeLeftovers(snapshotDir: string, typesFolder: string | undefined): Promise<void> {
  for (const folder of new Set([snapshotDir, typesFolder ?? snapshotDir])) {
    try {
      await removeAbandoned(folder, isLeftover);
    } catch (error) {
      // Where nothing may be changed, it harms nobody; what may not be read at all is reported by whoever needs it.
      if (!["EACCES", "EPERM", "EROFS", "ELOOP"].includes((error as NodeJS.ErrnoException).code ?? ""))
        throw error;
    }
  }
}

/**
 * Removes what lies in a folder under a name of ours, and whose process has ended or that was not touched for long. The
 * folder may be missing.
 */
export async function removeAbandoned(folder: string, isOurs: (name: string) => boolean): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!isOurs(name)) continue;
    const path = join(folder, name);
    try {
      const isOver = hasEnded(name) ?? Date.now() - (await stat(path)).mtimeMs > ABANDONED_MS;
      if (isOver) await rm(path, { recursive: true, force: true });
    } catch (error) {
      // Another process was quicker.
      if (!isMissing(error)) throw error;
    }
  }
}

/** The names in a folder; none where it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
