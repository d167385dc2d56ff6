import { PINNED_TO_DRAFT, UNSERVED } from "../project/versions/unserved-pin.ts";
import type { PromptRef, PromptVersionData } from "../prompt.ts";

export interface PinnedState {
  readonly committed: PromptVersionData | undefined;
  /** What the platform serves under the pin; undefined if it wasn't asked. */
  readonly current?: PromptVersionData | undefined;
  /** Does the platform still serve the pinned version? Undefined if it wasn't asked. */
  readonly isServed?: boolean | undefined;
  /** What is in production; undefined if that isn't known, or nothing is. */
  readonly production?: PromptVersionData | undefined;
}

/**
 * What to know about a pin on a version, in words: none of it is an error, but it can surprise somebody who has
 * forgotten the pin. Empty for a prompt that follows a label.
 *
 * @example pinNotes(ref, { committed, production }) // ["pinned to version 1; production is at 3 (2 newer)"]
 */
export function pinNotes({ pin }: PromptRef, state: PinnedState): readonly string[] {
  if (pin.kind === "label") return [];
  const { committed, current, isServed, production } = state;
  const version = current ?? committed;
  const notes: string[] = [];
  if (isServed === false) notes.push(UNSERVED);
  else if (version?.status === "draft") notes.push(PINNED_TO_DRAFT);
  const ahead = (production?.versionNumber ?? 0) - (version?.versionNumber ?? 0);
  if (version !== undefined && ahead > 0) {
    const { versionNumber } = version;
    notes.push(
      `pinned to version ${versionNumber}; production is at ${versionNumber + ahead} (${ahead} newer)`,
    );
  }
  return notes;
}
