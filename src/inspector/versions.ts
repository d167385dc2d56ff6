import { relative } from "node:path";
import type { DiffSide } from "../commands/diff/diff-prompts.ts";
import { isMissing, mayAsk } from "../commands/fetch-versions.ts";
import { findCommitted, findVersion } from "../commands/find-version.ts";
import { readCommitted } from "../commands/list/list-prompts.ts";
import { promotionText } from "../commands/pin-notes.ts";
import { isScopeError } from "../errors/scope-error.ts";
import type { PickVersion } from "../project/compile-request.ts";
import type { ResolvedImport } from "../project/config/specifier.ts";
import type { Project } from "../project/project.ts";
import { snapshotHistory } from "../project/snapshot/git-history.ts";
import { loadSamples, samplesFile, writeSample } from "../project/snapshot/samples.ts";
import { loadIfSound, loadSnapshot } from "../project/snapshot/store.ts";
import { committedVersions, needing } from "../project/versions/find-version.ts";
import { type Label, type PromptRef, type PromptVersionData, refKey } from "../prompt.ts";
import { splitSample } from "../review/expect/sample.ts";
import type { PromptDetails, VersionAtHand } from "./api.ts";

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
    versions.push({ side, number: versionNumber, place, status, promotion: promotionText(version) });
  };
  add("snapshot", "committed", (await loadIfSound(options.snapshotDir, ref))?.version);
  let problem: unknown;
  const own = ref.pin.kind === "label" ? ref.pin.label : undefined;
  const sides = [
    { side: "own", place: own ?? "pinned", asked: ref },
    ...LABELS.filter((label) => label !== own).map((label) => {
      return { side: label, place: label, asked: labelled(ref, label) };
    }),
  ];
  const failed = (error: unknown) => {
    if (!isScopeError(error)) throw error;
    problem = error;
    return undefined;
  };
  if (asks && mayAsk(project)) {
    // All at once: one label may be slow.
    const found = sides.map(({ asked }) => fetchIfThere(project, asked).catch(failed));
    for (const { side, place } of sides) add(side, place, await found.shift());
  }
  const { states } = await snapshotHistory(options.root, options.snapshotDir, ref.name);
  for (const { commit, entry } of states)
    if (!known.has(entry.version.id)) add(entry.version.id, `git ${commit}`, entry.version);
  return { versions, problem };
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

/** The samples of a prompt, without what they expect. */
export async function samplesOf(
  project: Project,
  request: ResolvedImport,
): Promise<Pick<PromptDetails, "samples" | "samplesFile">> {
  const { root, snapshotDir } = project.options;
  const samples = await loadSamples(snapshotDir, request.ref.name);
  const variables = await variablesOf(project, request);
  return {
    samples: [...samples].map(([name, data]) => ({ name, values: splitSample(data, variables).values })),
    samplesFile: relative(root, samplesFile(snapshotDir, request.ref.name)).replaceAll("\\", "/"),
  };
}

/** Saves a sample of a prompt, and keeps what it expects; without values, removes it. */
export async function saveSample(
  project: Project,
  request: ResolvedImport,
  sample: string,
  values: unknown,
): Promise<void> {
  const variables = await variablesOf(project, request);
  const keep = (before: unknown) => splitSample(before, variables).asWritten;
  await writeSample(project.options.snapshotDir, request.ref.name, sample, values, keep);
}

/** Of the committed version. Where `expect` is one, it's a value of the samples. */
async function variablesOf({ options }: Project, request: ResolvedImport): Promise<readonly string[]> {
  const committed = (ref: PromptRef) => loadSnapshot(options.snapshotDir, ref);
  return (await readCommitted(request, options, committed)).variables ?? [];
}
