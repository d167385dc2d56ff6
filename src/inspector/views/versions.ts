import type { DiffSide } from "../../commands/compare/diff-prompts.ts";
import { isMissing, mayAsk } from "../../commands/fetch-versions.ts";
import { findCommitted, findVersion } from "../../commands/find-version.ts";
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

/**
 * The versions of a prompt that are committed, those on the platform, and those that were committed before.
 *
 * @param asks also look on the platform
 * @returns also why the platform's versions couldn't be found
 */
export async function versionsAtHand(
  project: Project,
  { ref }: ResolvedImport,
  asks: boolean,
): Promise<{ readonly versions: readonly VersionAtHand[]; readonly problem: unknown }> {
  const { options } = project;
  const versions: VersionAtHand[] = [];
  const known = new Set<string>();
  const add = (side: string, place: string, version: PromptVersionData | undefined) => {
    if (version === undefined) return;
    const { id, versionNumber, status } = version;
    known.add(id);
    const promotion = promotionText(version);
    versions.push({ side, number: versionNumber, places: [place], status, promotion });
  };
  const committed = await loadIfSound(options.snapshotDir, ref);
  add("snapshot", "committed", committed?.version);
  let problem: unknown;
  const failed = (error: unknown) => {
    if (!isScopeError(error)) throw error;
    problem = error;
    return undefined;
  };
  const sides = asks && mayAsk(project) ? sidesOf(ref) : [];
  // All at once: one label may be slow.
  const found = await Promise.all(sides.map(({ asked }) => fetchIfThere(project, asked).catch(failed)));
  for (const [at, { side, place }] of sides.entries()) add(side, place, found[at]);
  const { states } = await snapshotHistory(options.root, options.snapshotDir, ref.name);
  for (const { commit, entry } of states)
    if (!known.has(entry.version.id)) add(entry.version.id, `git ${commit}`, entry.version);
  return { versions, problem };
}

/** Where the platform can have a version: under the prompt's own pin, and under the other labels. */
function sidesOf(ref: PromptRef) {
  const own = ref.pin.kind === "label" ? ref.pin.label : undefined;
  return [
    { side: "own", place: own ?? "pinned", asked: ref },
    ...LABELS.filter((label) => label !== own).map((label) => {
      return { side: label, place: label, asked: labelled(ref, label) };
    }),
  ];
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
