let underWay = 0;
let waiting: (() => void)[] = [];

/** Does work that leaves files half replaced when the process ends within it: who would end it waits for that. */
export async function criticalSection<T>(work: () => Promise<T>): Promise<T> {
  underWay += 1;
  try {
    return await work();
  } finally {
    underWay -= 1;
    if (underWay === 0) {
      const then = waiting;
      waiting = [];
      for (const one of then) one();
    }
  }
}

/** Calls back when no such work is under way: at once, or as soon as the last of it is done. */
export function afterCriticalSections(then: () => void): void {
  if (underWay === 0) then();
  else waiting.push(then);
}
