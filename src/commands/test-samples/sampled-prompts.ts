import { type ResolvedImport, SCHEME } from "../../project/config/specifier.ts";
import { findUses } from "../../project/discovery/find-uses.ts";
import type { Project } from "../../project/project.ts";
import { samplesFile } from "../../project/snapshot/samples.ts";
import { committedVersions, type FindVersion } from "../../project/versions/find-version.ts";
import { snapshotMissing } from "../../project/versions/version-errors.ts";
import type { Label, PromptVersionData } from "../../prompt.ts";
import { askFor, versionIn } from "../compare/compare-prompts.ts";
import { fetchVersions, needsPlatform } from "../fetch-versions.ts";
import { type PromptRequests, promptRequests } from "../prompt-requests.ts";
import { byNameThenPin, selectImports, unknownName } from "../select-imports.ts";
import { readSamples, type SampleInFile } from "./read-samples.ts";

/** A prompt with samples. */
export interface SampledPrompt {
  readonly request: ResolvedImport;
  readonly version: PromptVersionData;
  /** Absolute path of the file with its samples. */
  readonly file: string;
  /** At least one. */
  readonly samples: readonly SampleInFile[];
}

export interface SampledPrompts {
  /** By name, then pin. */
  readonly prompts: readonly SampledPrompt[];
  /** Finds their versions, and those of what they include. */
  readonly find: FindVersion;
}

/**
 * The prompts with samples that a project imports, configures or includes in others.
 *
 * @param names keys of the config, prompt names or specifiers; empty: every prompt
 * @param label which version the platform is asked for; undefined: what's committed
 * @throws ConfigurationError `name_unknown`; ResourceError `snapshot_missing` for a prompt with samples that isn't
 * committed; the client's errors
 */
export async function sampledPrompts(
  project: Project,
  names: readonly string[],
  label?: Label,
): Promise<SampledPrompts> {
  const { options } = project;
  if (label !== undefined) needsPlatform(project, "A look at a label");
  const { uses } = await findUses(options);
  const imports = selectImports(options, uses);
  const find = label === undefined ? committedVersions(options) : await labelled(project, imports, label);
  const requests = await promptRequests(imports, options, async ({ ref }) => [await find(ref)]);
  const chosen = names.length === 0 ? requests : onlyNamed(requests, names);
  const prompts: SampledPrompt[] = [];
  for (const {
    ref,
    requests: [request],
  } of chosen) {
    const samples = await readSamples(options.snapshotDir, ref.name);
    if (request === undefined || samples.length === 0) continue;
    const version = await find(ref);
    if (version === undefined) throw snapshotMissing(ref);
    prompts.push({ request, version, file: samplesFile(options.snapshotDir, ref.name), samples });
  }
  return { prompts: prompts.sort((a, b) => byNameThenPin(a.request.ref, b.request.ref)), find };
}

function onlyNamed(all: readonly PromptRequests[], names: readonly string[]): readonly PromptRequests[] {
  const namesOf = ({ ref, specifiers, requests }: PromptRequests) => [
    ref.name,
    ...requests.map(({ key }) => key),
    ...specifiers.flatMap((specifier) => [specifier, specifier.replace(SCHEME, "")]),
  ];
  for (const name of names)
    if (!all.some((one) => namesOf(one).includes(name)))
      throw unknownName(
        name,
        all.flatMap(({ ref, requests }) => [ref.name, ...requests.map(({ key }) => key)]),
      );
  return all.filter((one) => namesOf(one).some((name) => names.includes(name)));
}

/** What a label points at; a pin to a version stays. */
async function labelled(
  project: Project,
  imports: ReturnType<typeof selectImports>,
  label: Label,
): Promise<FindVersion> {
  const fetched = await fetchVersions(project, imports, { ask: askFor(label) });
  return async (ref) => versionIn(fetched, ref);
}
