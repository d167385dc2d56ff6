import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { BrokenCallsInput, CheckedCalls } from "../commands/analysis/find-broken-calls.ts";
import { ConfigurationError } from "../errors/classes.ts";
import type { ScopeErrorOptions } from "../errors/scope-error.ts";
import { builtFile } from "./built-file.ts";

/** What a thread is given, and what it sends back. */
export type CheckInput = Omit<BrokenCallsInput, "warn">;
export type CheckResult =
  | CheckedCalls
  | { readonly message: string; readonly problem: Pick<ScopeErrorOptions, "code" | "hint" | "where"> };

/** `findBrokenCalls` in a thread for each check: the type checker would keep a dev server from responding. */
export class TypeChecker {
  readonly #closed = new AbortController();
  /** One check after the other. */
  #line: Promise<unknown> = Promise.resolve();

  readonly findBrokenCalls = (input: BrokenCallsInput): Promise<CheckedCalls> => {
    const calls = this.#line.then(() => check(input, this.#closed.signal));
    this.#line = calls.catch(() => {});
    return calls;
  };

  /** A check under way fails, and so does a later one. */
  close(): void {
    this.#closed.abort(new Error("The type checker's thread has ended."));
  }
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
