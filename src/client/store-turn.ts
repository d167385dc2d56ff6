import type { Cancel } from "./http/cancel.ts";
import { sleep } from "./http/limits.ts";

/** What was found in the store, or the turn to fetch it. */
export interface Turn<T> {
  readonly found: T | undefined;
  /**
   * Ends the turn. After a failure the others are told to fetch for themselves for a while: waiting for each other's
   * attempts one after the other would make an outage last as many times as long as there are processes.
   */
  release(hasFailed: boolean): Promise<void>;
}

export const NO_TURN: Turn<never> = { found: undefined, release: async () => {} };

export interface TurnOptions<T> {
  readonly clock: () => number;
  readonly random: () => number;
  /** This process's share of the time that those who are not ready hold back, in [0, 1). */
  readonly patience: number;
  readonly cancel: Cancel;
  /** Names this process among the others. */
  readonly owner: string;
  /** Has this process what it takes to fetch? One that has to log in first lets the others go ahead. */
  readonly isReady: () => boolean;
  readonly find: () => Promise<T | undefined>;
  readonly isAvailable: () => boolean;
  readonly getLease: () => Promise<unknown>;
  readonly setLease: (value: string, ttlMs: number) => Promise<unknown>;
  readonly dropLease: () => Promise<unknown>;
}

/** How long one process fetches while the others wait; one that died blocks nobody for longer. */
const LEASE_MS = 10_000;
/** Longest time one process waits for others, one after the other. */
const PATIENCE_MS = 20_000;
/** How long nobody waits after a fetch that failed. */
const FREE_MS = 5000;
/** How long a process that is not ready holds back, at most: each a part of it by chance, so that one is the first. */
const HOLD_BACK_MS = 150;
/** Least time in which processes that saw no lease may still put theirs down. */
const SETTLE_MS = 15;
const LONGEST_LOOK_MS = 400;
const FREE = "free";

/**
 * Lets one of several processes through, with a store that only gets, sets and deletes. Whoever sees no lease puts
 * its own down, waits until those who saw none at the same time have done so too, and looks again: the last one
 * written holds. Slow stores and busy machines widen the gap between looking and writing, so the wait is a
 * multiple of the gap that was measured. When it fails all the same, two processes fetch: a cost, no fault.
 */
export async function takeTurn<T>(options: TurnOptions<T>): Promise<Turn<T>> {
  const { clock, random, cancel, owner, find, isAvailable } = options;
  const givesUpAt = clock() + PATIENCE_MS;
  for (let look = SETTLE_MS; ; look = Math.min(LONGEST_LOOK_MS, look * 2)) {
    const found = await find();
    if (found !== undefined) return { ...NO_TURN, found };
    if (!isAvailable() || clock() >= givesUpAt) return NO_TURN;
    if (look === SETTLE_MS && !options.isReady()) {
      await sleep(HOLD_BACK_MS * options.patience, cancel);
      continue;
    }
    const askedAt = clock();
    const lease = await options.getLease();
    if (!isHeld(lease)) {
      await options.setLease(`${owner} ${Date.now() + LEASE_MS}`, LEASE_MS);
      await sleep(Math.max(SETTLE_MS, 3 * (clock() - askedAt)), cancel);
      if (isOwn(await options.getLease(), owner)) return await holdTurn(options);
    }
    if (isHeld(lease) && isOwn(lease, FREE)) return NO_TURN;
    await sleep(look * (0.5 + random()), cancel);
  }
}

async function holdTurn<T>({ find, getLease, setLease, dropLease, owner }: TurnOptions<T>): Promise<Turn<T>> {
  const release = async (hasFailed: boolean) => {
    if (hasFailed) await setLease(`${FREE} ${Date.now() + FREE_MS}`, FREE_MS);
    // By now it may be another's, when the turn took longer than a lease lasts.
    else if (isOwn(await getLease(), owner)) await dropLease();
  };
  // Another process may have finished between this one's look and its lease.
  const found = await find();
  if (found === undefined) return { found, release };
  await release(false);
  return { ...NO_TURN, found };
}

function isOwn(lease: unknown, owner: string): boolean {
  return typeof lease === "string" && lease.startsWith(`${owner} `);
}

/** The end is written into it too, for stores that forget the time to live. */
function isHeld(lease: unknown): boolean {
  return typeof lease === "string" && Number(lease.split(" ")[1]) > Date.now();
}
