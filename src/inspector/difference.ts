import { diffWordsWithSpace } from "diff";
import type { PromptContent } from "../prompt.ts";
import type { PromptDiff } from "../tasks/compare/diff-prompts.ts";
import { metadataChanges } from "../tasks/compare/metadata-changes.ts";
import { pairMessages } from "../tasks/compare/pair-messages.ts";
import type { RenderedSample } from "../tasks/compare/render-samples.ts";
import type { ComparedText, Difference, Piece } from "./api.ts";

/** The time grows with the square of the edits; past these the two texts are shown one after the other. */
const LIMITS = { maxEditLength: 2000, timeout: 1000 };

/** Two versions of a prompt, word by word. */
export function differenceOf(diff: PromptDiff): Difference {
  const { from, to, grade, changes, problem, samples } = diff;
  return {
    from: from?.versionNumber,
    to: to?.versionNumber,
    grade,
    changes: changes.map(({ message, breaks }) => ({ message, breaks })),
    problem: problem?.message,
    texts: comparedTexts(from?.content, to?.content),
    metadata: metadataChanges(from?.metadata ?? {}, to?.metadata ?? {}),
    samples: samples.map((sample) => comparedSample(sample, diff)),
  };
}

function comparedSample(
  { sample, from, to }: RenderedSample,
  versions: Pick<PromptDiff, "from" | "to">,
): Difference["samples"][number] {
  const problems = [
    ...(from.problem === undefined ? [] : [`version ${versions.from?.versionNumber}: ${from.problem}`]),
    ...(to.problem === undefined ? [] : [`version ${versions.to?.versionNumber}: ${to.problem}`]),
  ];
  return { sample, texts: comparedTexts(from.output, to.output), problems };
}

function comparedTexts(
  from: PromptContent | undefined,
  to: PromptContent | undefined,
): readonly ComparedText[] {
  return pairMessages(from, to).map((pair) => ({ title: pair.title, pieces: words(pair.from, pair.to) }));
}

function words(from = "", to = ""): readonly Piece[] {
  const whole: readonly Piece[] = [
    { kind: "gone", text: from },
    { kind: "new", text: to },
  ];
  const pieces = diffWordsWithSpace(from, to, LIMITS)?.map(
    ({ value, added, removed }): Piece => ({ kind: removed ? "gone" : added ? "new" : "same", text: value }),
  );
  return (pieces ?? whole).filter(({ text }) => text !== "");
}
