import type { PromptContent } from "../../prompt.ts";
import { diffHunks, type Hunk, MAX_LINE_EDITS } from "./diff-hunks.ts";
import { pairMessages } from "./pair-messages.ts";

/** One message of a chat prompt, or the text of a text prompt, that differs between two versions. */
export interface PartDiff {
  /** `message 2 (user)`; undefined for a text prompt. */
  readonly title: string | undefined;
  readonly hunks: readonly Hunk[];
}

/** Where the contents of two versions differ, message by message for chat. Empty if they are the same. */
export function partDiffs(
  from: PromptContent | undefined,
  to: PromptContent | undefined,
): readonly PartDiff[] {
  const changed = pairMessages(from, to).filter(({ isSame }) => !isSame);
  // The time for one text grows with the square of its edits. All messages together take no longer than one text.
  const most = Math.ceil(MAX_LINE_EDITS / Math.sqrt(Math.max(changed.length, 1)));
  return changed
    .map((pair) => ({ title: pair.title, hunks: diffHunks(pair.from ?? "", pair.to ?? "", most) }))
    .filter(({ title, hunks }) => title !== undefined || hunks.length > 0);
}
