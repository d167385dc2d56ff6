import { diffArrays } from "diff";
import type { ChatMessage, PromptContent } from "../../prompt.ts";
import { diffHunks, type Hunk, MOST_LINE_EDITS } from "./text-diff.ts";

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
  if (!isChat(from) && !isChat(to)) {
    const hunks = diffHunks(from ?? "", to ?? "");
    return hunks.length === 0 ? [] : [{ title: undefined, hunks }];
  }
  return messageDiffs(asMessages(from), asMessages(to));
}

/** The time grows with the square of the edits; past these messages are compared by their numbers. */
const MOST_EDITS = 2000;

function messageDiffs(from: readonly ChatMessage[], to: readonly ChatMessage[]): readonly PartDiff[] {
  const parts: PartDiff[] = [];
  // The time of one text grows with the square of its edits: all messages together take no longer than one text.
  const most = Math.ceil(MOST_LINE_EDITS / Math.sqrt(Math.max(from.length, to.length)));
  let oldAt = 0;
  let newAt = 0;
  let removed: ChatMessage[] = [];
  const changes = diffArrays([...from], [...to], { comparator: same, maxEditLength: MOST_EDITS }) ?? [
    { value: [...from], removed: true, added: false },
    { value: [...to], removed: false, added: true },
  ];
  for (const [index, { value, removed: isRemoved, added: isAdded }] of changes.entries()) {
    if (isRemoved) {
      removed = value;
      if (changes[index + 1]?.added) continue;
    }
    const added = isAdded ? value : [];
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1) {
      parts.push(messageDiff(removed[at], added[at], oldAt + at + 1, newAt + at + 1, most));
    }
    oldAt += removed.length;
    newAt += added.length;
    if (!isRemoved && !isAdded) {
      oldAt += value.length;
      newAt += value.length;
    }
    removed = [];
  }
  return parts;
}

function messageDiff(
  from: ChatMessage | undefined,
  to: ChatMessage | undefined,
  oldNumber: number,
  newNumber: number,
  most: number,
): PartDiff {
  const hunks = diffHunks(from?.content ?? "", to?.content ?? "", most);
  if (from === undefined) return { title: `message ${newNumber} (${to?.role}), new`, hunks };
  if (to === undefined) return { title: `message ${oldNumber} (${from.role}), gone`, hunks };
  const role = from.role === to.role ? to.role : `${from.role} → ${to.role}`;
  return { title: `message ${newNumber} (${role})`, hunks };
}

function same(a: ChatMessage, b: ChatMessage): boolean {
  return a.role === b.role && a.content === b.content;
}

function isChat(content: PromptContent | undefined): content is readonly ChatMessage[] {
  return content !== undefined && typeof content !== "string";
}

/** A text prompt that became a chat prompt is read as one message, so that the words can be compared. */
function asMessages(content: PromptContent | undefined): readonly ChatMessage[] {
  if (content === undefined) return [];
  return isChat(content) ? content : [{ role: "text", content }];
}
