/** An `AbortSignal` for inside the client, one for each request: `AbortSignal.any` would be a third of its cost. */
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

  /** Calls `callback` once when this is aborted, but never if it already is. Returns what removes it again. */
  onAbort(callback: () => void): () => void {
    if (this.#isAborted) return () => {};
    this.#callbacks ??= new Set();
    const callbacks = this.#callbacks.add(callback);
    return () => {
      callbacks.delete(callback);
    };
  }
}

const ofSignals = new WeakMap<AbortSignal, Cancel>();

/** The same for a caller's signal. All calls share one listener on it: Node warns of a leak at more than ten. */
export function cancelOf(signal: AbortSignal | undefined): Cancel | undefined {
  if (signal === undefined) return undefined;
  const known = ofSignals.get(signal);
  if (known !== undefined) return known;
  const cancel = new Cancel();
  if (signal.aborted) cancel.abort(signal.reason);
  else signal.addEventListener("abort", () => cancel.abort(signal.reason));
  ofSignals.set(signal, cancel);
  return cancel;
}

/** The limits of one call: its own cancel, and the end of its time. */
export interface Limits {
  readonly cancel: Cancel | undefined;
  /** On the monotonic clock, in milliseconds. */
  readonly deadlineAt: number;
}

/** Resolves after `ms`, or rejects with the signal's reason. */
export function sleep(ms: number, cancel: Cancel | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waited = new Promise<void>((done) => {
    timer = setTimeout(done, ms);
  });
  return within(waited, cancel).finally(() => clearTimeout(timer));
}

/**
 * A shared promise for one caller: rejects with the signal's reason if that aborts first, or with the error from
 * `onDeadline` when the time is over. The promise itself continues for the others.
 */
export function within<T>(
  promise: Promise<T>,
  cancel: Cancel | undefined,
  ms?: number,
  onDeadline?: () => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (cancel?.aborted === true) {
      // This caller may have been the only one to see its failure.
      promise.catch(() => {});
      return reject(cancel.reason);
    }
    const timer =
      ms === undefined ? undefined : setTimeout(() => finish(() => reject(onDeadline?.())), Math.max(0, ms));
    const finish = (conclude: () => void) => {
      clearTimeout(timer);
      off?.();
      conclude();
    };
    const off = cancel?.onAbort(() => finish(() => reject(cancel.reason)));
    promise.then(
      (value) => finish(() => resolve(value)),
      (error) => finish(() => reject(error)),
    );
  });
}
