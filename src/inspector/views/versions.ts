import type { DiffSide } from "../../commands/compare/diff-prompts.ts";
import { isMissing } from "../../commands/fetch-versions.ts";
import { findCommitted, findVersion, mayAsk } from "../../commands/find-version.ts";
import { promotionText } from "../../commands/pin-notes.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import type { PickVersion } from "../../project/compile-request.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import type { Project } from "../../project/project.ts";
import { snapshotHistory } from "../../project/snapshot/git-history.ts";
import { loadIfSound } from "../../project/snapshot/store.ts";
import { committedVersions, needing } from "../../project/versions/find-version.ts";
import { type Label, type PromptRef, type PromptVersionData, refKey } from "../../prompt.ts";
import type { VersionAtHand } from "../api.ts";

const LABELS: readonly Label[] = ["production", "latest"];

export interface FoundVersions {
  readonly versions: readonly VersionAtHand[];
  /** Why the platform's versions couldn't be found. */
  readonly problem: unknown;
}

/**
 * The versions of a prompt that are committed, those on the platform, and those that were committed before.
 *
 * @param asks also look on the platform
 */
export async function versionsAtHand(
  project: Project,
  { ref }: ResolvedImport,
  asks: boolean,
): Promise<FoundVersions> {
  const { options } = project;
  const versions: VersionAtHand[] = [];
  const known = new Set<string>();
  const add = (side: string, place: string, version: PromptVersionData) => {
    const { id, versionNumber, status } = version;
    known.add(id);
    const promotion = promotionText(version);
    versions.push({ side, number: versionNumber, places: [place], status, promotion });
  };
  const committed = (await loadIfSound(options.snapshotDir, ref))?.version;
  if (committed !== undefined) add("snapshot", "committed", committed);
  let problem: unknown;
  if (asks && mayAsk(project)) {
    for (const found of await onPlatform(project, ref)) {
      if (found.status === "fulfilled")
        for (const { side, place, version } of found.value) add(side, place, version);
      else if (isScopeError(found.reason)) problem = found.reason;
      else throw found.reason;
    }
  }
  const { states } = await snapshotHistory(options.root, options.snapshotDir, ref.name);
  for (const { commit, entry } of states)
    if (!known.has(entry.version.id)) add(entry.version.id, `git ${commit}`, entry.version);
  return { versions, problem };
}

/** Under the prompt's own pin, and under the other labels. */
async function onPlatform(project: Project, ref: PromptRef) {
  const own = ref.pin.kind === "label" ? ref.pin.label : undefined;
  const sides = [
    { side: "own", place: own ?? "pinned", ref },
    ...LABELS.filter((label) => label !== own).map((label) => ({
      side: label as string,
      place: label as string,
      ref: labelled(ref, label),
    })),
  ];
  // One label may be slow.
  return Promise.allSettled(
    sides.map(async ({ side, place, ref: asked }) => {
      const version = await fetchIfThere(project, asked);
      return version === undefined ? [] : [{ side, place, version }];
    }),
  );
}

function labelled(ref: PromptRef, label: Label): PromptRef {
  return { ...ref, pin: { kind: "label", label } };
}

/** A side in the form that `diff` accepts. @throws ResourceError `version_not_found` */
export async function sideOf(project: Project, { ref }: ResolvedImport, side: string): Promise<DiffSide> {
  if (side === "snapshot") return side;
  if (side === "own") return ref.pin;
  if (isLabel(side)) return { kind: "label", label: side };
  return { kind: "found", ...(await findVersion(project, ref.name, side)) };
}

/**
 * Passes one side's version to the compiler, with what it includes. For a side on the platform, both come from there.
 *
 * @throws the client's errors; ResourceError `snapshot_missing`, `version_not_found`
 */
export async function versionsOf(
  project: Project,
  { ref }: ResolvedImport,
  side: string,
): Promise<PickVersion> {
  const committed = committedVersions(project.options);
  const fetchVersion = mayAsk(project) ? project.fetchVersion : undefined;
  if (fetchVersion !== undefined && (side === "own" || isLabel(side))) {
    const isMeant = (one: PromptRef) => one.pin.kind === "label" || refKey(one) === refKey(ref);
    return (one) => fetchVersion(isLabel(side) && isMeant(one) ? labelled(one, side) : one);
  }
  const version =
    side === "snapshot" ? await findCommitted(project, ref) : await findVersion(project, ref.name, side);
  return needing(async (one) => {
    if (refKey(one) === refKey(ref)) return version.version;
    return (await committed(one)) ?? (mayAsk(project) ? fetchIfThere(project, one) : undefined);
  });
}

async function fetchIfThere(project: Project, ref: PromptRef): Promise<PromptVersionData | undefined> {
  try {
    return await project.fetchVersion?.(ref);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isLabel(side: string): side is Label {
  return (LABELS as readonly string[]).includes(side);
}
