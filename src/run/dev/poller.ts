import type { ResolvedConnection } from "../../client/connection/types.ts";
import { type PromptRef, refKey } from "../../prompt.ts";

/** Longest pause after consecutive outages. */
const MAX_PAUSE_MS = 60_000;
/** Maximum number of polls at once: a slow platform must not make them pile up. */
const MAX_UNDER_WAY = 16;
/** How often to check whether an unused prompt is in use now. */
const UNUSED_MS = 1000;

export interface PollerOptions {
  /** Every prompt is polled once in this time, unless that would exceed `maxRequestsPerSecond`. */
  readonly intervalMs: number;
  readonly maxRequestsPerSecond: number;
  readonly rateLimiter: RateLimiter;
  /** Only prompts in use are polled. */
  readonly isUsed: (ref: PromptRef) => boolean;
  /** Polls one prompt. Handles the prompt's own errors itself; rejects for errors that concern every prompt. */
  readonly poll: (ref: PromptRef) => Promise<void>;
  /** Called for each outage. Returns how long it asks to wait (a 429's `Retry-After`), in ms. */
  readonly onOutage: (error: unknown) => number;
  /** Called when it's over. */
  readonly onBack: () => void;
  /** The interval had to be stretched to this many ms. */
  readonly onStretch: (intervalMs: number) => void;
}

/** A prompt that is polled, and when its next turn comes, on the monotonic clock; not while a poll is under way. */
interface Turn {
  readonly ref: PromptRef;
  dueAt: number;
}

/**
 * Polls the loaded prompts, each once per interval, and never faster than the rate allows. An outage pauses all polling,
 * for twice as long each consecutive time. Then a single poll tries again.
 */
export class Poller {
  readonly #options: PollerOptions;
  readonly #turns = new Map<string, Turn>();
  readonly #polled = new Set<Turn>();
  #timer: NodeJS.Timeout | undefined;
  #underWay = 0;
  /** In an outage, one at a time. */
  #isRetrying = false;
  #begunAt = Number.NEGATIVE_INFINITY;
  #outages = 0;
  #stretchedTo = 0;
  #isClosed = false;

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  /**
   * Adds a prompt. The first poll comes as soon as the rate allows, or after an interval if the prompt was just
   * fetched.
   */
  add(ref: PromptRef, { wasJustFetched = false }: { readonly wasJustFetched?: boolean } = {}): void {
    if (this.#turns.has(refKey(ref))) return;
    const dueAt = performance.now() + (wasJustFetched ? this.#intervalMs() : 0);
    this.#turns.set(refKey(ref), { ref, dueAt });
    this.#schedule();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** Waits for the next turn. */
  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#isClosed || this.#isRetrying || this.#underWay >= MAX_UNDER_WAY) return;
    let next: Turn | undefined;
    for (const turn of this.#turns.values()) if (turn.dueAt < (next?.dueAt ?? Infinity)) next = turn;
    if (next === undefined) return;
    const turn = next;
    const waitMs = Math.max(turn.dueAt, this.#notBefore()) - performance.now();
    this.#timer = setTimeout(() => this.#take(turn), Math.max(waitMs, 0)).unref();
  }

  /** Polls the prompt if it's in use by now. */
  #take(turn: Turn): void {
    const { isUsed, intervalMs } = this.#options;
    const now = performance.now();
    // Another poller may have polled in the meantime.
    if (now >= this.#notBefore()) {
      if (isUsed(turn.ref)) {
        const dueAt = now + this.#intervalMs();
        turn.dueAt = Infinity;
        this.#begunAt = now;
        this.#underWay += 1;
        const isRetry = this.#outages > 0;
        this.#isRetrying ||= isRetry;
        void this.#poll(turn).then(() => {
          this.#underWay -= 1;
          if (isRetry) this.#isRetrying = false;
          turn.dueAt = dueAt;
          this.#schedule();
        });
      } else turn.dueAt = now + Math.min(UNUSED_MS, intervalMs);
    }
    this.#schedule();
  }

  #notBefore(): number {
    // A little later than the rate allows, so that another poller in the process gets its turn first.
    return Math.max(this.#options.rateLimiter.notBefore, this.#begunAt + this.#smallestGapMs() * 1.01);
  }

  /** Never rejects. */
  async #poll(turn: Turn): Promise<void> {
    const { intervalMs, rateLimiter, poll, onStretch, onOutage, onBack } = this.#options;
    // It's polled again: how long polling all of them once takes is known.
    const needed = this.#polled.size * this.#smallestGapMs();
    if (this.#polled.has(turn) && needed > intervalMs && needed >= this.#stretchedTo * 2) {
      this.#stretchedTo = needed;
      onStretch(needed);
    }
    this.#polled.add(turn);
    const outagesBefore = this.#outages;
    try {
      await poll(turn.ref);
    } catch (error) {
      // Polls that ran at the same time fail together: that is one outage.
      if (this.#isClosed || outagesBefore < this.#outages) return;
      this.#outages += 1;
      const pauseMs = Math.min(intervalMs * 2 ** this.#outages, MAX_PAUSE_MS);
      rateLimiter.pausedUntil = performance.now() + Math.max(onOutage(error), pauseMs);
      return;
    }
    // A poll that started before an outage was noticed says nothing about its end.
    if (this.#outages === 0 || outagesBefore < this.#outages) return;
    this.#outages = 0;
    onBack();
  }

  /** A little less than the interval, and never the same: processes that started together don't poll in step. */
  #intervalMs(): number {
    return this.#options.intervalMs * (0.9 + Math.random() / 10);
  }

  #smallestGapMs(): number {
    return 1000 / this.#options.maxRequestsPerSecond;
  }
}

/** When requests can be sent, on the monotonic clock. One for all that uses the same platform in a process. */
export class RateLimiter {
  /** In ms: no poll starts before. */
  pausedUntil = 0;
  #freeAt = 0;
  /** In ms: the gaps of those in line. */
  #waitingMs = 0;
  #line: Promise<void> = Promise.resolve();

  /** In ms: the earliest time for a poll that neither waits in line nor interrupts a pause. */
  get notBefore(): number {
    return Math.max(this.#freeAt + this.#waitingMs, this.pausedUntil);
  }

  /** Resolves when a request can be sent, and then keeps others back for `gapMs`. First come, first served. */
  slot(gapMs: number): Promise<void> {
    this.#waitingMs += gapMs;
    this.#line = this.#line.then(async () => {
      // The gap starts when a request is sent, not when it could have been: the process may have been busy until now.
      // A timer can be early by a fraction of a millisecond.
      while (performance.now() < this.#freeAt) {
        const leftMs = this.#freeAt - performance.now();
        await new Promise((resolve) => setTimeout(resolve, leftMs));
      }
      this.#freeAt = performance.now() + gapMs;
      this.#waitingMs -= gapMs;
    });
    return this.#line;
  }
}

const limiters = new Map<string, RateLimiter>();

/** The rate limiter of a platform and organisation. The process keeps within the rate, however many runs poll. */
export function rateLimiterOf({ baseUrl, credentials }: ResolvedConnection): RateLimiter {
  const key = JSON.stringify([baseUrl, credentials?.orgId]);
  const limiter = limiters.get(key) ?? new RateLimiter();
  limiters.set(key, limiter);
  return limiter;
}
