import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ScopeError } from "../errors/scope-error.ts";
import { criticalSection } from "./critical-section.ts";
import { hasEnded, OWNER } from "./owner.ts";
import { isMissing, temporaryBeside } from "./write-file.ts";

/** Used if we can't tell whether the process that took the lock is running. Work under a lock takes moments. */
const ABANDONED_MS = 60_000;

/**
 * Reads and writes a file while no other process does the same: a small lock file next to it keeps them out. A lock
 * that a killed process left is ignored.
 *
 * @param file absolute; its folder is created
 * @param patienceMs how long another process may keep it. Default 10 s
 * @throws ScopeError `snapshot_unwritable` if it keeps it for longer
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
    await removeAbandoned(lock);
    if (performance.now() > until) {
      throw new ScopeError(`Another process has been writing this file for ${patienceMs / 1000} seconds.`, {
        code: "snapshot_unwritable",
        where: { file },
        hint: `Stop it, or remove ${lock}.`,
      });
    }
    // Random, so that waiting processes don't collide again.
    await sleep(5 + Math.random() * 20);
  }
}

/** Takes the lock; false if another process has it. */
async function isTaken(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, `lock-${OWNER}-${randomBytes(8).toString("hex")}`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function removeAbandoned(lock: string): Promise<void> {
  try {
    const owner = await readFile(lock, "utf8");
    const ended = hasEnded(owner) ?? Date.now() - (await stat(lock)).mtimeMs > ABANDONED_MS;
    if (!ended) return;
    const aside = temporaryBeside(lock);
    await rename(lock, aside);
    // Another process was quicker at both, and has the lock: it gets it back.
    if ((await readFile(aside, "utf8")) !== owner) await link(aside, lock).catch(() => {});
    await rm(aside);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
