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
  if (!run && warning) console.warn(`[unplugin-scope] ${warning}`);
}
