/** Polls under way at once: a platform that hangs must not collect all prompts' requests. */
const MAX_AT_ONCE = 16;
/** For this long after the last call, waiting polls get their turn without another call; after that, with the next. */
const GOES_ON_MS = 2000;

/**
 * Runs polls in the order they were requested, within the rate. No timer keeps the queue going: it moves when a poll is
 * requested and when one ends, so nothing is lost if timers end with the request that set them (edge runtimes), and a
 * process that has finished, or no longer renders, makes no requests.
 *
 * @param poll one poll; never rejects
 * @param lostAfterMs a poll that hasn't ended after this long no longer counts
 * @param rate requests per second
 * @param isAwaited somebody is waiting for the polls to finish
 */
export function createPollQueue<T>(
  poll: (item: T) => Promise<void>,
  lostAfterMs: (item: T) => number,
  rate: () => number,
  isAwaited: () => boolean,
) {
  const waiting = new Map<T, { readonly promise: Promise<void>; readonly resolve: () => void }>();
  /** How long each poll under way counts. */
  const underWay = new Map<T, number>();
  let askedAtMs = 0;
  let freeAtMs = 0;
  let longestPauseMs = 0;

  function begin(): void {
    const nowMs = performance.now();
    for (const [item, untilMs] of underWay) if (untilMs < nowMs) underWay.delete(item);
    for (const [item, { resolve }] of waiting) {
      if (underWay.size >= MAX_AT_ONCE || (nowMs - askedAtMs > GOES_ON_MS && !isAwaited())) return;
      waiting.delete(item);
      underWay.set(item, nowMs + lostAfterMs(item));
      poll(item).then(() => {
        underWay.delete(item);
        resolve();
        begin();
      });
    }
  }

  function pause(ms: number): void {
    const leftMs = freeAtMs - performance.now();
    // A longer pause that is under way stays, unless the clock was set back.
    if (ms > leftMs || leftMs > longestPauseMs) {
      freeAtMs += ms - leftMs;
      longestPauseMs = ms;
    }
  }

  return {
    /** A poll that begins after this call; resolves when it has ended. */
    add(item: T): Promise<void> {
      let entry = waiting.get(item);
      if (!entry) {
        let resolve!: () => void;
        entry = {
          promise: new Promise((done) => {
            resolve = done;
          }),
          resolve,
        };
        waiting.set(item, entry);
      }
      askedAtMs = performance.now();
      begin();
      return entry.promise;
    },
    /** Resolves when one more request keeps within the rate. */
    async slot(): Promise<void> {
      for (;;) {
        const leftMs = freeAtMs - performance.now();
        // Otherwise a clock that was set back would stop everything until it has caught up.
        if (leftMs <= 0 || leftMs > longestPauseMs) break;
        // Some runtimes return a number, which keeps nothing alive.
        await new Promise((done) => (setTimeout(done, leftMs) as { unref?: () => void }).unref?.());
      }
      pause(1000 / rate());
    },
    pause,
  };
}
