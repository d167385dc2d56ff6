import { diffArrays } from "diff";
import type { ChatMessage, PromptContent } from "../../prompt.ts";

/** A message of one version and the one that replaced it in another; a text prompt is one message. */
export interface MessagePair {
  /** `message 2 (user)`; undefined for a text prompt. */
  readonly title: string | undefined;
  /** Undefined if it's new. */
  readonly from: string | undefined;
  /** Undefined if it's gone. */
  readonly to: string | undefined;
  /** Content and role are the same. */
  readonly isSame: boolean;
}

/** The messages of two versions side by side, including those that are the same. */
export function pairMessages(
  from: PromptContent | undefined,
  to: PromptContent | undefined,
): readonly MessagePair[] {
  if (isChat(from) || isChat(to)) return pairs(asMessages(from), asMessages(to));
  return [{ title: undefined, from, to, isSame: from === to }];
}

/** The time grows with the square of the edits; past these messages are compared by position. */
const MAX_EDITS = 2000;

function pairs(from: readonly ChatMessage[], to: readonly ChatMessage[]): readonly MessagePair[] {
  const found: MessagePair[] = [];
  let oldAt = 0;
  let newAt = 0;
  let removed: ChatMessage[] = [];
  const changes = diffArrays([...from], [...to], { comparator: same, maxEditLength: MAX_EDITS }) ?? [
    { value: [...from], removed: true, added: false },
    { value: [...to], removed: false, added: true },
  ];
  for (const [index, { value, removed: isRemoved, added: isAdded }] of changes.entries()) {
    if (isRemoved) {
      removed = value;
      if (changes[index + 1]?.added) continue;
    }
    const isSame = !isRemoved && !isAdded;
    const before = isSame ? value : removed;
    const after = isSame || isAdded ? value : [];
    for (let at = 0; at < Math.max(before.length, after.length); at += 1) {
      found.push(pair(before[at], after[at], oldAt + at + 1, newAt + at + 1));
    }
    oldAt += before.length;
    newAt += after.length;
    removed = [];
  }
  return found;
}

function pair(
  from: ChatMessage | undefined,
  to: ChatMessage | undefined,
  oldNumber: number,
  newNumber: number,
): MessagePair {
  const isSame = from !== undefined && to !== undefined && same(from, to);
  const contents = { from: from?.content, to: to?.content, isSame };
  if (from === undefined) return { title: `message ${newNumber} (${to?.role}), new`, ...contents };
  if (to === undefined) return { title: `message ${oldNumber} (${from.role}), gone`, ...contents };
  const role = from.role === to.role ? to.role : `${from.role} → ${to.role}`;
  return { title: `message ${newNumber} (${role})`, ...contents };
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
