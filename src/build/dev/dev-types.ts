import type { ResolvedOptions } from "../../project/config/types.ts";
import type { Reporter } from "../../project/reporter.ts";
import { findStaleTypes } from "../../project/types/find-stale-types.ts";
import { updateTypes } from "../../project/types/update-types.ts";

/** Imports within this time are checked together: a page loads its modules one after the other. */
const QUIET_MS = 200;

export interface DevTypesOptions {
  readonly options: ResolvedOptions;
  /** Write what is missing; otherwise name, once, the command that does. */
  readonly writes: boolean;
  readonly reporter: Reporter;
  /** Runs a piece of work when nothing else is writing. */
  readonly enqueue: (work: () => Promise<void>) => void;
}

/**
 * Do the types declare what is imported? Checks each specifier when it's loaded for the first time: a new spelling of a
 * prompt changes neither snapshot nor contract, and the types may be missing altogether.
 */
export class DevTypes {
  readonly #given: DevTypesOptions;
  readonly #waiting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #hasSaid = false;

  constructor(given: DevTypesOptions) {
    this.#given = given;
  }

  imported(specifier: string): void {
    this.#waiting.add(specifier);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#given.enqueue(() => this.#check()), QUIET_MS);
    this.#timer.unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #check(): Promise<void> {
    const { options, writes, reporter } = this.#given;
    const specifiers = [...this.#waiting];
    this.#waiting.clear();
    // A prompt without a snapshot is declared when its snapshot is written.
    const stale = await findStaleTypes(options, specifiers, undefined);
    if (writes) {
      if (stale === undefined) return;
      const types = await updateTypes(options);
      if (types?.written) reporter.info(`${stale.what}: wrote them.`);
    } else if (stale !== undefined && !this.#hasSaid) {
      this.#hasSaid = true;
      reporter.warn(stale.warning);
    }
  }
}
