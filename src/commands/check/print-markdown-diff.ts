import type { ChangeObject } from "diff";
import { isObject, type JsonObject, type PromptContent } from "../../prompt.ts";
import { maskSecrets } from "../../review/lint/secrets.ts";
import { type ChangedLines, stretchesOf } from "../diff/changed-words.ts";
import { diffHunks, type Hunk } from "../diff/diff-hunks.ts";
import { partDiffs } from "../diff/message-diffs.ts";
import { type MetadataChange, metadataChanges } from "../diff/metadata-changes.ts";
import { code, fenced, plain, preformatted } from "./markdown-text.ts";

/** How two contents differ, as Markdown: the words within lines, message by message for chat. */
export function contentMarkdown(
  from: PromptContent | undefined,
  to: PromptContent | undefined,
): readonly string[] {
  return partDiffs(masked(from), masked(to)).map(({ title, hunks }) => {
    return `${title === undefined ? "" : `${plain(title)}\n\n`}${hunksMarkdown(hunks)}`;
  });
}

/** How the metadata of two versions differs, key by key. */
export function metadataMarkdown(from: JsonObject, to: JsonObject): readonly string[] {
  const changes = metadataChanges(masked(from), masked(to));
  const short = changes.filter((change) => !isLong(change));
  const lines = short.map(({ key, from: before, to: now }) => {
    const [removed, added] = [before, now].map((value) =>
      value === undefined ? "" : preformatted(`${JSON.stringify(key)}: ${value}`),
    );
    if (!removed || !added) return removed ? `<del>${removed}</del>` : `<ins>${added}</ins>`;
    return `${preformatted(`${JSON.stringify(key)}: `)}<del>${preformatted(before ?? "")}</del> <ins>${preformatted(now ?? "")}</ins>`;
  });
  const long = changes.filter(isLong).map(({ key, from: before, to: now }) => {
    const hunks = diffHunks(indented(before), indented(now));
    return `metadata ${code(key)}\n\n${hunksMarkdown(hunks)}`;
  });
  return [...(lines.length === 0 ? [] : [`metadata\n\n${pre(lines)}`]), ...long];
}

/** Without secrets, before the signs and marks of a difference come between their parts. */
function masked<Value>(value: Value): Value {
  const inside = (part: unknown): unknown => {
    if (typeof part === "string") return maskSecrets(part);
    if (Array.isArray(part)) return part.map(inside);
    if (!isObject(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, inside(one)]));
  };
  return inside(value) as Value;
}

const MAX_SHORT_VALUE = 80;

function isLong({ from = "", to = "" }: MetadataChange): boolean {
  return Math.max(from.length, to.length) > MAX_SHORT_VALUE;
}

function indented(json: string | undefined): string {
  return json === undefined ? "" : JSON.stringify(JSON.parse(json), null, 2);
}

/** Words stand out in preformatted text; where no words do, whole lines have their colours in a diff. */
function hunksMarkdown(hunks: readonly Hunk[]): string {
  const stretches = hunks.map((hunk) => ({ head: hunk.head, all: stretchesOf(hunk) }));
  const hasWords = stretches.some(({ all }) => all.some((one) => typeof one !== "string" && readable(one)));
  if (!hasWords)
    return fenced(hunks.map(({ head, lines }) => [head, ...lines].join("\n")).join("\n"), "diff");
  const lines = stretches.flatMap(({ head, all }) => [
    head,
    ...all.flatMap((one) => (typeof one === "string" ? [preformatted(one.slice(1))] : changed(one))),
  ]);
  return pre(lines);
}

function changed(stretch: ChangedLines): readonly string[] {
  const words = readable(stretch);
  if (words !== undefined) return [words.map(marked).join(""), ...stretch.remarks];
  return [
    ...stretch.removed.map((line) => `<del>${preformatted(line)}</del>`),
    ...stretch.added.map((line) => `<ins>${preformatted(line)}</ins>`),
    ...stretch.remarks,
  ];
}

/** The words, unless less than a third is the same: then lines are easier to read one after the other. */
function readable({ words, removed, added }: ChangedLines): ChangedLines["words"] {
  const same = (words ?? []).filter((word) => !word.removed && !word.added);
  const most = Math.max(removed.join("\n").length, added.join("\n").length);
  return same.reduce((length, { value }) => length + value.length, 0) * 3 < most ? undefined : words;
}

function marked({ value, removed, added }: ChangeObject<string>): string {
  const text = preformatted(value);
  return removed ? `<del>${text}</del>` : added ? `<ins>${text}</ins>` : text;
}

function pre(lines: readonly string[]): string {
  // GitLab obeys lines that begin with a slash and the name of an action.
  return `<pre>\n${lines.join("\n").replace(/^([ \t]*)\//gm, "$1&#47;")}\n</pre>`;
}
