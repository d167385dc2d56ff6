import pMap from "p-map";
import { isScopeError } from "../../errors/scope-error.ts";
import { type PromptRef, type PromptVersionData, refKey, sameContent } from "../../prompt.ts";
import type { Project } from "../project.ts";
import type { SnapshotEntry } from "../snapshot/format.ts";
import { mayAsk, type SideVersion } from "./resolve.ts";
import { isMissing } from "./version-errors.ts";

/** What the platform has instead of a committed pin, in words; `none`: it no longer serves the version. */
export interface PinState {
  readonly grade: "text" | "values" | "none";
  readonly message: string;
}

/**
 * How the platform's copy of a committed pin differs from it: a version can be edited under its ID, or archived. That
 * breaks nothing, since builds use the committed version. Undefined if it doesn't differ, or there's no committed pin.
 */
export function pinState({ committed, served }: SideVersion): PinState | undefined {
  if (committed === undefined) return undefined;
  if (served === undefined)
    return { grade: "none", message: "archived or gone on the platform; the committed version is built" };
  const { content, metadata } = committed.version;
  const differs = (what: string) =>
    `the platform's version ${served.versionNumber} has ${what} than the committed one`;
  if (!sameContent(content, served.content)) return { grade: "text", message: differs("another text") };
  if (JSON.stringify(metadata) === JSON.stringify(served.metadata)) return undefined;
  return { grade: "values", message: differs("other metadata") };
}

/** The same, if the platform can be asked and responds in time. */
export async function askPinState(project: Project, committed: SnapshotEntry): Promise<PinState | undefined> {
  const limit = AbortSignal.timeout(PATIENCE_MS);
  try {
    const served = mayAsk(project) ? await project.fetchVersion?.(committed.ref, limit) : undefined;
    return served && pinState({ committed, served });
  } catch (error) {
    if (isScopeError(error) || limit.aborted) return undefined;
    throw error;
  }
}

/** How long somebody who is only looking waits for the platform. */
const PATIENCE_MS = 5000;

/** How far production is ahead of pins on versions, which can be forgotten; and why that isn't known. */
export async function findPinNotes(
  project: Project,
  prompts: readonly { readonly ref: PromptRef; readonly committed: PromptVersionData | undefined }[],
) {
  const refs = prompts.map(({ ref }) => ref);
  const { numbers, problem } = await findProduction(project, refs);
  /** By `refKey`; prompts without notes have no entry. */
  const notes: ReadonlyMap<string, readonly string[]> = new Map(
    prompts.flatMap(({ ref, committed }) => {
      const production = numbers.get(refKey(ref)) ?? 0;
      const own = committed?.versionNumber ?? production;
      const note = `pinned to version ${own}; production is at ${production} (${production - own} newer)`;
      return production > own ? [[refKey(ref), [note]]] : [];
    }),
  );
  return { notes, problem };
}

/**
 * Which version is in production, by `refKey`, for pinned prompts; and why the platform couldn't answer. Never fails,
 * and gives up after a few seconds.
 */
async function findProduction(project: Project, refs: readonly PromptRef[]) {
  const fetchVersion = mayAsk(project) ? project.fetchVersion : undefined;
  const limit = AbortSignal.timeout(PATIENCE_MS);
  const numbers = new Map<string, number>();
  let problem: string | undefined;
  const ask = async (ref: PromptRef) => {
    if (fetchVersion === undefined || problem !== undefined) return;
    try {
      const production: PromptRef = { ...ref, pin: { kind: "label", label: "production" } };
      numbers.set(refKey(ref), (await fetchVersion(production, limit)).versionNumber);
    } catch (error) {
      if (isMissing(error)) return;
      if (isScopeError(error)) problem ??= error.message;
      else if (limit.aborted) problem ??= `No response in ${PATIENCE_MS / 1000} seconds.`;
      else throw error;
    }
  };
  const pinned = refs.filter(({ pin }) => pin.kind === "version");
  await pMap(pinned, ask, { concurrency: project.options.concurrency });
  return { numbers, problem };
}

/** Who promoted a version, when, and its tags: `promoted 2026-01-20T15:00:00Z by usr_01; tags: a`. */
export function promotionText(version: PromptVersionData | undefined): string {
  const { promotedAt, promotedBy, tags = [] } = version ?? {};
  const promotion = [promotedAt, promotedBy && `by ${promotedBy}`].filter(Boolean).join(" ");
  const parts = [promotion && `promoted ${promotion}`, tags.length > 0 && `tags: ${tags.join(", ")}`];
  return parts.filter(Boolean).join("; ");
}
