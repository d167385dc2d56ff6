import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { BrokenCallsInput, CheckedCalls } from "../commands/analysis/find-broken-calls.ts";
import { ConfigurationError } from "../errors/classes.ts";
import type { ScopeErrorOptions } from "../errors/scope-error.ts";
import { builtFile } from "./built-file.ts";

/** What a thread sends back. */
export type CheckResult =
  | CheckedCalls
  | { readonly message: string; readonly problem: Pick<ScopeErrorOptions, "code" | "hint" | "where"> };

/**
 * `findBrokenCalls` in a thread for each check, one after the other: the type checker would keep a dev server from
 * responding. After `close` a check under way fails, and so does a later one.
 */
export function startTypeChecker() {
  const closed = new AbortController();
  let line: Promise<unknown> = Promise.resolve();
  return {
    findBrokenCalls: (input: BrokenCallsInput): Promise<CheckedCalls> => {
      const calls = line.then(() => check(input, closed.signal));
      line = calls.catch(() => {});
      return calls;
    },
    close: () => closed.abort(new Error("The type checker's thread has ended.")),
  };
}

async function check({ warn: _, ...input }: BrokenCallsInput, signal: AbortSignal): Promise<CheckedCalls> {
  signal.throwIfAborted();
  // Nothing from the process itself: its flags may load prompts, and its environment contains the secret. Under Yarn's
  // Plug'n'Play both say where packages are.
  const own = process.versions.pnp === undefined ? { env: {}, execArgv: [] } : {};
  const worker = new Worker(builtFile("type-checker-thread.js"), { ...own, workerData: input });
  worker.unref();
  try {
    const [result] = (await once(worker, "message", { signal })) as [CheckResult];
    if ("calls" in result) return result;
    throw new ConfigurationError(result.message, result.problem);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    void worker.terminate();
  }
}
