import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "./write-file.ts";

/** What a killed process left is taken away by a later one; what is still of use is minutes old at most. */
const ABANDONED_MS = 60 * 60 * 1000;

/** Removes what lies in a folder under a name of ours and was not touched for long. The folder may be missing. */
export async function removeAbandoned(folder: string, isOurs: (name: string) => boolean): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!isOurs(name)) continue;
    const path = join(folder, name);
    try {
      if (Date.now() - (await stat(path)).mtimeMs > ABANDONED_MS)
        await rm(path, { recursive: true, force: true });
    } catch (error) {
      // Another process was quicker.
      if (!isMissing(error)) throw error;
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
