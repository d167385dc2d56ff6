import { show } from "../client/connection/check-connection-value.ts";
import { nearestName } from "../errors/nearest-name.ts";
import { printableLine } from "../errors/printable.ts";

/** Names already warned about; a webhook can send the same one over and over, and any number of others. */
const warnedNames = new Set<string>();
const MAX_WARNED = 100;
/** Of the loaded prompts. */
const MAX_LISTED = 10;

/** Warns, once, that no live prompt has this name. To a caller it looks like a refresh that found nothing. */
export function warnUnknownPrompt(name: string, loaded: readonly string[]): void {
  if (loaded.includes(name) || warnedNames.has(name) || warnedNames.size === MAX_WARNED) return;
  warnedNames.add(name);
  const nearest = nearestName(name, loaded);
  const listed = loaded.slice(0, MAX_LISTED).map(show).join(", ");
  const more = loaded.length > MAX_LISTED ? ` and ${loaded.length - MAX_LISTED} more` : "";
  const hint =
    nearest !== undefined
      ? `Did you mean ${show(nearest)}?`
      : loaded.length > 0
        ? `Loaded are ${listed}${more}.`
        : "None is loaded at all.";
  const text = `refreshLive: no live prompt is called ${show(name)}. ${hint}`;
  console.warn(`[unplugin-scope] ${printableLine(text)}`);
}
