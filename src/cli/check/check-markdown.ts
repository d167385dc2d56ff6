import type { RenderedPrompt, RenderedPrompts } from "../../commands/check/rendered-prompts.ts";
import {
  type CheckedPrompt,
  countsText,
  offlineText,
  shownGrade,
  typesProblem,
  type Verdict,
} from "../../commands/check/verdict.ts";
import { renderedTokensText } from "../../commands/cost/cost-text.ts";
import { promotionText } from "../../commands/pin-notes.ts";
import { changesText } from "../../contract/contract.ts";
import { shortPath } from "../../errors/format-error.ts";
import { asProjectRuns } from "../../project/config/package-manager.ts";
import { type PromptContent, pinText, refText } from "../../prompt.ts";
import type { Finding } from "../../review/lint/lint-prompts.ts";
import { partDiffs } from "../diff/message-diffs.ts";
import { placeText } from "../lint/lint-text.ts";
import { count } from "../terminal/text-table.ts";
import { costNotes, isShown, notesOf, overBudgetCountText, versionsText, whatText } from "./check-text.ts";

/** A comment can have 65,536 characters, counted as bytes here to be safe. */
const MAX_BYTES = 60_000;

/** A verdict as a pull-request comment: what differs, the calls that break, and the texts folded away. */
export function checkMarkdown(verdict: Verdict, cwd: string, rendered: RenderedPrompts = new Map()): string {
  const differing = verdict.prompts.filter(isShown);
  const sections = [`### Prompts: ${headline(verdict)}`];
  if (verdict.howToAsk !== undefined)
    sections.push(`The platform was not asked. ${asProjectRuns(verdict.howToAsk, cwd)}`);
  const types = typesProblem(verdict, (file) => code(shortPath(file, cwd)));
  if (types !== undefined) sections.push(`${types.what} Run ${code(asProjectRuns(types.command, cwd))}.`);
  let room = MAX_BYTES;
  /** Adds as many parts as there's room for, and says how many are left out and which command has them. */
  const add = (head: string, parts: readonly string[], separator: string, noun: string, command: string) => {
    const shown: string[] = [];
    for (const part of parts) {
      room -= Buffer.byteLength(part) + separator.length;
      if (room < 0) break;
      shown.push(part);
    }
    if (shown.length > 0) sections.push(head + shown.join(separator));
    const left = parts.length - shown.length;
    if (left > 0) sections.push(`… and ${count(left, `more ${noun}`)}: ${code(command)} has them.`);
  };
  add(TABLE_HEAD, differing.map(row), "\n", "prompt", "scope-gen check");
  const notes = [...notesOf(verdict, cwd), ...costNotes(verdict)].map((note) => `- ${plain(note)}`);
  add("", notes, "\n", "note", "scope-gen check");
  const calls = differing.flatMap((prompt) => callItems(prompt, cwd));
  add("**What breaks**\n\n", calls, "\n", "place", "scope-gen check");
  const { findings = [] } = verdict;
  add(
    "**What the rules found**\n\n",
    findings.map((one) => findingItem(one, cwd)),
    "\n",
    "finding",
    "scope-gen lint",
  );
  // What a sample renders to matters less than the texts it comes from, so it's the first to be left out.
  const renderings = differing.map((prompt) => renderedDetails(prompt, rendered.get(prompt)));
  const texts = [...differing.map(details), ...renderings].filter((one) => one !== "");
  add("", texts, "\n\n", "text", "scope-gen diff --samples");
  return `${sections.join("\n\n")}\n`;
}

const TABLE_HEAD = "| prompt | pin | version | change | what changed |\n| --- | --- | --- | --- | --- |\n";

function headline(verdict: Verdict): string {
  const { status, prompts } = verdict;
  const state =
    status === "in-sync"
      ? (offlineText(verdict) ?? "in step")
      : countsText(prompts.filter(({ change }) => change !== "none")) || "the types need writing";
  return `${state}${overBudgetCountText(verdict)}`;
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

/** A rule's finding, on one line. */
function findingItem(finding: Finding, cwd: string): string {
  const { severity, rule, prompt, message, hint } = finding;
  const place = placeText(finding);
  const where = place === undefined ? "" : `, ${place}`;
  return `- **${severity === "error" ? "error" : "warning"}** ${code(refText(prompt))}${where}: ${plain(message)} ${plain(asProjectRuns(hint, cwd))} (${code(rule)})`;
}

/** The calls that a prompt breaks, the first under its name. */
function callItems({ ref, calls }: CheckedPrompt, cwd: string): readonly string[] {
  return calls.map(({ file, line, column, message }, index) => {
    const head = index === 0 ? `\n${code(ref.name)}, ${count(calls.length, "place")}:\n\n` : "";
    const block = fenced(message, "").replace(/^/gm, "  ");
    return `${head}- ${code(`${shortPath(file, cwd)}:${line}:${column}`)}\n\n${block}`;
  });
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
function renderedDetails(prompt: CheckedPrompt, rendered: RenderedPrompt | undefined): string {
  const parts = (rendered?.samples ?? []).flatMap(({ sample, from, to }) => {
    const problems = [
      ...(from.problem === undefined ? [] : [`before:\n\n${fenced(from.problem, "")}`]),
      ...(to.problem === undefined ? [] : [`now:\n\n${fenced(to.problem, "")}`]),
    ];
    const texts = problems.length > 0 ? problems : partTexts(from.output, to.output);
    return texts.length === 0 ? [] : [`sample ${code(sample)}`, ...texts];
  });
  const tokens = renderedTokensText(rendered?.tokens);
  const spread = parts.length === 0 || tokens === "" ? [] : [tokens];
  return folded(`${html(prompt.ref.name)}: rendered with its samples`, [...spread, ...parts]);
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
