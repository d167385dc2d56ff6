const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

let underWay = 0;
let received: NodeJS.Signals | undefined;

const hold = (signal: NodeJS.Signals): void => {
  received ??= signal;
};

/**
 * Does work that a signal must not end in the middle. Outside it nothing listens for signals, so the system ends the
 * process at once, even one that is busy computing.
 */
export async function criticalSection<T>(work: () => Promise<T>): Promise<T> {
  if (underWay === 0) for (const signal of SIGNALS) process.on(signal, hold);
  underWay += 1;
  try {
    return await work();
  } finally {
    underWay -= 1;
    if (underWay === 0) {
      for (const signal of SIGNALS) process.off(signal, hold);
      const signal = received;
      received = undefined;
      // Other listeners have received it already.
      if (signal !== undefined && process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    }
  }
}
