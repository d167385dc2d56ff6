import { oneLine } from "../../errors/printable.ts";
import type { LiveConfiguration } from "../live-registry.ts";

type Hook = "onRefresh" | "onIncompatible" | "onError" | "waitUntil";
type Arguments<H extends Hook> = Parameters<NonNullable<LiveConfiguration[H]>>;

/** Calls a hook, or warns if it isn't set. A hook that throws is reported and changes nothing. */
export function notify<H extends Hook>(
  options: LiveConfiguration,
  hook: H,
  given: Arguments<H>,
  warning?: string,
): void {
  const run = options[hook] as ((...given: Arguments<H>) => unknown) | undefined;
  const call = async () => run?.(...given);
  call().catch((error) => console.error(`[unplugin-scope] ${hook} threw:`, error));
  if (!run && warning) console.warn(`[unplugin-scope] ${oneLine(warning)}`);
}

/** A version that changes thousands of names doesn't need a list of them. */
const MAX_LISTED = 10;
/** Changes that are safe to show: the first ten, and how many more. */
export function shortList(changes: readonly string[]): string[] {
  // The name in a change can be as long as the version.
  const listed = changes
    .slice(0, MAX_LISTED)
    .map((change) => oneLine(change.length > 200 ? `${change.slice(0, 200)}…` : change));
  const more = changes.length - MAX_LISTED;
  if (more > 0) listed.push(`${more} more`);
  return listed;
}
