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

/** As `findBrokenCalls`, in a thread of its own: the type checker would keep a dev server from responding. */
export async function findBrokenCallsInThread(input: BrokenCallsInput): Promise<readonly BrokenCall[]> {
  const { warn: _, ...workerData } = input;
  // This code runs bundled, next to the thread's, or as source during this package's tests.
  const isBundled = !import.meta.filename.endsWith(".ts");
  const file = join(import.meta.dirname, isBundled ? "." : "../../dist", "type-checker-thread.js");
  const worker = new Worker(file, { workerData: workerData satisfies CheckInput });
  worker.unref();
  const [result]: CheckResult[] = await once(worker, "message");
  if (result !== undefined && "calls" in result) return result.calls;
  throw new ConfigurationError(result?.message ?? "", result?.problem ?? { code: "tsconfig_invalid" });
}
