import { maskSecrets } from "../../compiler/secrets.ts";
import { changesText } from "../../contract/contract.ts";
import { shortPath } from "../../errors/format-error.ts";
import { asRun, printable, withoutCommands } from "../../errors/printable.ts";
import { type CheckedPrompt, type CheckReport, isError, typesProblem } from "../../project/reports/report.ts";
import { promotionText } from "../../project/versions/pin-notes.ts";
import { shownPin } from "../../prompt.ts";
import { count } from "../cli/terminal.ts";
import { code, contentMarkdown, fenced, folded, html, metadataMarkdown, plain } from "./markdown-text.ts";
import { lineUrl, type Repository } from "./remarks.ts";
import {
  countsText,
  isShown,
  notesOf,
  offlineText,
  overBudgetCountText,
  versionsText,
  whatText,
} from "./text.ts";

/** A comment can have 65,536 characters, counted as bytes here to be safe. */
const MAX_BYTES = 60_000;
/** A cell, a note or a name of more characters is left to a command: it would take the room of the calls. */
const MAX_CELL = 1_000;
/** So many characters of the compiler's message say what breaks. */
const MAX_MESSAGE = 4_000;

/** A report as a pull-request comment: what differs, the calls that break, and the texts folded away. */
export function checkMarkdown(
  report: CheckReport,
  { cwd, repository }: { readonly cwd: string; readonly repository: Repository },
): string {
  const differing = report.prompts.filter(isShown);
  const changed = report.prompts.filter(({ grade }) => grade !== "none");
  const state =
    report.status === "in-sync"
      ? (offlineText(report) ?? "in step")
      : countsText({ ...report, prompts: changed }) || "the types have to be written";
  const sections = [`### Prompts: ${state}${overBudgetCountText(report)}`];
  if (report.howToAsk !== undefined) sections.push(`The platform wasn't asked. ${asRun(report.howToAsk)}`);
  const types = typesProblem(report.types, report.prompts);
  if (types !== undefined) {
    const file = code(shortPath(report.typesFile, cwd));
    sections.push(`${types.what} (${file}). Run ${code(asRun(types.command))}.`);
  }
  let room = MAX_BYTES;
  /** Adds the parts that there's room for, and says how many are left out and which command has them. */
  const add = ({ head = "", parts, separator = "\n", noun, command = "scope-gen check", stops }: Section) => {
    const shown: string[] = [];
    for (const part of parts.map(safe)) {
      const size = Buffer.byteLength(withoutCommands(part)) + separator.length;
      if (size <= room) {
        room -= size;
        shown.push(part);
      } else if (stops) break;
    }
    if (shown.length > 0) sections.push(head + shown.join(separator));
    const left = parts.length - shown.length;
    if (left > 0) sections.push(`… and ${count(left, `more ${noun}`)}: ${code(command)} has them.`);
  };
  add({ ...table(differing), noun: "prompt" });
  const notes = notesOf(report, cwd).map((note) => `- ${short(plain(note))}`);
  add({ parts: notes, noun: "note" });
  const calls = differing.flatMap((prompt) => callItems(prompt, cwd, repository));
  add({ head: "**What breaks**\n\n", parts: calls, noun: "place", stops: true });
  const texts = differing.map(details).filter((one) => one !== "");
  add({ parts: texts, separator: "\n\n", noun: "text", command: "scope-gen diff" });
  return `${safe(sections.join("\n\n"))}\n`;
}

/** Without characters that hide text, and without secrets. Twice is the same as once. */
function safe(markdown: string): string {
  return maskSecrets(printable(markdown, { keepCommands: true }));
}

function short(markdown: string): string {
  return safe(markdown).length > MAX_CELL ? `too long: ${code("scope-gen check")} shows it` : markdown;
}

interface Section {
  readonly head?: string;
  readonly parts: readonly string[];
  readonly separator?: string;
  readonly noun: string;
  /** What shows all parts. */
  readonly command?: string;
  /** At the first part without room: those after it belong to it. */
  readonly stops?: boolean;
}

/** The columns of the table. One without a text in any row is left out. */
const COLUMNS: Readonly<Record<string, (prompt: CheckedPrompt) => string>> = {
  prompt: ({ ref }) => code(ref.name),
  follows: ({ ref }) => code(shownPin(ref.pin)),
  version: versionsText,
  change: (prompt) => (isError(prompt) ? `**${prompt.grade}**` : prompt.grade),
  "what changed": whatMarkdown,
  promoted: ({ to }) => plain(promotionText(to).replace(/^promoted /, "")),
};

function table(prompts: readonly CheckedPrompt[]) {
  const columns = Object.entries(COLUMNS)
    .map(([name, cell]) => ({ name, cells: prompts.map((prompt) => short(cell(prompt))) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const names = columns.map(({ name }) => name);
  return {
    head: `${line(names)}\n${line(names.map(() => "---"))}\n`,
    parts: prompts.map((_, at) => line(columns.map(({ cells }) => cells[at] ?? ""))),
  };
}

function whatMarkdown(prompt: CheckedPrompt): string {
  if (prompt.changes.length === 0) return plain(whatText(prompt));
  // A value's own quotes distinguish a text from a number.
  const changes = prompt.changes.map((one) => {
    const isValue = one.kind === "metadata-value";
    return { ...one, message: isValue ? code(one.message) : plain(one.message) };
  });
  return whatText(prompt, changesText(changes));
}

/** The calls that a prompt breaks, the first under its name. */
function callItems({ ref, calls }: CheckedPrompt, cwd: string, repository: Repository): readonly string[] {
  return calls.map(({ file, line, column, message }, index) => {
    const head = index === 0 ? `\n${short(code(ref.name))}, ${count(calls.length, "place")}:\n\n` : "";
    const whole = maskSecrets(message);
    const text = whole.length > MAX_MESSAGE ? `${whole.slice(0, MAX_MESSAGE)}…` : whole;
    const block = fenced(text, "").replace(/^/gm, "  ");
    const place = code(`${shortPath(file, cwd)}:${line}:${column}`);
    const url = lineUrl(repository, file, line);
    return `${head}- ${url === undefined ? place : `[${place}](<${url}>)`}\n\n${block}`;
  });
}

function details(prompt: CheckedPrompt): string {
  const { from, to } = prompt;
  if (to === undefined) return "";
  return folded(`${html(prompt.ref.name)}: version ${versionsText(prompt)}`, [
    ...metadataMarkdown(from?.metadata ?? {}, to.metadata),
    ...contentMarkdown(from?.content, to.content),
  ]);
}
