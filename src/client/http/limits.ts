import type { Cancel } from "./cancel.ts";

/** The limits of one call: its own cancel, and the end of its time. */
export interface Limits {
  readonly cancel: Cancel | undefined;
  /** On the monotonic clock, in milliseconds. */
  readonly deadlineAt: number;
}

/** Resolves after `ms`, or rejects with the signal's reason. */
export function sleep(ms: number, cancel: Cancel | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (cancel?.aborted === true) return reject(cancel.reason);
    const timer = setTimeout(() => {
      off?.();
      resolve();
    }, ms);
    const off = cancel?.onAbort(() => {
      clearTimeout(timer);
      reject(cancel.reason);
    });
  });
}

/**
 * The result of a shared promise, for one caller: rejects with the signal's reason if that aborts first, or with the
 * error from `onDeadline` when the time is over. The promise itself continues for the others.
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
