import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hasEnded, OWNER } from "./write-file.ts";

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
    if (underWay === 0) {
      for (const signal of SIGNALS) process.off(signal, hold);
      const signal = received;
      received = undefined;
      // Other listeners have received it already.
      if (signal !== undefined && process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    }
  }
}

/**
 * Reads and writes a file while no other process does the same: a small lock file next to it keeps them out. A process
 * that was killed leaves its lock, and the next one removes it: at once if it can know that the owner has ended, otherwise
 * after waiting for the same lock for long enough.
 *
 * @param file absolute; its folder is created
 * @param patienceMs after how long a lock of an unknown owner counts as left. Default 10 s, far more than reading and
 * writing one file takes
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>, patienceMs = 10_000): Promise<T> {
  const lock = join(dirname(file), `.${basename(file)}.lock`);
  const own = `lock-${OWNER}-${randomBytes(8).toString("hex")}`;
  await mkdir(dirname(file), { recursive: true });
  let seen: string | undefined;
  let since = 0;
  for (;;) {
    const done = await criticalSection(async () => {
      if (!takeLock(lock, own)) return undefined;
      try {
        return { result: await work() };
      } finally {
        if (ownerOf(lock) === own) rmSync(lock, { force: true });
      }
    });
    if (done !== undefined) return done.result;
    const owner = ownerOf(lock);
    if (owner !== seen) since = performance.now();
    if (owner !== undefined && (hasEnded(owner) || performance.now() - since > patienceMs))
      rmSync(lock, { force: true });
    seen = owner;
    // Random, so that waiting processes don't collide again.
    await sleep(5 + Math.random() * 20);
  }
}

/** Takes the lock; false if another process has it. */
function takeLock(lock: string, own: string): boolean {
  try {
    writeFileSync(lock, own, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** What the lock's owner wrote; undefined if there's no lock. */
function ownerOf(lock: string): string | undefined {
  try {
    return readFileSync(lock, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
