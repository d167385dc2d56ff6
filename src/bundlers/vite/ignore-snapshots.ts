import { readdir } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import type { ResolvedConfig } from "vite";
import { isLeftover } from "../../files/leftovers.ts";
import { isSnapshotName } from "../../files/safe-name.ts";
import { isMissing } from "../../files/write-file.ts";

/**
 * Vite's dev server watches every file below its root. This keeps it from watching a snapshot: the session watches that
 * folder itself when it serves what is committed.
 *
 * @param snapshotDir absolute. Vite doesn't even read a folder that contains nothing else
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
    // Whatever needs it reports any other reason why it can't be read.
    if (isMissing(error) || (error as NodeJS.ErrnoException).syscall === "scandir") return false;
    throw error;
  }
}
