import { printableLine } from "../../errors/printable.ts";
import type { Kept } from "./replace.ts";

/**
 * Renders the present version, or the last one that the call has all values for. A call written for an earlier version
 * may lack what the present one needs, if the page hasn't loaded its new code yet.
 *
 * @throws what the present version throws, if no version can be rendered
 */
export function renderUsable(kept: Kept, values: unknown): unknown {
  const { present, versions } = kept;
  try {
    return present.render(values);
  } catch (error) {
    for (const earlier of [...versions.values()].reverse()) {
      if (earlier === present) continue;
      let result: unknown;
      try {
        result = earlier.render(values);
      } catch {
        continue;
      }
      if (kept.reported !== present) {
        const numbers = [present.versionNumber, earlier.versionNumber] as const;
        console.error(`[unplugin-scope] ${fallbackText(error as Error, ...numbers)}`);
      }
      kept.reported = present;
      return result;
    }
    throw error;
  }
}

function fallbackText({ message }: Error, present: number, earlier: number): string {
  return `${printableLine(message)}, which version ${present} needs. Until the call gives it, version ${earlier} is rendered.`;
}
