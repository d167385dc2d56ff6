const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

let underWay = 0;
let received: NodeJS.Signals | undefined;

const hold = (signal: NodeJS.Signals): void => {
  received ??= signal;
};

/**
 * Does work that would leave some files replaced and others not when the process ended within it. A signal that would
 * end the process waits for that, and for no longer: anywhere else nothing listens for it, so that the system ends the
 * process at once, even one that computes and would hear nothing.
 */
export async function wholeStep<T>(work: () => Promise<T>): Promise<T> {
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
  // Whoever else listens has heard it already.
  if (signal !== undefined && process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
