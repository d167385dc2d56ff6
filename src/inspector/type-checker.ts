import { once } from "node:events";
import { Worker } from "node:worker_threads";
import pLimit from "p-limit";
import { ConfigurationError } from "../errors/classes.ts";
import type { BrokenCallsInput, CheckedCalls } from "../project/calls/find-broken-calls.ts";
import { builtFile } from "../run/modules/write-module.ts";

/**
 * `findBrokenCalls` in a thread, one after the other: the type checker would keep a dev server from responding. After
 * `close` a check under way fails, and so does a later one.
 */
export function startTypeChecker() {
  const closed = new AbortController();
  const line = pLimit(1);
  return {
    findBrokenCalls: (input: BrokenCallsInput) => line(() => check(input, closed.signal)),
    close: () => closed.abort(new Error("The type checker's thread has ended.")),
  };
}

async function check(input: BrokenCallsInput, signal: AbortSignal): Promise<CheckedCalls> {
  signal.throwIfAborted();
  // Nothing from the process itself: its flags may load prompts, and its environment contains the secret.
  const worker = new Worker(builtFile("type-checker-thread.js"), {
    env: {},
    execArgv: [],
    workerData: input,
  });
  worker.unref();
  try {
    return (await once(worker, "message", { signal }))[0];
  } catch (error) {
    signal.throwIfAborted();
    // An error loses its class on its way out of a thread.
    const { message, code, hint, where } = error as ConfigurationError;
    throw code === "tsconfig_invalid" ? new ConfigurationError(message, { code, hint, where }) : error;
  } finally {
    void worker.terminate();
  }
}
