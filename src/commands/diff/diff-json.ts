import type { PromptVersionData } from "../../prompt.ts";
import { changesJson, costJson, errorToJson, notesJson, refJson, renderedTokensJson } from "../json-parts.ts";
import type { Rendered } from "../render/render-prompt.ts";
import type { PromptDiff } from "./diff-prompts.ts";
import { partDiffs } from "./message-diffs.ts";
import { metadataChanges } from "./metadata-changes.ts";
import type { RenderedSample } from "./render-samples.ts";

/**
 * The differences of some prompts as `--json` prints them.
 *
 * @param withSamples the renderings of samples were requested
 */
export function diffJson(diffs: readonly PromptDiff[], withSamples: boolean) {
  return {
    prompts: diffs.map(({ ref, from, to, grade, changes, notes, problem, samples, ...costs }) => ({
      ...refJson(ref),
      from: versionJson(from),
      to: versionJson(to),
      change: grade,
      changes: changesJson(changes),
      ...notesJson(notes),
      ...(problem === undefined ? {} : { problem: errorToJson(problem, "") }),
      ...costJson(costs.cost),
      content: partDiffs(from?.content, to?.content).map(({ title, hunks }) => ({
        ...(title === undefined ? {} : { message: title }),
        diff: hunks.map(({ head, lines }) => [head, ...lines].join("\n")).join("\n"),
      })),
      metadata: metadataChanges(from?.metadata ?? {}, to?.metadata ?? {}).map((change) => ({
        key: change.key,
        from: change.from === undefined ? null : JSON.parse(change.from),
        to: change.to === undefined ? null : JSON.parse(change.to),
      })),
      ...renderedTokensJson(costs.renderedTokens),
      ...(withSamples ? { samples: samples.map(sampleJson) } : {}),
    })),
  };
}

/** What each version renders a sample to, or `null` and the reason if it can't. */
function sampleJson({ sample, from, to }: RenderedSample) {
  const side = ({ output, problem }: Rendered) =>
    problem === undefined ? { output } : { output: null, problem };
  return { sample, from: side(from), to: side(to) };
}

function versionJson(version: PromptVersionData | undefined) {
  if (version === undefined) return null;
  const { id, versionNumber, promotedAt, promotedBy, tags } = version;
  return { versionId: id, versionNumber, promotedAt, promotedBy, tags };
}
