import { relative } from "node:path";
import { readCommitted } from "../../commands/list-prompts.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import type { Project } from "../../project/project.ts";
import { loadSamples, samplesFile, writeSample } from "../../project/snapshot/samples.ts";
import { loadSnapshot } from "../../project/snapshot/store.ts";
import type { PromptRef } from "../../prompt.ts";
import { splitSample } from "../../review/expect/sample.ts";
import type { PromptDetails } from "../api.ts";

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
