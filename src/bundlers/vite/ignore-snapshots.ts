import { readdir } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import type { ResolvedConfig } from "vite";
import { isLeftover } from "../../files/leftovers.ts";
import { isSnapshotName } from "../../files/safe-name.ts";
import { isMissing } from "../../files/write-file.ts";

/**
 * Keeps Vite's dev server, which watches every file below its root, from watching a snapshot: the session watches the
 * folder by itself where it serves what is committed.
 *
 * @param snapshotDir absolute. A folder that holds nothing else is not even read by Vite
 */
export async function ignoreSnapshots(
  { server }: Pick<ResolvedConfig, "server">,
  snapshotDir: string,
): Promise<void> {
  // Nothing is watched at all.
  if (server.watch === null) return;
  const isOurs = await holdsSnapshotsOnly(snapshotDir);
  const isSnapshot = (path: string) =>
    isSnapshotName(basename(path))
      ? resolve(dirname(path)) === snapshotDir
      : isOurs && resolve(path) === snapshotDir;
  server.watch = { ...server.watch, ignored: [server.watch?.ignored ?? [], isSnapshot].flat() };
}

async function holdsSnapshotsOnly(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).every((name) => isSnapshotName(name) || isLeftover(name));
  } catch (error) {
    // What else keeps it from being read is reported by whoever needs it.
    if (isMissing(error) || (error as NodeJS.ErrnoException).syscall === "scandir") return false;
    throw error;
  }
}
