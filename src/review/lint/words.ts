import { oneLine } from "../../compiler/diagnostic.ts";
import { withCommas } from "../cost/tokens-text.ts";

/** How many of several things are named in a message. */
const MAX_NAMED = 5;

/**
 * Some names in words.
 *
 * @example listed(["a", "b", "c"]) // "a, b and c"
 */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).map(oneLine);
  const rest = names.length - shown.length;
  const last = rest > 0 ? `${rest} more` : shown.pop();
  return shown.length > 0 ? `${shown.join(", ")} and ${last}` : (last ?? "");
}

/** @example counted(1310, "word") // "1,310 words" */
export function counted(count: number, what: string): string {
  return `${withCommas(count)} ${what}${count === 1 ? "" : "s"}`;
}
