import pMap from "p-map";
import { isScopeError } from "../errors/scope-error.ts";
import type { Project } from "../project/project.ts";
import { isUnservedPin, PINNED_TO_DRAFT, UNSERVED } from "../project/versions/unserved-pin.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../prompt.ts";
import { isMissing } from "./fetch-versions.ts";
import { mayAsk } from "./find-version.ts";

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

export interface PinNotes {
  /** By `refKey`; prompts without notes have no entry. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
  /** Why the platform couldn't say what is in production; undefined if it could, or wasn't asked. */
  readonly problem: string | undefined;
}

/** How long somebody who is only looking waits for the platform. */
const PATIENCE_MS = 5000;

/**
 * What to know about pins on versions. Asks the platform for these prompts only, if it can be asked; otherwise it
 * reports what the snapshot knows: that a pin is on a draft.
 *
 * @param prompts those requested by a label are left out
 */
export async function findPinNotes(
  project: Project,
  prompts: readonly ({ readonly ref: PromptRef } & Omit<PinnedState, "production">)[],
): Promise<PinNotes> {
  const fetchVersion = mayAsk(project) ? project.fetchVersion : undefined;
  const notes = new Map<string, readonly string[]>();
  const limit = AbortSignal.timeout(PATIENCE_MS);
  let problem: string | undefined;

  const ask = async (ref: PromptRef): Promise<{ version?: PromptVersionData; isServed?: boolean }> => {
    if (fetchVersion === undefined || problem !== undefined) return {};
    try {
      return { version: await fetchVersion(ref, limit) };
    } catch (error) {
      if (isMissing(error)) return { isServed: !isUnservedPin(ref, error) };
      if (isScopeError(error)) problem ??= error.message;
      else if (limit.aborted) problem ??= `No response in ${PATIENCE_MS / 1000} seconds.`;
      else throw error;
      return {};
    }
  };

  const pinned = new Map(
    prompts.filter(({ ref }) => ref.pin.kind === "version").map((prompt) => [refKey(prompt.ref), prompt]),
  );
  await pMap(
    pinned,
    async ([key, { ref, committed, current, isServed }]) => {
      const isKnown = current !== undefined || isServed !== undefined;
      const own = isKnown ? { version: current, isServed } : await ask(ref);
      const production = await ask({ ...ref, pin: { kind: "label", label: "production" } });
      const found = pinNotes(ref, {
        committed,
        current: own.version,
        isServed: committed && own.isServed,
        production: production.version,
      });
      if (found.length > 0) notes.set(key, found);
    },
    { concurrency: project.options.concurrency },
  );
  return { notes, problem };
}

/**
 * Who promoted a version, when, and its tags, if the platform says so; otherwise empty. Never from the snapshot, which
 * has neither times nor people.
 *
 * @example promotionText(version) // "promoted 2026-01-20T15:00:00Z by usr_01; tags: checkout, demo"
 */
export function promotionText(version: PromptVersionData | undefined): string {
  const { promotedAt, promotedBy, tags = [] } = version ?? {};
  const who = promotedBy === undefined ? "" : ` by ${promotedBy}`;
  const promotion = promotedAt === undefined && who === "" ? "" : `promoted ${promotedAt ?? ""}`.trim() + who;
  return [promotion, ...(tags.length > 0 ? [`tags: ${tags.join(", ")}`] : [])].filter(Boolean).join("; ");
}
