import type { PromptRef } from "../../prompt.ts";
import { refKey } from "../../prompt.ts";
import { RateLimiter } from "./rate-limiter.ts";

/** Longest pause after outages in a row. */
const MAX_PAUSE_MS = 60_000;
/** Polls under way at once: a slow platform must not pile them up. */
const MAX_UNDER_WAY = 16;
/** Whether a prompt that nobody used is used now is found out after this time. */
const UNUSED_MS = 1000;
/** The longest time of a timer: a longer one would end at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface PollerOptions {
  /** Every prompt is polled once in this time, unless that would pass `maxRequestsPerSecond`. */
  readonly intervalMs: number;
  readonly maxRequestsPerSecond: number;
  /** Default: one of its own. */
  readonly rateLimiter?: RateLimiter | undefined;
  /** Only what is used is polled. */
  readonly isUsed: (ref: PromptRef) => boolean;
  /** Polls one prompt. Handles the prompt's own errors itself; rejects for what concerns every prompt. */
  readonly poll: (ref: PromptRef) => Promise<void>;
  /** How long an outage asks to wait (a 429's `Retry-After`), in ms; undefined when it does not say. */
  readonly pauseOf: (error: unknown) => number | undefined;
  /** What is reported once in an outage. */
  readonly kindOf: (error: unknown) => string;
  /** Called for the first failure of each kind. */
  readonly onOutage: (error: unknown) => void;
  /** Given the kinds that were reported. */
  readonly onBack: (kinds: ReadonlySet<string>) => void;
  /** The interval had to stretch to this many ms. */
  readonly onStretch: (intervalMs: number) => void;
}

interface Turn {
  readonly ref: PromptRef;
  /** On the monotonic clock, in ms. */
  dueAt: number;
  isUnderWay: boolean;
}

/**
 * Polls the prompts that are loaded, each once per interval, no two closer than the rate allows. Its timer never
 * keeps a process alive. An outage pauses all polling, twice as long each time in a row, and then one poll tries.
 */
export class Poller {
  readonly #options: PollerOptions;
  readonly #turns = new Map<string, Turn>();
  #timer: NodeJS.Timeout | undefined;
  /** When the timer ends, on the monotonic clock; never where there is none. */
  #wakesAt = Number.POSITIVE_INFINITY;
  readonly #rateLimiter: RateLimiter;
  #tookAt = Number.NEGATIVE_INFINITY;
  #underWay = 0;
  #outages = 0;
  readonly #reported = new Set<string>();
  #stretchedTo = 0;
  #isClosed = false;

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#rateLimiter = options.rateLimiter ?? new RateLimiter();
  }

  /** Adds a prompt. The first poll comes as soon as the rate allows; after an interval when it was just fetched. */
  add(ref: PromptRef, { wasJustFetched = false }: { readonly wasJustFetched?: boolean } = {}): void {
    const key = refKey(ref);
    if (this.#turns.has(key) || this.#isClosed) return;
    const dueAt = performance.now() + (wasJustFetched ? this.#intervalMs() : 0);
    this.#turns.set(key, { ref, dueAt, isUnderWay: false });
    this.#reportStretch();
    // To find who is next takes a look at all: where the timer ends no later than this one is due, that can wait.
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
    this.#timer = setTimeout(() => this.#takeNext(), Math.min(Math.max(leftMs, 0), MAX_TIMER_MS));
    this.#timer.unref();
  }

  #notBefore(): number {
    // A little later than the rate allows, so that another poller of the process has its turn first.
    return Math.max(this.#rateLimiter.notBefore, this.#tookAt + this.#smallestGapMs() * 1.01);
  }

  #takeNext(): void {
    // Another poller may have polled meanwhile, or the timer be early by a part of a millisecond.
    const next = performance.now() < this.#notBefore() ? undefined : this.#nextUsed();
    if (next === undefined) this.#schedule();
    else void this.#take(next);
  }

  /** The prompt that is due first and used; those that are not have to wait. */
  #nextUsed(): Turn | undefined {
    const now = performance.now();
    for (let next = this.#next(); next !== undefined && next.dueAt <= now; next = this.#next()) {
      if (this.#options.isUsed(next.ref)) return next;
      next.dueAt = now + Math.min(UNUSED_MS, this.#options.intervalMs);
    }
    return undefined;
  }

  /** The prompt that is due first, while another poll may be under way. */
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
    // A poll that began before an outage was noticed says nothing about its end.
    if (this.#outages === 0 || outagesBefore < this.#outages) return;
    this.#outages = 0;
    this.#options.onBack(new Set(this.#reported));
    this.#reported.clear();
  }

  #failed(error: unknown, outagesBefore: number): void {
    // Polls that were under way together fail together: that is one outage.
    if (this.#isClosed || outagesBefore < this.#outages) return;
    this.#outages += 1;
    const kind = this.#options.kindOf(error);
    if (!this.#reported.has(kind)) this.#options.onOutage(error);
    this.#reported.add(kind);
    const pauseMs = Math.min(this.#options.intervalMs * 2 ** this.#outages, MAX_PAUSE_MS);
    this.#rateLimiter.pausedUntil =
      performance.now() + jittered(Math.max(this.#options.pauseOf(error) ?? 0, pauseMs), 1, 1.1);
  }

  /** A little less than the interval, so that the edit is seen within it, and never quite the same. */
  #intervalMs(): number {
    return jittered(this.#options.intervalMs, 0.9, 1);
  }

  #smallestGapMs(): number {
    return 1000 / this.#options.maxRequestsPerSecond;
  }

  #reportStretch(): void {
    const needed = this.#turns.size * this.#smallestGapMs();
    if (needed <= this.#options.intervalMs || needed < this.#stretchedTo * 2) return;
    this.#stretchedTo = needed;
    this.#options.onStretch(needed);
  }
}

/** Processes that were started together must not poll in step. */
function jittered(ms: number, least: number, most: number): number {
  return ms * (least + Math.random() * (most - least));
}
