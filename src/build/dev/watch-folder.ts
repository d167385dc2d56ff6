import { existsSync, type FSWatcher, watch } from "node:fs";
import { dirname } from "node:path";

/** Events within this time are one change: a pull writes one file after the other. */
const QUIET_MS = 40;
/** If the system refuses to watch, the folder is polled this often instead. */
const FALLBACK_MS = 1000;

/**
 * Watches a folder that doesn't have to exist yet. Doesn't keep the process alive.
 *
 * @param onChange called when files in it may have changed
 * @returns a function that stops watching
 */
export function watchFolder(folder: string, onChange: () => void): () => void {
  let watcher: FSWatcher | undefined;
  let fallback: NodeJS.Timeout | undefined;
  let quiet: NodeJS.Timeout | undefined;
  let isClosed = false;

  const notify = () => {
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      // The folder may have appeared or gone, so watch the right place again.
      attach();
      onChange();
    }, QUIET_MS);
    quiet.unref();
  };
  const detach = () => {
    watcher?.close();
    clearInterval(fallback);
    watcher = undefined;
  };
  const pollInstead = () => {
    detach();
    fallback = setInterval(onChange, FALLBACK_MS);
    fallback.unref();
  };
  const attach = () => {
    detach();
    if (isClosed) return;
    try {
      watcher = watch(nearestExisting(folder), { persistent: false }, notify);
      watcher.on("error", pollInstead);
    } catch {
      // Too many watches, or a file system that doesn't support them.
      pollInstead();
    }
  };
  attach();
  return () => {
    isClosed = true;
    clearTimeout(quiet);
    detach();
  };
}

function nearestExisting(folder: string): string {
  let nearest = folder;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  return nearest;
}
