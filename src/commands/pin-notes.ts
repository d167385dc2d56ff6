import pMap from "p-map";
import { isScopeError } from "../errors/scope-error.ts";
import type { Project } from "../project/project.ts";
import { isUnservedPin, PINNED_TO_DRAFT, UNSERVED } from "../project/versions/version-errors.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../prompt.ts";
import { isMissing, mayAsk } from "./fetch-versions.ts";

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
  const platform = new PatientPlatform(project);
  const notes = new Map<string, readonly string[]>();
  const pinned = new Map(
    prompts.filter(({ ref }) => ref.pin.kind === "version").map((prompt) => [refKey(prompt.ref), prompt]),
  );
  await pMap(
    pinned,
    async ([key, { ref, committed, current, isServed }]) => {
      const isKnown = current !== undefined || isServed !== undefined;
      const own = isKnown ? { version: current, isServed } : await platform.ask(ref);
      const production = await platform.ask(inProduction(ref));
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
  return { notes, problem: platform.problem };
}

/**
 * Which version is in production, for prompts that are pinned to another one: its number by `refKey`. Those that the
 * platform can't say, or isn't asked about, have no entry.
 */
export async function findProduction(
  project: Project,
  refs: readonly PromptRef[],
): Promise<ReadonlyMap<string, number>> {
  const platform = new PatientPlatform(project);
  const numbers = new Map<string, number>();
  await pMap(
    refs.filter(({ pin }) => pin.kind === "version"),
    async (ref) => {
      const { version } = await platform.ask(inProduction(ref));
      if (version !== undefined) numbers.set(refKey(ref), version.versionNumber);
    },
    { concurrency: project.options.concurrency },
  );
  return numbers;
}

function inProduction(ref: PromptRef): PromptRef {
  return { ...ref, pin: { kind: "label", label: "production" } };
}

/** Asks the platform if it can be asked, as long as somebody waits who is only looking, and never fails. */
class PatientPlatform {
  /** Why it couldn't answer; undefined if it could, or wasn't asked. */
  problem: string | undefined;
  readonly #limit = AbortSignal.timeout(PATIENCE_MS);
  readonly #fetchVersion: Project["fetchVersion"];

  constructor(project: Project) {
    this.#fetchVersion = mayAsk(project) ? project.fetchVersion : undefined;
  }

  async ask(ref: PromptRef): Promise<{ readonly version?: PromptVersionData; readonly isServed?: boolean }> {
    if (this.#fetchVersion === undefined || this.problem !== undefined) return {};
    try {
      return { version: await this.#fetchVersion(ref, this.#limit) };
    } catch (error) {
      if (isMissing(error)) return { isServed: !isUnservedPin(ref, error) };
      if (isScopeError(error)) this.problem ??= error.message;
      else if (this.#limit.aborted) this.problem ??= `No response in ${PATIENCE_MS / 1000} seconds.`;
      else throw error;
      return {};
    }
  }
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
