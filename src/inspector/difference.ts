import { diffWordsWithSpace } from "diff";
import type { PromptDiff } from "../commands/compare/diff-prompts.ts";
import { metadataChanges } from "../commands/compare/metadata-changes.ts";
import { pairMessages } from "../commands/compare/pair-messages.ts";
import type { RenderedSample } from "../commands/compare/render-samples.ts";
import type { PromptContent } from "../prompt.ts";
import type { ComparedText, Difference, Piece } from "./api.ts";

/**
 * The time grows with the square of the edits. With more edits than this, the two texts are shown one after the other.
 */
const MAX_EDITS = 2000;
/** For all texts of one difference together: a prompt can have many samples. */
const MAX_MS = 2000;

/** Two versions of a prompt, word by word. */
export function differenceOf(diff: PromptDiff): Omit<Difference, "included"> {
  const { from, to, grade, changes, problem, samples } = diff;
  const until = Date.now() + MAX_MS;
  return {
    from: from?.versionNumber,
    to: to?.versionNumber,
    grade,
    changes: changes.map(({ message, breaks }) => ({ message, breaks })),
    problem: problem?.message,
    texts: comparedTexts(from?.content, to?.content, until),
    metadata: metadataChanges(from?.metadata ?? {}, to?.metadata ?? {}),
    samples: samples.map((sample) => comparedSample(sample, diff, until)),
  };
}

function comparedSample(
  { sample, from, to }: RenderedSample,
  versions: Pick<PromptDiff, "from" | "to">,
  until: number,
): Difference["samples"][number] {
  const problems = [
    ...(from.problem === undefined ? [] : [`version ${versions.from?.versionNumber}: ${from.problem}`]),
    ...(to.problem === undefined ? [] : [`version ${versions.to?.versionNumber}: ${to.problem}`]),
  ];
  return { sample, texts: comparedTexts(from.output, to.output, until), problems };
}

function comparedTexts(
  from: PromptContent | undefined,
  to: PromptContent | undefined,
  until: number,
): readonly ComparedText[] {
  return pairMessages(from, to).map((pair) => ({
    title: pair.title,
    pieces: words(pair.from ?? "", pair.to ?? "", until),
  }));
}

function words(from: string, to: string, until: number): readonly Piece[] {
  const whole: readonly Piece[] = [
    { kind: "gone", text: from },
    { kind: "new", text: to },
  ];
  // Equal texts take no time, so they're shown as equal even after the limit.
  const limits = { maxEditLength: MAX_EDITS, timeout: Math.max(1, until - Date.now()) };
  const pieces = diffWordsWithSpace(from, to, limits)?.map(
    ({ value, added, removed }): Piece => ({ kind: removed ? "gone" : added ? "new" : "same", text: value }),
  );
  return (pieces ?? whole).filter(({ text }) => text !== "");
}
