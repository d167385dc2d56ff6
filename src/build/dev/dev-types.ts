import type { ResolvedOptions } from "../../project/config/types.ts";
import type { Reporter } from "../../project/reporter.ts";
import { findStaleTypes } from "../../project/types/find-stale-types.ts";
import { updateTypes } from "../../project/types/update-types.ts";

/** Imports within this time are checked together: a page loads its modules one after the other. */
const QUIET_MS = 200;

/**
 * Do the types declare what is imported? Checks each specifier when it's loaded for the first time: a new spelling of a
 * prompt changes neither snapshot nor contract, and the types may be missing altogether.
 *
 * @param writes write what is missing; otherwise name, once, the command that does
 * @param enqueue runs a piece of work when nothing else is writing
 */
export function devTypes(
  options: ResolvedOptions,
  writes: boolean,
  reporter: Reporter,
  enqueue: (work: () => Promise<void>) => void,
) {
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let hasSaid = false;

  async function check(): Promise<void> {
    const specifiers = [...waiting];
    waiting.clear();
    // A prompt without a snapshot is declared when its snapshot is written.
    const stale = await findStaleTypes(options, specifiers, undefined);
    if (stale === undefined) return;
    if (writes) {
      const types = await updateTypes(options);
      if (types?.written) reporter.info(`${stale.what}: wrote them.`);
    } else if (!hasSaid) {
      hasSaid = true;
      reporter.warn(stale.warning);
    }
  }

  return {
    imported(specifier: string): void {
      waiting.add(specifier);
      clearTimeout(timer);
      timer = setTimeout(() => enqueue(check), QUIET_MS);
      timer.unref();
    },
    close: () => clearTimeout(timer),
  };
}
