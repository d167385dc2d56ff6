import { randomBytes } from "node:crypto";
import { lstatSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readIfSound } from "./read-file.ts";
import { hasEnded, keepFresh, OWNER, UNTOUCHED_MS } from "./write-file.ts";

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

/** After which a process that waits says so. */
const SILENT_MS = 2_000;

/**
 * Reads and writes a file while no other process does the same: a lock file next to it keeps them out, which its owner
 * touches. One that waits removes a lock that isn't touched: its owner was killed.
 *
 * @param file absolute; its folder is created
 * @param mostMs how old an untouched lock is at most; an owner touches it six times in this time
 */
export async function withFileLock<T>(
  file: string,
  work: () => Promise<T>,
  mostMs = UNTOUCHED_MS,
): Promise<T> {
  const lock = join(dirname(file), `.${basename(file)}.lock`);
  const own = `lock-${OWNER}-${randomBytes(8).toString("hex")}`;
  await mkdir(dirname(file), { recursive: true });
  let seen: string | undefined;
  const begunAt = performance.now();
  let seenAt = begunAt;
  let isSilent = true;
  for (;;) {
    const done = await criticalSection(async () => {
      try {
        writeFileSync(lock, own, { flag: "wx" });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
        throw error;
      }
      const rest = keepFresh(lock, mostMs / 6);
      try {
        return { result: await work() };
      } finally {
        rest();
        if (readIfSound(lock, String) === own) rmSync(lock, { force: true });
      }
    });
    if (done !== undefined) return done.result;
    const owner = readIfSound(lock, String) ?? "";
    // One that is gone has no age: another process may make the next one any moment.
    const touchedAt = lstatSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    const now = performance.now();
    if (`${owner} ${touchedAt}` !== seen) seenAt = now;
    seen = `${owner} ${touchedAt}`;
    if (now - seenAt > mostMs || Date.now() - touchedAt > mostMs) rmSync(lock, { force: true });
    else if (isSilent && now - begunAt > SILENT_MS && hasEnded(owner) !== false) {
      isSilent = false;
      const who =
        owner === "" ? "a process that left no name" : `${owner}, which isn't a process of this machine,`;
      console.warn(`Waiting for ${who} to remove ${lock}. If nothing else is running, remove it.`);
    }
    // Random, so that waiting processes don't collide again.
    await sleep(5 + Math.random() * 20);
  }
}
