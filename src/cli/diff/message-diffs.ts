import type { PromptContent } from "../../prompt.ts";
import { pairMessages } from "../../tasks/pair-messages.ts";
import { diffHunks, type Hunk } from "./text-diff.ts";

/** One message of a chat prompt, or the text of a text prompt, where two versions differ. */
export interface PartDiff {
  /** `message 2 (user)`; undefined for a text prompt. */
  readonly title: string | undefined;
  readonly hunks: readonly Hunk[];
}

/** Where the contents of two versions differ, message by message for chat. None when they are the same. */
export function partDiffs(
  from: PromptContent | undefined,
  to: PromptContent | undefined,
): readonly PartDiff[] {
  return pairMessages(from, to)
    .filter(({ isSame }) => !isSame)
    .map((pair) => ({ title: pair.title, hunks: diffHunks(pair.from ?? "", pair.to ?? "") }))
    .filter(({ title, hunks }) => title !== undefined || hunks.length > 0);
}
