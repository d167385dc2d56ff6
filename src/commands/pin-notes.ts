import pMap from "p-map";
import type { Change } from "../contract/contract.ts";
import { isScopeError } from "../errors/scope-error.ts";
import type { Project } from "../project/project.ts";
import { type PromptRef, type PromptVersionData, refKey, sameContent } from "../prompt.ts";
import { type FetchedPrompt, isMissing, mayAsk } from "./fetch-versions.ts";

/**
 * How the platform's copy of a committed pin differs from it: a version can be edited under its ID. Nothing breaks,
 * since builds use the committed one. Undefined if nothing differs, or there's no such copy.
 */
export function copyChange({ committed, served }: FetchedPrompt): Change | undefined {
  if (committed === undefined || served === undefined) return undefined;
  const { content, metadata } = committed.version;
  const differs = (kind: Change["kind"], what: string): Change => ({
    kind,
    breaks: false,
    message: `the platform's version ${served.versionNumber} has ${what} than the committed one`,
  });
  if (!sameContent(content, served.content)) return differs("text", "another text");
  const isSame = JSON.stringify(metadata) === JSON.stringify(served.metadata);
  return isSame ? undefined : differs("metadata-value", "other metadata");
}

/** What is said of a committed pin that the platform no longer serves. */
export function goneNotes({ committed, served }: FetchedPrompt): readonly string[] {
  const isGone = committed !== undefined && served === undefined;
  return isGone ? ["archived or gone on the platform; the committed version is built"] : [];
}

/** What to know about the platform's copy of a committed pin, in words; empty if it's the same. */
export function copyNotes(asked: FetchedPrompt): readonly string[] {
  const change = copyChange(asked);
  return change === undefined ? goneNotes(asked) : [change.message];
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
 * What can surprise somebody who has forgotten a pin, in words: that production is ahead of it, and that the platform
 * no longer serves it, if it was asked. Prompts that follow a label have no notes.
 */
export async function findPinNotes(
  project: Project,
  prompts: readonly {
    readonly ref: PromptRef;
    readonly committed: PromptVersionData | undefined;
    readonly fetched?: FetchedPrompt | undefined;
  }[],
): Promise<PinNotes> {
  const { numbers, problem } = await findProduction(
    project,
    prompts.map(({ ref }) => ref),
  );
  const notes = new Map<string, readonly string[]>();
  for (const { ref, fetched = {}, committed = fetched.version } of prompts) {
    const own = [...goneNotes(fetched)];
    const production = numbers.get(refKey(ref)) ?? 0;
    const ahead = committed === undefined ? 0 : production - committed.versionNumber;
    if (ahead > 0)
      own.push(
        `pinned to version ${committed?.versionNumber}; production is at ${production} (${ahead} newer)`,
      );
    if (own.length > 0) notes.set(refKey(ref), own);
  }
  return { notes, problem };
}

/**
 * Which version is in production, for prompts that are pinned to another one. Asks the platform if it can be asked, as
 * long as somebody waits who is only looking, and never fails.
 *
 * @returns its number by `refKey`, without what the platform can't say; and why it couldn't answer at all
 */
export async function findProduction(
  project: Project,
  refs: readonly PromptRef[],
): Promise<{ readonly numbers: ReadonlyMap<string, number>; readonly problem: string | undefined }> {
  const fetchVersion = mayAsk(project) ? project.fetchVersion : undefined;
  const limit = AbortSignal.timeout(PATIENCE_MS);
  const numbers = new Map<string, number>();
  let problem: string | undefined;
  await pMap(
    refs.filter(({ pin }) => pin.kind === "version"),
    async (ref) => {
      if (fetchVersion === undefined || problem !== undefined) return;
      try {
        const { versionNumber } = await fetchVersion(
          { ...ref, pin: { kind: "label", label: "production" } },
          limit,
        );
        numbers.set(refKey(ref), versionNumber);
      } catch (error) {
        if (isMissing(error)) return;
        if (isScopeError(error)) problem ??= error.message;
        else if (limit.aborted) problem ??= `No response in ${PATIENCE_MS / 1000} seconds.`;
        else throw error;
      }
    },
    { concurrency: project.options.concurrency },
  );
  return { numbers, problem };
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
