import type { RenderedPrompts } from "../../commands/check/rendered-prompts.ts";
import {
  type CheckedPrompt,
  countsText,
  offlineText,
  shownGrade,
  typesProblem,
  type Verdict,
} from "../../commands/check/verdict.ts";
import type { RenderedSample } from "../../commands/compare/render-samples.ts";
import { promotionText } from "../../commands/pin-notes.ts";
import { changesText } from "../../contract/contract.ts";
import { shortPath } from "../../errors/format-error.ts";
import { asProjectRuns } from "../../project/config/package-manager.ts";
import { type PromptContent, pinText } from "../../prompt.ts";
import { partDiffs } from "../diff/message-diffs.ts";
import { count } from "../terminal/text-table.ts";
import { isShown, notesOf, versionsText, whatText } from "./check-text.ts";

/**
 * A comment can have 65,536 characters, counted as bytes here to be safe. When the whole passes one of these sizes, no
 * more of that kind is added, so that the next kind has room: table rows, calls, texts.
 */
const ROOM = { rows: 20_000, calls: 45_000, texts: 60_000 };

/** A verdict as a pull-request comment: what differs, the calls that break, and the texts folded away. */
export function checkMarkdown(verdict: Verdict, cwd: string, rendered: RenderedPrompts = new Map()): string {
  const differing = verdict.prompts.filter(isShown);
  const sections = [`### Prompts: ${headline(verdict)}`];
  if (verdict.howToAsk !== undefined)
    sections.push(`The platform was not asked. ${asProjectRuns(verdict.howToAsk, cwd)}`);
  const types = typesProblem(verdict, (file) => code(shortPath(file, cwd)));
  if (types !== undefined) sections.push(`${types.what} Run ${code(asProjectRuns(types.command, cwd))}.`);
  const size = new Size(sections.join("\n\n"));
  if (differing.length > 0) sections.push(table(differing, size));
  const notes = notesOf(verdict, cwd)
    .map((note) => `- ${plain(note)}`)
    .join("\n");
  if (notes !== "" && size.takes(notes, ROOM.rows)) sections.push(notes);
  const broken = differing.filter((prompt) => prompt.calls.length > 0);
  if (broken.length > 0) sections.push(brokenCalls(broken, cwd, size));
  const texts = [
    ...differing.map(details),
    // What a sample renders to matters less than the texts it comes from, so it's the first to be left out.
    ...differing.map((prompt) => renderedDetails(prompt, rendered.get(prompt) ?? [])),
  ];
  for (const text of texts.filter((one) => one !== "")) {
    if (!size.takes(text, ROOM.texts)) {
      sections.push(`More texts differ than fit here: ${code("scope-gen diff --samples")} has them.`);
      break;
    }
    sections.push(text);
  }
  return `${sections.join("\n\n")}\n`;
}

/** The size of a comment so far. */
class Size {
  #bytes: number;

  constructor(text: string) {
    this.#bytes = Buffer.byteLength(text);
  }

  /** Counts a part, with the blank line before it, if it keeps the whole within `most`; returns whether it does. */
  takes(part: string, most: number): boolean {
    const bytes = Buffer.byteLength(part) + 2;
    if (this.#bytes + bytes > most) return false;
    this.#bytes += bytes;
    return true;
  }
}

function headline(verdict: Verdict): string {
  const { status, prompts } = verdict;
  if (status === "in-sync") return offlineText(verdict) ?? "in step";
  return countsText(prompts.filter(({ change }) => change !== "none")) || "the types need writing";
}

function table(prompts: readonly CheckedPrompt[], size: Size): string {
  const lines = ["| prompt | pin | version | change | what changed |", "| --- | --- | --- | --- | --- |"];
  for (const [index, prompt] of prompts.entries()) {
    const line = row(prompt);
    if (!size.takes(line, ROOM.rows)) {
      return `${lines.join("\n")}\n\n… and ${count(prompts.length - index, "more prompt")}: ${code("scope-gen check")} has them.`;
    }
    lines.push(line);
  }
  return lines.join("\n");
}

function row(prompt: CheckedPrompt): string {
  const cells = [
    code(prompt.ref.name),
    code(pinText(prompt.ref.pin)),
    versionsText(prompt),
    prompt.change === "breaking" || prompt.change === "missing" ? `**${prompt.change}**` : shownGrade(prompt),
    whatMarkdown(prompt),
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function whatMarkdown(prompt: CheckedPrompt): string {
  if (prompt.changes.length === 0) return plain(whatText(prompt));
  // A value's own quotes distinguish a text from a number.
  return whatText(prompt, (changes) =>
    changesText(changes, ({ kind, message }) => (kind === "metadata-value" ? code(message) : plain(message))),
  );
}

function brokenCalls(prompts: readonly CheckedPrompt[], cwd: string, size: Size): string {
  const sections = ["**What breaks**"];
  let left = prompts.reduce((sum, { calls }) => sum + calls.length, 0);
  for (const { ref, calls } of prompts) {
    const head = `${code(ref.name)}, ${count(calls.length, "place")}:`;
    const items: string[] = [];
    for (const call of calls) {
      const item = callItem(call, cwd);
      if (!size.takes(items.length === 0 ? `${head}\n\n${item}` : item, ROOM.calls)) break;
      items.push(item);
    }
    if (items.length > 0) sections.push(`${head}\n\n${items.join("\n")}`);
    left -= items.length;
    if (items.length < calls.length) {
      sections.push(`… and ${count(left, "more place")}: ${code("scope-gen check")} has them.`);
      break;
    }
  }
  return sections.join("\n\n");
}

function callItem({ file, line, column, message }: CheckedPrompt["calls"][number], cwd: string): string {
  const block = fenced(message, "").replace(/^/gm, "  ");
  return `- ${code(`${shortPath(file, cwd)}:${line}:${column}`)}\n\n${block}`;
}

function details(prompt: CheckedPrompt): string {
  const { committed, current } = prompt.compared;
  if (current === undefined) return "";
  const promotion = promotionText(current);
  const parts = [
    ...(promotion === "" ? [] : [plain(`version ${current.versionNumber} was ${promotion}`)]),
    ...partTexts(committed?.content, current.content),
  ];
  return folded(`${html(prompt.ref.name)}: version ${versionsText(prompt)}`, parts);
}

/** How the renderings of the samples differ; samples with equal renderings are left out. */
function renderedDetails(prompt: CheckedPrompt, samples: readonly RenderedSample[]): string {
  const parts = samples.flatMap(({ sample, from, to }) => {
    const problems = [
      ...(from.problem === undefined ? [] : [`before:\n\n${fenced(from.problem, "")}`]),
      ...(to.problem === undefined ? [] : [`now:\n\n${fenced(to.problem, "")}`]),
    ];
    const texts = problems.length > 0 ? problems : partTexts(from.output, to.output);
    return texts.length === 0 ? [] : [`sample ${code(sample)}`, ...texts];
  });
  return folded(`${html(prompt.ref.name)}: rendered with its samples`, parts);
}

function partTexts(from: PromptContent | undefined, to: PromptContent | undefined): readonly string[] {
  return partDiffs(from, to).map(({ title, hunks }) => {
    const text = hunks.map(({ head, lines }) => [head, ...lines].join("\n")).join("\n");
    return `${title === undefined ? "" : `${plain(title)}\n\n`}${fenced(text, "diff")}`;
  });
}

function folded(summary: string, parts: readonly string[]): string {
  if (parts.length === 0) return "";
  return `<details><summary>${summary}</summary>\n\n${parts.join("\n\n")}\n\n</details>`;
}

/** A fence longer than any in the text, so that a prompt can't end it. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, longestRun(text));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

/** A code span: nothing in it is markup, and it mentions nobody. */
function code(text: string): string {
  const longest = longestRun(text);
  const ticks = "`".repeat(longest + 1);
  const room = longest === 0 ? "" : " ";
  return `${ticks}${room}${text.replace(/[\r\n]+/g, " ")}${room}${ticks}`;
}

/** Text that has names from elsewhere in quotes. These become code. */
function plain(text: string): string {
  return text
    .split(/"([^"]*)"/)
    .map((part, index) => (index % 2 === 1 ? code(part) : html(part)))
    .join("");
}

function html(text: string): string {
  return text
    .replace(/[\r\n]+/g, " ")
    .replace(/[&<>]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[char] ?? char)
    .replace(/[@*_[\]\\`#]/g, (char) => `&#${char.charCodeAt(0)};`);
}
