import type { ResolvedConnection } from "../../client/connection/types.ts";

/** When requests can be sent, on the monotonic clock. One for everything in a process that uses the same platform. */
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
      for (let left = this.#leftMs(); left > 0; left = this.#leftMs()) {
        await new Promise((resolve) => setTimeout(resolve, left));
      }
      this.#freeAt = performance.now() + gapMs;
      this.#waitingMs -= gapMs;
    });
    return this.#line;
  }

  #leftMs(): number {
    return this.#freeAt - performance.now();
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
