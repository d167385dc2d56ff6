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
  const report = (error: unknown) => console.error(`[unplugin-scope] ${hook} threw:`, error);
  const run = options[hook] as ((...given: Arguments<H>) => unknown) | undefined;
  if (run === undefined) {
    if (warning) console.warn(`[unplugin-scope] ${warning}`);
    return;
  }
  try {
    Promise.resolve(run(...given)).catch(report);
  } catch (error) {
    report(error);
  }
}
