import { Worker } from "node:worker_threads";

/** Longer than anything here takes on a busy machine. */
const DEADLINE_MS = 30_000;

/**
 * Runs code in a thread of its own, which is ended at a deadline: what has no end fails there, where it would stop the whole test
 * run here.
 *
 * @param code CommonJS, which posts one message to its parent
 * @throws at the deadline, and what the code throws
 */
export async function inThread<T>(code: string, workerData?: unknown): Promise<T> {
  const worker = new Worker(code, { eval: true, workerData });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((done, fail) => {
      worker.once("message", done);
      worker.once("error", fail);
      timer = setTimeout(() => fail(new Error("It has no end: its thread was ended.")), DEADLINE_MS);
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
