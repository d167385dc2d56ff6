import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { hasEnded } from "./owner.ts";
import { isMissing, isTemporary } from "./write-file.ts";

const HOUR_MS = 60 * 60 * 1000;
/** Where it is not known whether the process that made it lives: what is still of use is minutes old at most. */
const ABANDONED_MS = HOUR_MS;
/** Where a process with its number lives: in a container the number may be another process's by now. */
const ABANDONED_IN_USE_MS = 24 * HOUR_MS;

/** The beginning of the name of a folder in which a command puts files aside. */
export type StagingPrefix = ".pull-" | ".emit-";
/** The whole name, since what it matches is removed: a folder of the user's may begin like ours. */
const STAGING_FOLDER = /^\.(?:pull|emit)-[0-9a-f]{8}-[0-9]{1,10}-[0-9a-f]{12}$/;

/** Is it the name of something that is there only while a process writes? */
export function isLeftover(name: string): boolean {
  return isTemporary(name) || STAGING_FOLDER.test(name);
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
      const ended = hasEnded(name);
      const most = ended === undefined ? ABANDONED_MS : ABANDONED_IN_USE_MS;
      if (ended === true || Date.now() - (await stat(path)).mtimeMs > most)
        await rm(path, { recursive: true, force: true });
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
