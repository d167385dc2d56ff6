import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { BrokenCall, BrokenCallsInput } from "../commands/analysis/find-broken-calls.ts";
import { ConfigurationError } from "../errors/classes.ts";
import type { ScopeErrorOptions } from "../errors/scope-error.ts";

/** What the thread is given, and what it sends back. */
export type CheckInput = Omit<BrokenCallsInput, "warn">;
export type CheckResult =
  | { readonly calls: readonly BrokenCall[] }
  | { readonly message: string; readonly problem: Pick<ScopeErrorOptions, "code" | "hint" | "where"> };

/** `findBrokenCalls` in a thread: the type checker would keep a dev server from responding. */
export class TypeChecker {
  #worker: Worker | undefined;
  /** One check after the other. */
  #line: Promise<unknown> = Promise.resolve();

  readonly findBrokenCalls = (input: BrokenCallsInput): Promise<readonly BrokenCall[]> => {
    const calls = this.#line.then(() => this.#check(input));
    this.#line = calls.catch(() => {});
    return calls;
  };

  close(): void {
    void this.#worker?.terminate();
  }

  async #check({ warn: _, ...input }: BrokenCallsInput): Promise<readonly BrokenCall[]> {
    this.#worker ??= start();
    try {
      this.#worker.postMessage(input satisfies CheckInput);
      const [result]: [CheckResult] = (await once(this.#worker, "message")) as [CheckResult];
      if ("calls" in result) return result.calls;
      throw new ConfigurationError(result.message, result.problem);
    } catch (error) {
      // It may have ended: the next check starts another one.
      this.close();
      this.#worker = undefined;
      throw error;
    }
  }
}

function start(): Worker {
  // This code runs bundled, next to the thread's, or as source during this package's tests.
  const isBundled = !import.meta.filename.endsWith(".ts");
  const file = join(import.meta.dirname, isBundled ? "." : "../../dist", "type-checker-thread.js");
  const worker = new Worker(file);
  worker.unref();
  return worker;
}
