import type { PickVersion } from "../build/compile-request.ts";
import type { Project } from "../build/project.ts";
import { committedVersions, needing } from "../build/types/types-file.ts";
import type { ResolvedImport } from "../config/specifier.ts";
import { type Label, type PromptRef, type PromptVersionData, refKey } from "../prompt.ts";
import { snapshotHistory } from "../snapshot/git-history.ts";
import { loadIfSound } from "../snapshot/store.ts";
import type { DiffSide } from "../tasks/compare/diff-prompts.ts";
import { isMissing } from "../tasks/fetch-versions.ts";
import { findCommitted, findVersion, mayAsk } from "../tasks/find-version.ts";
import type { VersionAtHand } from "./api.ts";

const LABELS: readonly Label[] = ["production", "latest"];

/** The versions of a prompt that are committed, that the platform's labels point at, and that were committed before. */
export async function versionsAtHand(
  project: Project,
  { ref }: ResolvedImport,
): Promise<readonly VersionAtHand[]> {
  const { options } = project;
  const found = new Map<string, VersionAtHand>();
  const add = (side: string, place: string, { id, versionNumber, status }: PromptVersionData) => {
    const known = found.get(id);
    const places = [...(known?.places ?? []), place];
    found.set(id, { side: known?.side ?? side, number: versionNumber, places, status });
  };
  const committed = (await loadIfSound(options.snapshotDir, ref))?.version;
  if (committed !== undefined) add("snapshot", "committed", committed);
  if (mayAsk(project)) {
    for (const label of LABELS) {
      const version = await fetchIfThere(project, { ...ref, pin: { kind: "label", label } });
      if (version !== undefined) add(label, label, version);
    }
  }
  const { states } = await snapshotHistory(options.root, options.snapshotDir, ref.name);
  for (const { commit, entry } of states)
    if (!found.has(entry.version.id)) add(entry.version.id, `git ${commit}`, entry.version);
  return [...found.values()];
}

/** A side as `diff` takes it. @throws ResourceError `version_not_found` */
export async function sideOf(project: Project, { ref }: ResolvedImport, side: string): Promise<DiffSide> {
  if (side === "snapshot") return side;
  if (isLabel(side)) return { kind: "label", label: side };
  return { kind: "found", ...(await findVersion(project, ref.name, side)) };
}

/**
 * The version of one side, and what gives it and what it includes to the compiler.
 *
 * @throws the client's errors; ResourceError `snapshot_missing`, `version_not_found`
 */
export async function versionOf(
  project: Project,
  { ref }: ResolvedImport,
  side: string,
): Promise<{ readonly version: PromptVersionData; readonly pick: PickVersion }> {
  const version = await findSide(project, ref, side);
  const committed = committedVersions(project.options);
  const pick = needing(async (one) => {
    if (refKey(one) === refKey(ref)) return version;
    return (await committed(one)) ?? (mayAsk(project) ? fetchIfThere(project, one) : undefined);
  });
  return { version, pick };
}

async function findSide(project: Project, ref: PromptRef, side: string): Promise<PromptVersionData> {
  if (side === "snapshot") return (await findCommitted(project, ref)).version;
  if (isLabel(side) && project.fetchVersion !== undefined)
    return project.fetchVersion({ ...ref, pin: { kind: "label", label: side } });
  return (await findVersion(project, ref.name, side)).version;
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
