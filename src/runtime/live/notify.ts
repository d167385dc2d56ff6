import type { LiveConfiguration } from "../live-types.ts";

type Hook = "onRefresh" | "onIncompatible" | "onError" | "waitUntil";
type Arguments<H extends Hook> = Parameters<NonNullable<LiveConfiguration[H]>>;

/** Calls a hook, or warns in its stead. A hook that throws is reported and changes nothing. */
export function tell<H extends Hook>(
  options: LiveConfiguration,
  hook: H,
  given: Arguments<H>,
  warning?: string,
): void {
  const run = options[hook] as ((...given: Arguments<H>) => unknown) | undefined;
  const call = async () => run?.(...given);
  call().catch((error) => console.error(`[unplugin-scope] ${hook} threw:`, error));
  if (!run && warning) console.warn(`[unplugin-scope] ${plain(warning)}`);
}

/** A version that changes thousands of names needs no list of them. */
const MOST_TOLD = 10;
/** Changes as they may be told: the first ten, and how many more. */
export function inShort(changes: readonly string[]): string[] {
  // The name in a change may be as long as the version.
  const told = changes
    .slice(0, MOST_TOLD)
    .map((change) => plain(change.length > 200 ? `${change.slice(0, 200)}…` : change));
  const more = changes.length - MOST_TOLD;
  if (more > 0) told.push(`${more} more`);
  return told;
}

/** In one line: what a prompt or a server says must not steer a terminal or a log. */
function plain(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\ufffd");
}
