import type { ResolvedImport } from "../../project/config/specifier.ts";
import { findUses } from "../../project/discovery/find-uses.ts";
import type { Project } from "../../project/project.ts";
import { samplesFile } from "../../project/snapshot/samples.ts";
import { committedVersions, type FindVersion } from "../../project/versions/find-version.ts";
import { snapshotMissing } from "../../project/versions/version-errors.ts";
import { type Label, type PromptVersionData, refKey } from "../../prompt.ts";
import { labelledVersions } from "../fetch-versions.ts";
import { promptRequests } from "../prompt-requests.ts";
import { byNameThenPin, onlyNamed, selectImports } from "../select-imports.ts";
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
  const { uses } = await findUses(options);
  const imports = selectImports(options, uses);
  const find =
    label === undefined
      ? committedVersions(options)
      : await labelledVersions(project, imports, label, "A look at a label");
  const requests = await promptRequests(imports, options, async ({ ref }) => [await find(ref)]);
  const asked = requests.flatMap((one) =>
    one.requests.flatMap((request) =>
      [request.specifier, ...one.specifiers].map((specifier) => ({ request, specifier })),
    ),
  );
  const named = new Set(onlyNamed(asked, names).map(({ request }) => refKey(request.ref)));
  const prompts: SampledPrompt[] = [];
  for (const {
    ref,
    requests: [request],
  } of requests) {
    if (request === undefined || !named.has(refKey(ref))) continue;
    const samples = await readSamples(options.snapshotDir, ref.name);
    if (samples.length === 0) continue;
    const version = await find(ref);
    if (version === undefined) throw snapshotMissing(ref);
    prompts.push({ request, version, file: samplesFile(options.snapshotDir, ref.name), samples });
  }
  return { prompts: prompts.sort((a, b) => byNameThenPin(a.request.ref, b.request.ref)), find };
}
