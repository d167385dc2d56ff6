import type { PromptRef } from "../prompt.ts";
import { refKey } from "../prompt.ts";

/** Longest pause after outages in a row. */
const LONGEST_PAUSE_MS = 60_000;

export interface PollerOptions {
  /** Every prompt is looked at once in this time, unless that would pass `maxRequestsPerSecond`. */
  readonly intervalMs: number;
  readonly maxRequestsPerSecond: number;
  /** One look at the platform. Settles the prompt's own faults itself; rejects only for an outage. */
  readonly look: (ref: PromptRef) => Promise<void>;
  /** How long an outage asks to wait (a 429's `Retry-After`), in ms; undefined when it does not say. */
  readonly pauseOf: (error: unknown) => number | undefined;
  readonly onOutage: (error: unknown) => void;
  readonly onBack: () => void;
  /** The interval had to stretch to this many ms. */
  readonly onStretch: (intervalMs: number) => void;
}

/**
 * Looks at the prompts that are loaded, in turn and evenly spread: one per process. Its timer never keeps a
 * process alive. An outage pauses all looking, twice as long each time in a row.
 */
export class Poller {
  readonly #options: PollerOptions;
  readonly #refs = new Map<string, PromptRef>();
  /** Prompts that were never looked at come first. */
  readonly #fresh = new Set<string>();
  #queue: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #outages = 0;
  #stretchedTo = 0;
  #isClosed = false;

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  /** Adds a prompt; the first look comes as soon as the rate allows. */
  add(ref: PromptRef): void {
    const key = refKey(ref);
    if (this.#refs.has(key) || this.#isClosed) return;
    this.#refs.set(key, ref);
    this.#fresh.add(key);
    this.#reportStretch();
    // A timer that waits for an ordinary turn would make a newly loaded prompt wait with it.
    if (this.#timer !== undefined && this.#outages === 0) this.#schedule(this.#smallestGapMs());
    else if (this.#timer === undefined) this.#schedule(0);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#turn(), delayMs);
    this.#timer.unref();
  }

  async #turn(): Promise<void> {
    const ref = this.#next();
    if (ref === undefined) return;
    const startedAt = performance.now();
    let pauseMs: number | undefined;
    try {
      await this.#options.look(ref);
      if (this.#outages > 0) this.#options.onBack();
      this.#outages = 0;
    } catch (error) {
      this.#outages += 1;
      if (this.#outages === 1) this.#options.onOutage(error);
      pauseMs =
        this.#options.pauseOf(error) ??
        Math.min(this.#options.intervalMs * 2 ** this.#outages, LONGEST_PAUSE_MS);
    }
    const spent = performance.now() - startedAt;
    this.#schedule(pauseMs ?? Math.max(this.#gapMs() - spent, 0));
  }

  #next(): PromptRef | undefined {
    const [fresh] = this.#fresh;
    if (fresh !== undefined) {
      this.#fresh.delete(fresh);
      return this.#refs.get(fresh);
    }
    if (this.#queue.length === 0) this.#queue = [...this.#refs.keys()];
    return this.#refs.get(this.#queue.shift() ?? "");
  }

  /** Time between two looks, with a little jitter so that many processes do not look in step. */
  #gapMs(): number {
    if (this.#fresh.size > 0) return this.#smallestGapMs();
    const even = this.#options.intervalMs / Math.max(this.#refs.size, 1);
    return Math.max(even * (0.9 + Math.random() * 0.1), this.#smallestGapMs());
  }

  #smallestGapMs(): number {
    return 1000 / this.#options.maxRequestsPerSecond;
  }

  #reportStretch(): void {
    const needed = this.#refs.size * this.#smallestGapMs();
    if (needed <= this.#options.intervalMs || needed < this.#stretchedTo * 2) return;
    this.#stretchedTo = needed;
    this.#options.onStretch(needed);
  }
}
