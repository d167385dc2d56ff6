import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readIfSound } from "./read-file.ts";
import { hasEnded, OWNER } from "./write-file.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

let underWay = 0;
let received: NodeJS.Signals | undefined;

const hold = (signal: NodeJS.Signals): void => {
  received ??= signal;
};

/**
 * Does work that a signal must not end in the middle. Outside it nothing listens for signals, so the system ends the
 * process at once, even one that is busy computing.
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
 * Reads and writes a file while no other process does the same: a lock file next to it keeps them out. One that waits
 * removes the lock of a killed process, after looking at it often enough without a change.
 *
 * @param file absolute; its folder is created
 * @param patience how often it looks, every 5 to 25 ms; a tenth if the owner seems to have ended
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>, patience = 600): Promise<T> {
  const lock = join(dirname(file), `.${basename(file)}.lock`);
  const own = `lock-${OWNER}-${randomBytes(8).toString("hex")}`;
  await mkdir(dirname(file), { recursive: true });
  let seen: string | undefined;
  let looks = 0;
  for (;;) {
    const done = await criticalSection(async () => {
      try {
        writeFileSync(lock, own, { flag: "wx" });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
        throw error;
      }
      try {
        return { result: await work() };
      } finally {
        if (readIfSound(lock, String) === own) rmSync(lock, { force: true });
      }
    });
    if (done !== undefined) return done.result;
    const owner = readIfSound(lock, String);
    looks = owner === seen ? looks + 1 : 0;
    seen = owner;
    if (looks > (hasEnded(owner ?? "") ? patience / 10 : patience)) rmSync(lock, { force: true });
    // Random, so that waiting processes don't collide again.
    await sleep(5 + Math.random() * 20);
  }
}
