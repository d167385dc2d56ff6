import type { PromptRef } from "../../prompt.ts";
import { refKey } from "../../prompt.ts";
import { RateLimiter } from "./rate-limiter.ts";

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
  /** Default: a new one. */
  readonly rateLimiter?: RateLimiter | undefined;
  /** Only prompts in use are polled. */
  readonly isUsed: (ref: PromptRef) => boolean;
  /** Polls one prompt. Handles the prompt's own errors itself; rejects for errors that concern every prompt. */
  readonly poll: (ref: PromptRef) => Promise<void>;
  /** Called each time that an outage is met. Returns how long it asks to wait (a 429's `Retry-After`), in ms. */
  readonly onOutage: (error: unknown) => number;
  /** Called when it's over. */
  readonly onBack: () => void;
  /** The interval had to be stretched to this many ms. */
  readonly onStretch: (intervalMs: number) => void;
}

interface Turn {
  readonly ref: PromptRef;
  /** On the monotonic clock, in ms. */
  dueAt: number;
  isUnderWay: boolean;
  wasPolled: boolean;
}

/**
 * Polls the loaded prompts, each once per interval, and never faster than the rate allows. Its timer doesn't keep the
 * process alive. An outage pauses all polling, for twice as long each consecutive time. Then a single poll tries again.
 */
export class Poller {
  readonly #options: PollerOptions;
  readonly #turns = new Map<string, Turn>();
  #timer: NodeJS.Timeout | undefined;
  /** When the timer fires, on the monotonic clock; never if there isn't one. */
  #wakesAt = Number.POSITIVE_INFINITY;
  readonly #rateLimiter: RateLimiter;
  #tookAt = Number.NEGATIVE_INFINITY;
  #underWay = 0;
  #outages = 0;
  #stretchedTo = 0;
  #isClosed = false;

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#rateLimiter = options.rateLimiter ?? new RateLimiter();
  }

  /**
   * Adds a prompt. The first poll comes as soon as the rate allows, or after an interval if the prompt was just
   * fetched.
   */
  add(ref: PromptRef, { wasJustFetched = false }: { readonly wasJustFetched?: boolean } = {}): void {
    const key = refKey(ref);
    if (this.#turns.has(key) || this.#isClosed) return;
    const dueAt = performance.now() + (wasJustFetched ? this.#intervalMs() : 0);
    this.#turns.set(key, { ref, dueAt, isUnderWay: false, wasPolled: false });
    // Finding the next one means looking at all of them. If the timer fires no later than this one is due, that can
    // wait.
    if (this.#wakesAt > Math.max(dueAt, this.#notBefore())) this.#schedule();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#wakesAt = Number.POSITIVE_INFINITY;
    const next = this.#next();
    if (this.#isClosed || next === undefined) return;
    this.#wakesAt = Math.max(next.dueAt, this.#notBefore());
    const leftMs = this.#wakesAt - performance.now();
    this.#timer = setTimeout(() => this.#takeNext(), Math.max(leftMs, 0));
    this.#timer.unref();
  }

  #notBefore(): number {
    // A little later than the rate allows, so that another poller in the process gets its turn first.
    return Math.max(this.#rateLimiter.notBefore, this.#tookAt + this.#smallestGapMs() * 1.01);
  }

  #takeNext(): void {
    // Another poller may have polled in the meantime, or the timer may be early by a fraction of a millisecond.
    const next = performance.now() < this.#notBefore() ? undefined : this.#nextUsed();
    if (next === undefined) this.#schedule();
    else void this.#take(next);
  }

  /** The prompt that is due first and in use; unused ones have to wait. */
  #nextUsed(): Turn | undefined {
    const now = performance.now();
    for (let next = this.#next(); next !== undefined && next.dueAt <= now; next = this.#next()) {
      if (this.#options.isUsed(next.ref)) return next;
      next.dueAt = now + Math.min(UNUSED_MS, this.#options.intervalMs);
    }
    return undefined;
  }

  /** The prompt that is due first, if another poll can start now. */
  #next(): Turn | undefined {
    if (this.#underWay >= (this.#outages > 0 ? 1 : MAX_UNDER_WAY)) return undefined;
    let next: Turn | undefined;
    for (const turn of this.#turns.values()) {
      if (!turn.isUnderWay && (next === undefined || turn.dueAt < next.dueAt)) next = turn;
    }
    return next;
  }

  async #take(turn: Turn): Promise<void> {
    const now = performance.now();
    turn.dueAt = now + this.#intervalMs();
    if (turn.wasPolled) this.#reportStretch();
    turn.wasPolled = true;
    turn.isUnderWay = true;
    this.#underWay += 1;
    this.#tookAt = now;
    this.#schedule();
    const outagesBefore = this.#outages;
    try {
      await this.#options.poll(turn.ref);
      this.#succeeded(outagesBefore);
    } catch (error) {
      this.#failed(error, outagesBefore);
    } finally {
      turn.isUnderWay = false;
      this.#underWay -= 1;
      this.#schedule();
    }
  }

  #succeeded(outagesBefore: number): void {
    // A poll that started before an outage was noticed says nothing about its end.
    if (this.#outages === 0 || outagesBefore < this.#outages) return;
    this.#outages = 0;
    this.#options.onBack();
  }

  #failed(error: unknown, outagesBefore: number): void {
    // Polls that ran at the same time fail together: that is one outage.
    if (this.#isClosed || outagesBefore < this.#outages) return;
    this.#outages += 1;
    const pauseMs = Math.min(this.#options.intervalMs * 2 ** this.#outages, MAX_PAUSE_MS);
    this.#rateLimiter.pausedUntil = performance.now() + Math.max(this.#options.onOutage(error), pauseMs);
  }

  /** A little less than the interval, and never the same: processes that started together don't poll in step. */
  #intervalMs(): number {
    return this.#options.intervalMs * (0.9 + Math.random() / 10);
  }

  #smallestGapMs(): number {
    return 1000 / this.#options.maxRequestsPerSecond;
  }

  /** A prompt is polled again: how long polling all of them once takes is known. */
  #reportStretch(): void {
    const polled = [...this.#turns.values()].filter(({ wasPolled }) => wasPolled).length;
    const needed = polled * this.#smallestGapMs();
    if (needed <= this.#options.intervalMs || needed < this.#stretchedTo * 2) return;
    this.#stretchedTo = needed;
    this.#options.onStretch(needed);
  }
}
