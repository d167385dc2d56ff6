import { vi } from "vitest";

interface Timer {
  dueMs: number;
  readonly run: () => void;
  readonly repeatMs: number | undefined;
  isReffed: boolean;
}

/** Lets everything that waits on promises alone run to its end. */
export const promisesDone: () => Promise<void> = (() => {
  const realImmediate = setImmediate;
  return () => new Promise<void>((done) => realImmediate(done));
})();

/**
 * Time that a test moves by hand: timers and the monotonic clock, with what Node adds to a timer
 * (`unref`), so that a test can ask what would keep a process alive.
 */
export class SimulatedTime {
  #nowMs = 1000;
  #jumpMs = 0;
  #timers = new Set<Timer>();

  /** Real time, which clock jumps do not touch. */
  get nowMs(): number {
    return this.#nowMs;
  }

  install(): void {
    vi.stubGlobal("setTimeout", (run: () => void, ms = 0) => this.#start(run, ms, undefined));
    vi.stubGlobal("setInterval", (run: () => void, ms: number) => this.#start(run, ms, ms));
    vi.stubGlobal("clearTimeout", (timer: Timer) => this.#timers.delete(timer));
    vi.stubGlobal("clearInterval", (timer: Timer) => this.#timers.delete(timer));
    vi.stubGlobal("performance", { now: () => this.#nowMs + this.#jumpMs });
  }

  /** Starts again. */
  reset(): void {
    this.#nowMs = 1000;
    this.#jumpMs = 0;
    this.#timers.clear();
  }

  /** The monotonic clock as a machine that was suspended, moved or restored shows it. */
  jump(ms: number): void {
    this.#jumpMs += ms;
  }

  /** Timers that keep a process alive, other than those that are due at once. */
  get keepingAlive(): number {
    return [...this.#timers].filter(({ isReffed, dueMs }) => isReffed && dueMs > this.#nowMs + 1).length;
  }

  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await promisesDone();
    for (;;) {
      let next: Timer | undefined;
      for (const timer of this.#timers) if (next === undefined || timer.dueMs < next.dueMs) next = timer;
      if (next === undefined || next.dueMs > untilMs) break;
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      if (next.repeatMs !== undefined) {
        next.dueMs += next.repeatMs;
        this.#timers.add(next);
      }
      next.run();
      await promisesDone();
    }
    this.#nowMs = untilMs;
  }

  #start(run: () => void, ms: number, repeatMs: number | undefined): object {
    const timer: Timer = { dueMs: this.#nowMs + ms, run, repeatMs, isReffed: true };
    this.#timers.add(timer);
    return Object.assign(timer, {
      unref: () => {
        timer.isReffed = false;
        return timer;
      },
    });
  }
}
