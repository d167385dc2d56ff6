/**
 * Node warns of a leak when more than ten listeners wait on one signal, and a hundred calls with one signal are no
 * leak: so each signal gets one listener, which calls all who wait.
 */
const waiting = new WeakMap<
  AbortSignal,
  { readonly callbacks: Set<() => void>; readonly listener: () => void }
>();

/**
 * Calls `callback` once when the signal aborts; never for one that is aborted already.
 *
 * @returns a function that takes the callback away again
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal === undefined || signal.aborted) return () => {};
  let waits = waiting.get(signal);
  if (waits === undefined) {
    const callbacks = new Set<() => void>();
    const listener = () => {
      waiting.delete(signal);
      for (const each of [...callbacks]) each();
    };
    waits = { callbacks, listener };
    waiting.set(signal, waits);
    signal.addEventListener("abort", listener, { once: true });
  }
  const { callbacks, listener } = waits;
  // Its own object, so that one function may wait twice.
  const own = () => callback();
  callbacks.add(own);
  return () => {
    callbacks.delete(own);
    if (callbacks.size > 0 || waiting.get(signal)?.listener !== listener) return;
    waiting.delete(signal);
    signal.removeEventListener("abort", listener);
  };
}
