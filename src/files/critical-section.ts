import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ScopeError } from "../errors/scope-error.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

let underWay = 0;
let received: NodeJS.Signals | undefined;

const hold = (signal: NodeJS.Signals): void => {
  received ??= signal;
};

/**
 * Does work that would leave some files replaced and others not if the process ended in the middle. A signal that would
 * end the process waits for this work, and for nothing else: outside it nothing listens for signals, so the system ends
 * the process at once, even one that is busy computing and wouldn't react.
 */
export async function criticalSection<T>(work: () => Promise<T>): Promise<T> {
  if (underWay === 0) for (const signal of SIGNALS) process.on(signal, hold);
  underWay += 1;
  try {
    return await work();
  } finally {
    underWay -= 1;
    if (underWay === 0) release();
  }
}

function release(): void {
  for (const signal of SIGNALS) process.off(signal, hold);
  const signal = received;
  received = undefined;
  // Other listeners have received it already.
  if (signal !== undefined && process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

/**
 * Reads and writes a file while no other process does the same: a small lock file next to it keeps them out.
 *
 * @param file absolute; its folder is created
 * @param patienceMs how long another process can keep the lock. Default 10 s
 * @throws ScopeError `snapshot_unwritable` if it keeps it for longer, or was killed and left it
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>, patienceMs = 10_000): Promise<T> {
  const lock = join(dirname(file), `.${basename(file)}.lock`);
  await mkdir(dirname(file), { recursive: true });
  const until = performance.now() + patienceMs;
  for (;;) {
    const done = await criticalSection(async () => {
      if (!(await takeLock(lock))) return undefined;
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
async function takeLock(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, "", { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
