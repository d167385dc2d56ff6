import { parentPort, workerData } from "node:worker_threads";
import { findBrokenCalls } from "../commands/analysis/find-broken-calls.ts";
import { isScopeError } from "../errors/scope-error.ts";
import type { CheckResult } from "./call-sites.ts";

/** Not an entry for users: {@link startTypeChecker} runs it. Anything it throws is an error of the thread. */
async function check(): Promise<CheckResult> {
  try {
    return await findBrokenCalls({ ...workerData, warn: () => {} });
  } catch (error) {
    if (!isScopeError(error)) throw error;
    const { message, code, hint, where } = error;
    return { message, problem: { code, hint, where } };
  }
}

check().then((result) => parentPort?.postMessage(result));
