import type { ResolvedConnection } from "../../client/connection/types.ts";

/** When requests may go out, on the monotonic clock. One for everything in a process that asks one platform. */
export class RateLimiter {
  /** In ms: no poll begins before. */
  pausedUntil = 0;
  #freeAt = 0;

  /** In ms: when a poll can begin that neither waits in line nor breaks a pause. */
  get notBefore(): number {
    return Math.max(this.#freeAt, this.pausedUntil);
  }

  /** Resolves when a request may go out, which keeps others away for `gapMs`. First come, first served. */
  async slot(gapMs: number): Promise<void> {
    const at = Math.max(performance.now(), this.#freeAt);
    this.#freeAt = at + gapMs;
    // A timer may be early by a part of a millisecond.
    for (let left = at - performance.now(); left > 0; left = at - performance.now()) {
      await new Promise((resolve) => setTimeout(resolve, left));
    }
  }
}

const limiters = new Map<string, RateLimiter>();

/** The rate limiter of a platform and organisation: however many runs poll it, the process keeps within the rate. */
export function rateLimiterOf({ baseUrl, credentials }: ResolvedConnection): RateLimiter {
  const key = JSON.stringify([baseUrl, credentials?.orgId]);
  const limiter = limiters.get(key) ?? new RateLimiter();
  limiters.set(key, limiter);
  return limiter;
}
