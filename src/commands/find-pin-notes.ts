import pMap from "p-map";
import { isScopeError } from "../errors/scope-error.ts";
import type { Project } from "../project/project.ts";
import { isUnservedPin } from "../project/versions/unserved-pin.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../prompt.ts";
import { isMissing } from "./fetch-versions.ts";
import { mayAsk } from "./find-version.ts";
import { pinNotes } from "./pin-notes.ts";

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
  prompts: readonly { readonly ref: PromptRef; readonly committed: PromptVersionData | undefined }[],
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
    async ([key, { ref, committed }]) => {
      const own = await ask(ref);
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
