import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ScopeError } from "../errors/scope-error.ts";
import { criticalSection } from "./critical-section.ts";

/**
 * Reads and writes a file while no other process does the same: a small lock file next to it keeps them out.
 *
 * @param file absolute; its folder is created
 * @param patienceMs how long another process can keep the lock. Default 10 s
 * @throws ScopeError `snapshot_unwritable` if it keeps it for longer, or was killed and left it
 */
export async function alone<T>(file: string, work: () => Promise<T>, patienceMs = 10_000): Promise<T> {
  const lock = join(dirname(file), `.${basename(file)}.lock`);
  await mkdir(dirname(file), { recursive: true });
  const until = performance.now() + patienceMs;
  for (;;) {
    const done = await criticalSection(async () => {
      if (!(await isTaken(lock))) return undefined;
      try {
        return { result: await work() };
      } finally {
        await rm(lock, { force: true });
      }
    });
    if (done !== undefined) return done.result;
    if (performance.now() > until) {
      throw new ScopeError(`Another process has locked this file for ${patienceMs / 1000} seconds.`, {
        code: "snapshot_unwritable",
        where: { file },
        hint: `Stop it. If none is running, remove ${lock}.`,
      });
    }
    // Random, so that waiting processes don't collide again.
    await sleep(5 + Math.random() * 20);
  }
}

/** Takes the lock; false if another process has it. */
async function isTaken(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, "", { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
