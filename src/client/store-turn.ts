import { sleep } from "./limits.ts";

/** What was found in the store, or the turn to fetch it; `release` ends the turn. */
export interface Turn<T> {
  readonly found: T | undefined;
  release(): Promise<void>;
}

export const NO_TURN: Turn<never> = { found: undefined, release: async () => {} };

export interface TurnOptions<T> {
  readonly clock: () => number;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Names this process among the others. */
  readonly owner: string;
  readonly find: () => Promise<T | undefined>;
  readonly isAvailable: () => boolean;
  readonly getLease: () => Promise<unknown>;
  readonly setLease: (value: string, ttlMs: number) => Promise<unknown>;
  readonly dropLease: () => Promise<unknown>;
}

/** Longest time one process fetches while the others wait; a process that died blocks nobody for longer. */
const LEASE_MS = 5000;
/** Least time in which processes that saw no lease may still put theirs down. */
const SETTLE_MS = 15;
const LONGEST_LOOK_MS = 250;

/**
 * Lets one of several processes through, with a store that only gets, sets and deletes. Whoever sees no lease puts
 * its own down, waits until those who saw none at the same time have done so too, and looks again: the last one
 * written holds. Slow stores and busy machines widen the gap between looking and writing, so the wait is a
 * multiple of the gap that was measured. When it fails all the same, two processes fetch: a cost, no fault.
 */
export async function takeTurn<T>(options: TurnOptions<T>): Promise<Turn<T>> {
  const { clock, random, signal, owner, find, isAvailable } = options;
  const givesUpAt = clock() + LEASE_MS;
  for (let look = SETTLE_MS; ; look = Math.min(LONGEST_LOOK_MS, look * 2)) {
    const found = await find();
    if (found !== undefined) return { ...NO_TURN, found };
    if (!isAvailable() || clock() >= givesUpAt) return NO_TURN;
    const askedAt = clock();
    if (!isHeld(await options.getLease())) {
      await options.setLease(`${owner} ${Date.now() + LEASE_MS}`, LEASE_MS);
      await sleep(Math.max(SETTLE_MS, 3 * (clock() - askedAt)), signal);
      if (isOwn(await options.getLease(), owner)) return await holdTurn(options);
    }
    await sleep(look * (0.5 + random()), signal);
  }
}

async function holdTurn<T>({ find, getLease, dropLease, owner }: TurnOptions<T>): Promise<Turn<T>> {
  const release = async () => {
    // By now it may be another's, when the turn took longer than a lease lasts.
    if (isOwn(await getLease(), owner)) await dropLease();
  };
  // Another process may have finished between this one's look and its lease.
  const found = await find();
  if (found === undefined) return { found, release };
  await release();
  return { ...NO_TURN, found };
}

function isOwn(lease: unknown, owner: string): boolean {
  return typeof lease === "string" && lease.startsWith(`${owner} `);
}

/** The end is written into it too, for stores that forget the time to live. */
function isHeld(lease: unknown): boolean {
  return typeof lease === "string" && Number(lease.split(" ")[1]) > Date.now();
}
