const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

let underWay = 0;
let received: NodeJS.Signals | undefined;

const hold = (signal: NodeJS.Signals): void => {
  received ??= signal;
};

/**
 * Does work that would leave some files replaced and others not if the process ended in the middle. A signal that would
 * end the process waits for this work, and for nothing else: outside it nothing listens for signals, so the system ends
 * the process at once, even one that is busy computing and wouldn't react.
 */
export async function criticalSection<T>(work: () => Promise<T>): Promise<T> {
  if (underWay === 0) for (const signal of SIGNALS) process.on(signal, hold);
  underWay += 1;
  try {
    return await work();
  } finally {
    underWay -= 1;
    if (underWay === 0) release();
  }
}

function release(): void {
  for (const signal of SIGNALS) process.off(signal, hold);
  const signal = received;
  received = undefined;
  // Other listeners have received it already.
  if (signal !== undefined && process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
