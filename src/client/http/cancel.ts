/**
 * Tells everything that waits, once, that work is to be given up. It does what an `AbortSignal` does, inside the
 * client: one is created for each request, and an `AbortController` would be a large part of what a request costs.
 */
export class Cancel {
  #callbacks: Set<() => void> | undefined;
  #isAborted = false;
  #reason: unknown;

  get aborted(): boolean {
    return this.#isAborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  throwIfAborted(): void {
    if (this.#isAborted) throw this.#reason;
  }

  abort(reason: unknown): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#reason = reason;
    for (const callback of this.#callbacks ?? []) callback();
    this.#callbacks = undefined;
  }

  /**
   * Calls `callback` once when this is aborted, but never if it's already aborted. A callback waits only once, however
   * often it's added.
   *
   * @returns a function that removes it again
   */
  onAbort(callback: () => void): () => void {
    if (this.#isAborted) return NOTHING;
    this.#callbacks ??= new Set();
    const callbacks = this.#callbacks.add(callback);
    return () => {
      callbacks.delete(callback);
    };
  }
}

const NOTHING = () => {};
const ofSignals = new WeakMap<AbortSignal, Cancel>();

/**
 * The same for a caller's signal. All calls with one signal share one listener on it: Node warns of a leak at more than
 * ten.
 */
export function cancelOf(signal: AbortSignal | undefined): Cancel | undefined {
  if (signal === undefined) return undefined;
  let cancel = ofSignals.get(signal);
  if (cancel === undefined) {
    const made = new Cancel();
    if (signal.aborted) made.abort(signal.reason);
    else signal.addEventListener("abort", () => made.abort(signal.reason));
    ofSignals.set(signal, made);
    cancel = made;
  }
  return cancel;
}
