import { maskSecrets } from "../../compiler/secrets.ts";
import {
  type ChangedLines,
  diffHunks,
  type Hunk,
  type MetadataChange,
  metadataChanges,
  partDiffs,
  stretchesOf,
} from "../../project/reports/hunks.ts";
import { isObject, type JsonObject, type PromptContent } from "../../prompt.ts";

// Text from elsewhere in Markdown that GitHub and GitLab show: it can't end a block, be a tag or mention anybody.

/** A fence longer than any in the text, so that a prompt can't end it. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(2, longestRun(text));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A block that opens at a click; empty without parts. */
export function folded(summary: string, parts: readonly string[]): string {
  if (parts.length === 0) return "";
  return `<details><summary>${summary}</summary>\n\n${parts.join("\n\n")}\n\n</details>`;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

/** A code span: nothing in it is markup, and it mentions nobody. */
export function code(text: string): string {
  // Two backticks with nothing between them would open a span that ends anywhere.
  if (text === "") return '`""`';
  const longest = longestRun(text);
  const ticks = "`".repeat(longest + 1);
  const room = longest === 0 ? "" : " ";
  return `${ticks}${room}${text.replace(/[\r\n]+/g, " ")}${room}${ticks}`;
}

/** Text that has names from elsewhere in quotes. These become code. */
export function plain(text: string): string {
  const parts = text.split(/"([^"]*)"/);
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return code(part);
      // The backticks of two spans would become one run.
      return part === "" && index > 0 && index < parts.length - 1 ? " " : html(part);
    })
    .join("");
}

/** Text in which nothing is markup, mentions somebody or becomes a link, also where it begins a line. */
export function html(text: string): string {
  // GitHub looks for mentions, issues and addresses in the text that entities stand for. A comment ends such a text.
  return preformatted(maskSecrets(text).replace(/[\r\n]+/g, " "))
    .replace(
      /[@*_[\]\\`#~]|^(?:[-+=]|\d(?=\d{0,9}[.)]))/g,
      (char) => `&#${char.charCodeAt(0)};${/[@#]/.test(char) ? "<!-- -->" : ""}`,
    )
    .replace(/:(?=\/\/)|www(?=\.)/gi, "$&<!-- -->");
}

/** Text for a `<pre>` element, where only tags are markup. It keeps its lines. */
function preformatted(text: string): string {
  return text.replace(/[&<>]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[char] ?? char);
}

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
    const name = preformatted(`${JSON.stringify(key)}: `);
    if (before === undefined) return `<ins>${name}${preformatted(now ?? "")}</ins>`;
    if (now === undefined) return `<del>${name}${preformatted(before)}</del>`;
    return `${name}<del>${preformatted(before)}</del> <ins>${preformatted(now)}</ins>`;
  });
  const indented = (json?: string) => (json === undefined ? "" : JSON.stringify(JSON.parse(json), null, 2));
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
  const removed = (text: string) => `<del>${preformatted(text)}</del>`;
  const added = (text: string) => `<ins>${preformatted(text)}</ins>`;
  const words = readable(stretch)?.map((one) =>
    one.removed ? removed(one.value) : one.added ? added(one.value) : preformatted(one.value),
  );
  return words ? [words.join("")] : [...stretch.removed.map(removed), ...stretch.added.map(added)];
}

/** The words, unless less than a third is the same: then lines are easier to read one after the other. */
function readable({ words, removed, added }: ChangedLines): ChangedLines["words"] {
  const same = (words ?? []).filter((word) => !word.removed && !word.added);
  const most = Math.max(removed.join("\n").length, added.join("\n").length);
  return same.reduce((length, { value }) => length + value.length, 0) * 3 < most ? undefined : words;
}

function pre(lines: readonly string[]): string {
  // GitLab obeys lines that begin with a slash and the name of an action.
  return `<pre>\n${lines.join("\n").replace(/^([ \t]*)\//gm, "$1&#47;")}\n</pre>`;
}
