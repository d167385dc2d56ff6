import { show } from "../config/check-connection-value.ts";
import { nearestName } from "../config/nearest-name.ts";
import { printableLine } from "../errors/printable.ts";

/** Names that were told; a webhook may bring the same one over and over, and any number of others. */
const toldNames = new Set<string>();
const MOST_TOLD = 100;
/** Of the prompts that are loaded. */
const MOST_LISTED = 10;

/** Warns, once, that no live prompt has this name. A caller cannot tell it from a refresh that found nothing. */
export function tellUnknown(name: string, loaded: readonly string[]): void {
  if (loaded.includes(name) || toldNames.has(name) || toldNames.size === MOST_TOLD) return;
  toldNames.add(name);
  const nearest = nearestName(name, loaded);
  const listed = loaded.slice(0, MOST_LISTED).map(show).join(", ");
  const more = loaded.length > MOST_LISTED ? ` and ${loaded.length - MOST_LISTED} more` : "";
  const hint =
    nearest !== undefined
      ? `Did you mean ${show(nearest)}?`
      : loaded.length > 0
        ? `Loaded are ${listed}${more}.`
        : "None is loaded at all.";
  const text = `refreshLive: no live prompt is called ${show(name)}. ${hint}`;
  console.warn(`[unplugin-scope] ${printableLine(text)}`);
}
