import { debug, isDebugging } from "../../debug.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import type { Sender } from "../http/send.ts";

/** A debug line for each attempt, around any other watcher; if debug lines are off, just that watcher. */
export function debugRequests(
  watch: Sender["watch"],
  clock: () => number,
  log: (line: () => string) => void = debug,
  isAsked = isDebugging(),
): Sender["watch"] {
  if (!isAsked) return watch;
  return async (attempt, run) => {
    const { method, url, requestId } = attempt;
    const startedAt = clock();
    const note = (outcome: string) => {
      const ms = Math.round(clock() - startedAt);
      log(() => `${method} ${url}: ${outcome} after ${ms} ms, request ${requestId}`);
    };
    try {
      const response = await (watch?.(attempt, run) ?? run());
      note(`${response.status}`);
      return response;
    } catch (error) {
      note(isScopeError(error) ? error.code : "given up");
      throw error;
    }
  };
}
