import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { hasEnded } from "./owner.ts";
import { isMissing, isTemporary } from "./write-file.ts";

const HOUR_MS = 60 * 60 * 1000;
/** Used if we can't tell whether the process that made it is running: anything still in use is minutes old at most. */
const ABANDONED_MS = HOUR_MS;
/** Used if a process with its number is running: in a container, the number may be another process's by now. */
const ABANDONED_IN_USE_MS = 24 * HOUR_MS;

/** The start of the name of a folder that a command stages files in. */
export type StagingPrefix = ".pull-" | ".emit-";
/** The whole name, since matches are removed: a folder of yours could begin like ours. */
const STAGING_FOLDER = /^\.(?:pull|emit)-[0-9a-f]{8}-[0-9]{1,10}-[0-9a-f]{12}$/;

/** Is it the name of something that only exists while a process writes? */
export function isLeftover(name: string): boolean {
  return isTemporary(name) || STAGING_FOLDER.test(name);
}

/** Removes what killed pulls left in the folder of the snapshot, and in that of the types. */
export async function removeLeftovers(snapshotDir: string, typesFolder: string | undefined): Promise<void> {
  for (const folder of new Set([snapshotDir, typesFolder ?? snapshotDir])) {
    try {
      await removeAbandoned(folder, isLeftover);
    } catch (error) {
      // If nothing can be changed, leftovers do no harm; if nothing can be read, the code that needs the folder reports
      // it.
      if (!["EACCES", "EPERM", "EROFS", "ELOOP"].includes((error as NodeJS.ErrnoException).code ?? ""))
        throw error;
    }
  }
}

/**
 * Removes what is in a folder under one of our names, if its process has ended or it hasn't been touched for long. The
 * folder can be missing.
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

export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
