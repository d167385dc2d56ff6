// What file systems say of their files where their clocks are coarse, wrong, or of no use. Preloaded into a process by
// FALSE_TIMES and `node --import`, or used within a test.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const SKEW_MS = 3_600_000;

/** How each kind of file system gives a time in ms, and an inode. */
const KINDS = {
  /** An image or a container's layer made with SOURCE_DATE_EPOCH. */
  image: { time: () => 1_700_000_000_000, ino: () => 1 },
  /** ext4 with small inodes, many network folders. */
  seconds: { time: (ms) => Math.floor(ms / 1000) * 1000, ino: (ino) => ino },
  /** A file server whose clock is behind. */
  behind: { time: (ms) => ms - SKEW_MS, ino: (ino) => ino },
};

/**
 * Makes every look at a file say what such a file system says.
 *
 * @param {keyof typeof KINDS} kind
 * @returns {() => void} takes it back
 */
export function useFalseTimes(kind) {
  const { time, ino } = KINDS[kind];
  const falsified = (stats) => {
    if (stats?.mtimeMs === undefined || typeof stats.mtimeMs === "bigint") return stats;
    for (const name of ["atime", "mtime", "ctime", "birthtime"]) {
      stats[`${name}Ms`] = time(stats[`${name}Ms`]);
      stats[name] = new Date(stats[`${name}Ms`]);
    }
    stats.ino = ino(stats.ino);
    return stats;
  };
  const undo = [];
  for (const name of ["statSync", "lstatSync", "fstatSync"]) {
    const real = fs[name];
    fs[name] = (...args) => falsified(real(...args));
    undo.push(() => {
      fs[name] = real;
    });
  }
  for (const name of ["stat", "lstat"]) {
    const real = fs.promises[name];
    // By its age a command knows what a killed one left; an image has none of that.
    fs.promises[name] = async (path, ...rest) =>
      String(path).endsWith(".tmp") ? real(path, ...rest) : falsified(await real(path, ...rest));
    undo.push(() => {
      fs.promises[name] = real;
    });
  }
  syncBuiltinESMExports();
  return () => {
    for (const each of undo) each();
    syncBuiltinESMExports();
  };
}

const { FALSE_TIMES } = process.env;
if (FALSE_TIMES !== undefined && FALSE_TIMES !== "") useFalseTimes(FALSE_TIMES);
