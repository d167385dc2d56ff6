import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { BrokenCall, BrokenCallsInput } from "../../commands/analysis/find-broken-calls.ts";
import { ConfigurationError } from "../../errors/classes.ts";
import type { ScopeErrorOptions } from "../../errors/scope-error.ts";
import { builtFile } from "../built-file.ts";

/** What the thread is given, and what it sends back. */
export type CheckInput = Omit<BrokenCallsInput, "warn">;
export type CheckResult =
  | { readonly calls: readonly BrokenCall[] }
  | { readonly message: string; readonly problem: Pick<ScopeErrorOptions, "code" | "hint" | "where"> };

/** `findBrokenCalls` in a thread: the type checker would keep a dev server from responding. */
export class TypeChecker {
  #worker: Worker | undefined;
  #isClosed = false;
  /** One check after the other. */
  #line: Promise<unknown> = Promise.resolve();

  readonly findBrokenCalls = (input: BrokenCallsInput): Promise<readonly BrokenCall[]> => {
    const calls = this.#line.then(() => this.#check(input));
    this.#line = calls.catch(() => {});
    return calls;
  };

  /** A check under way fails, and so does a later one. */
  close(): void {
    this.#isClosed = true;
    this.#stop();
  }

  #start(): Worker {
    const worker = start();
    worker.once("exit", () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }

  #stop(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  async #check({ warn: _, ...input }: BrokenCallsInput): Promise<readonly BrokenCall[]> {
    if (this.#isClosed) throw new Error(ENDED);
    this.#worker ??= this.#start();
    try {
      const result = await askWorker(this.#worker, input);
      if ("calls" in result) return result.calls;
      throw new ConfigurationError(result.message, result.problem);
    } catch (error) {
      // It may have ended: the next check starts another one.
      this.#stop();
      throw error;
    }
  }
}

const ENDED = "The type checker's thread has ended.";

/** @throws what ends the thread before its answer; a thread that is terminated emits nothing else than `exit` */
async function askWorker(worker: Worker, input: CheckInput): Promise<CheckResult> {
  const answered = new AbortController();
  const { signal } = answered;
  worker.postMessage(input);
  try {
    const ended = once(worker, "exit", { signal }).then(() => {
      throw new Error(ENDED);
    });
    const answer = once(worker, "message", { signal });
    const [result] = (await Promise.race([answer, ended])) as [CheckResult];
    return result;
  } finally {
    answered.abort();
  }
}

function start(): Worker {
  const file = builtFile("type-checker-thread.js");
  // Nothing from the process itself: its flags may load prompts, and its environment contains the secret. Under Yarn's
  // Plug'n'Play both say where packages are.
  const worker = new Worker(file, process.versions.pnp === undefined ? { env: {}, execArgv: [] } : {});
  worker.unref();
  return worker;
}
