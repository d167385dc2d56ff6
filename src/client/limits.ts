import { onAbort } from "./on-abort.ts";

/** What bounds one call: its own abort signal and the end of its time. */
export interface Limits {
  readonly signal: AbortSignal | undefined;
  /** On the monotonic clock, in milliseconds. */
  readonly deadlineAt: number;
}

/** Resolves after `ms`, or rejects with the signal's reason. */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const timer = setTimeout(() => {
      off();
      resolve();
    }, ms);
    const off = onAbort(signal, () => {
      clearTimeout(timer);
      reject(signal?.reason);
    });
  });
}

/**
 * What a shared promise brings, for one caller: rejects with the signal's reason when that aborts first, or with
 * what `onDeadline` makes when its time is over. The promise itself goes on for the others.
 */
export function within<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  ms?: number,
  onDeadline?: () => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const timer =
      ms === undefined ? undefined : setTimeout(() => finish(() => reject(onDeadline?.())), Math.max(0, ms));
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      off();
      settle();
    };
    const off = onAbort(signal, () => finish(() => reject(signal?.reason)));
    promise.then(
      (value) => finish(() => resolve(value)),
      (error) => finish(() => reject(error)),
    );
  });
}
