import {
  type ChangeObject,
  diffArrays,
  diffWordsWithSpace,
  type StructuredPatchHunk,
  structuredPatch,
} from "diff";
import type { ChatMessage, JsonObject, PromptContent } from "../../prompt.ts";

/** A run of changed lines with some context: each begins with a space, `-`, `+` or `\`. */
export interface Hunk {
  /** `@@ -1,3 +1,4 @@` */
  readonly head: string;
  readonly lines: readonly string[];
}

/** The lines in which two texts differ, as `diff -u` gives them; past `most` edits, one text after the other. */
export function diffHunks(from: string, to: string, most = MAX_LINE_EDITS): readonly Hunk[] {
  // Hardly any prompt ends with a newline, so it's only worth mentioning if the two differ in it.
  const isBare = !from.endsWith("\n") && !to.endsWith("\n");
  const ended = (text: string) => (isBare && text !== "" ? `${text}\n` : text);
  const patch = (a: string, b: string, maxEditLength: number) =>
    structuredPatch("", "", ended(a), ended(b), "", "", { context: 3, maxEditLength })?.hunks;
  const hunks = patch(from, to, most) ?? [
    joined(patch(from, "", Infinity)?.[0], patch("", to, Infinity)?.[0]),
  ];
  return hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
    head: `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    lines,
  }));
}

/** The time grows with the square of the edits; past these it's easier to read the two texts one after the other. */
const MAX_LINE_EDITS = 2000;

/** One text removed and the other added. */
function joined(removed: StructuredPatchHunk | undefined, added: StructuredPatchHunk | undefined) {
  const [oldLines, newLines] = [removed?.oldLines ?? 0, added?.newLines ?? 0];
  const lines = [...(removed?.lines ?? []), ...(added?.lines ?? [])];
  // An empty side begins at the line before it.
  return { oldStart: Math.min(oldLines, 1), oldLines, newStart: Math.min(newLines, 1), newLines, lines };
}

function range(start: number, lines: number): string {
  return lines === 1 ? String(start) : `${start},${lines}`;
}

/** Where the contents of two versions differ, message by message for chat. Empty if they are the same. */
export function partDiffs(from: PromptContent | undefined, to: PromptContent | undefined) {
  const changed = pairMessages(from, to).filter(({ isSame }) => !isSame);
  // The time for one text grows with the square of its edits. All messages together take no longer than one text.
  const most = Math.ceil(MAX_LINE_EDITS / Math.sqrt(Math.max(changed.length, 1)));
  return changed
    .map((pair) => ({ title: pair.title, hunks: diffHunks(pair.from ?? "", pair.to ?? "", most) }))
    .filter(({ title, hunks }) => title !== undefined || hunks.length > 0);
}

/** A message of one version and the one that replaced it in another; a text prompt is one message. */
interface MessagePair {
  /** `message 2 (user)`; undefined for a text prompt. */
  readonly title: string | undefined;
  /** Undefined if it's new. */
  readonly from: string | undefined;
  /** Undefined if it's gone. */
  readonly to: string | undefined;
  /** Content and role are the same. */
  readonly isSame: boolean;
}

/** The time grows with the square of the edits; past these messages are compared by position. */
const MAX_MESSAGE_EDITS = 2000;

/** The messages of two versions side by side, including those that are the same. */
function pairMessages(
  before: PromptContent | undefined,
  now: PromptContent | undefined,
): readonly MessagePair[] {
  if (!isChat(before) && !isChat(now))
    return [{ title: undefined, from: before, to: now, isSame: before === now }];
  const [from, to] = [asMessages(before), asMessages(now)];
  const found: MessagePair[] = [];
  let [oldNumber, newNumber] = [1, 1];
  const changes = diffArrays(from, to, { comparator: same, maxEditLength: MAX_MESSAGE_EDITS }) ?? [
    { value: from, removed: true, added: false },
    { value: to, removed: false, added: true },
  ];
  for (const [index, { value, removed, added }] of changes.entries()) {
    // What replaces messages comes right after them.
    if (removed && changes[index + 1]?.added) continue;
    const before = changes[index - 1];
    const olds = added ? (before?.removed ? before.value : []) : value;
    const news = removed ? [] : value;
    for (let at = 0; at < Math.max(olds.length, news.length); at += 1)
      found.push(pair(olds[at], news[at], oldNumber + at, newNumber + at));
    oldNumber += olds.length;
    newNumber += news.length;
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
function asMessages(content: PromptContent = []): ChatMessage[] {
  return isChat(content) ? [...content] : [{ role: "text", content }];
}

/** A line of a hunk that both texts have, a remark on one, or lines of one text that follow on lines of the other. */
type Stretch = string | ChangedLines;

export interface ChangedLines {
  /** Without their signs. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /**
   * Both, word by word, with line feeds between lines. Undefined if one of them is empty, or they have too little in
   * common for single words to show anything.
   */
  readonly words: readonly ChangeObject<string>[] | undefined;
}

/** A hunk's lines, with those that replace each other together. */
export function stretchesOf({ lines }: Hunk): readonly Stretch[] {
  const found: Stretch[] = [];
  for (let at = 0; at < lines.length; ) {
    const removed = linesWith("-", lines, at);
    const added = linesWith("+", lines, at + removed.length);
    const limit = { maxEditLength: MAX_WORD_EDITS };
    const isReplaced = removed.length > 0 && added.length > 0;
    const words = isReplaced ? diffWordsWithSpace(removed.join("\n"), added.join("\n"), limit) : undefined;
    const changed = removed.length + added.length;
    found.push(changed === 0 ? (lines[at] ?? "") : { removed, added, words });
    at += Math.max(changed, 1);
  }
  return found;
}

/** The lines from `at` on that start with `sign`, without it. */
function linesWith(sign: string, lines: readonly string[], at: number): readonly string[] {
  let end = at;
  while (lines[end]?.startsWith(sign)) end += 1;
  return lines.slice(at, end).map((line) => line.slice(1));
}

/** With more edits than this, two texts have too little in common for single words to show anything. */
const MAX_WORD_EDITS = 400;

/** A metadata key whose value changed. */
export interface MetadataChange {
  readonly key: string;
  /** As JSON, with sorted keys; undefined: the key is missing. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** The metadata keys whose values differ, by key. */
export function metadataChanges(from: JsonObject, to: JsonObject): readonly MetadataChange[] {
  const text = (metadata: JsonObject, key: string) =>
    Object.hasOwn(metadata, key) ? JSON.stringify(metadata[key]) : undefined;
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .sort()
    .map((key) => ({ key, from: text(from, key), to: text(to, key) }))
    .filter((change) => change.from !== change.to);
}
