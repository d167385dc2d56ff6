import { changesText, type Grade } from "../../contract/contract.ts";
import { shortPath } from "../../errors/format-error.ts";
import { printableLine } from "../../errors/printable.ts";
import type { CallPlace } from "../../project/calls/broken-calls.ts";
import {
  type CheckedPrompt,
  type CheckReport,
  isNotImported,
  notesOn,
  typesProblem,
} from "../../project/reports/report.ts";
import { costText } from "../../project/versions/prompt-cost.ts";
import { type PromptRef, refText, shownPin } from "../../prompt.ts";
import type { Printer } from "../cli/output.ts";
import { count, NO_PROMPTS, textTable, wrapText } from "../cli/terminal.ts";

/** A report for a person: what differs, the calls that break with their places, and what to do. */
export function checkText(report: CheckReport, output: Printer, cwd: string): string {
  const sections: string[] = [];
  const differing = report.prompts.filter(isShown);
  if (differing.length > 0) {
    const rows = differing.map((prompt) => ({
      ref: prompt.ref,
      versions: versionsText(prompt),
      change: prompt.grade,
      what: whatText(prompt),
    }));
    sections.push(changesTable(rows, output));
  }
  const broken = differing.filter(({ calls }) => calls.length > 0);
  if (broken.length > 0)
    sections.push(broken.map(({ ref, calls }) => callsText(ref, calls, output, cwd)).join("\n"));
  const notes = notesOf(report, cwd).map((note) => `${printableLine(note)}\n`);
  if (notes.length > 0) sections.push(output.wrap(notes.join("")));
  sections.push(output.wrap(`${summary(report, cwd).join("\n")}\n`));
  return sections.join("\n");
}

/** Remarks other than the changes, one line each: about pins and templates, then what prompts cost and exceed. */
export function notesOf({ prompts }: CheckReport, cwd: string): readonly string[] {
  const each = (lines: (prompt: CheckedPrompt) => readonly string[]) =>
    prompts.flatMap((prompt) => lines(prompt).map((line) => `${refText(prompt.ref)}: ${line}`));
  return [
    ...each((prompt) => notesOn(prompt, cwd)),
    ...each((prompt) => {
      const exceeded = (prompt.overBudget ?? []).map((one) => overBudgetText(prompt, one));
      const hasBudget = prompt.requests.some(({ budget }) => budget !== undefined);
      return [costText(prompt.cost, hasBudget), ...exceeded].filter(Boolean);
    }),
  ];
}

/** `version 3 has 4,312 tokens; its budget is 4,000` */
export function overBudgetText({ from, to }: CheckedPrompt, message: string): string {
  return `version ${(to ?? from)?.versionNumber} ${message}`;
}

/** How many prompts exceed a budget, after other counts; empty if none does. */
export function overBudgetCountText({ prompts }: CheckReport): string {
  const number = prompts.filter(({ overBudget = [] }) => overBudget.length > 0).length;
  return number === 0 ? "" : `, ${number} over budget`;
}

/** The versions of a prompt: `1 → 2`, `new → 2`, `1 → gone`. */
export function versionsText({ grade, ...prompt }: CheckedPrompt): string {
  const [from, to] = [prompt.from?.versionNumber, prompt.to?.versionNumber];
  if (from === undefined) return to === undefined ? "not pulled" : `new → ${to}`;
  if (to === undefined) return grade === "missing" ? `${from} → gone` : String(from);
  return from === to ? String(from) : `${from} → ${to}`;
}

/** Is there something to say about it? A new version without differences is in step, but is still listed. */
export function isShown(prompt: CheckedPrompt): boolean {
  return prompt.grade !== "none" || whatText(prompt) !== "";
}

/** What changed in it, in words; empty if nothing did. */
export function whatText(prompt: CheckedPrompt, shown = changesText(prompt.changes)): string {
  const { changes, calls, grade, problem, isUnreadable, from, to, isBroken, stopsBuild } = prompt;
  const uncommitted = "imported, but not committed";
  if (grade === "missing") return problem?.code === "snapshot_missing" ? uncommitted : "gone";
  if (isUnreadable) return `can't be read: ${problem?.message}`;
  if (problem?.code === "metadata_invalid") return `${problem.message} ${problem.hint}`;
  if (problem !== undefined) return problem.code === "content_empty" ? "empty" : "doesn't compile";
  if (from === undefined) return uncommitted;
  if (changes.length > 0) {
    if (grade !== "breaking" || isBroken || isNotImported(prompt)) return shown;
    // Pulled, it would be refused all the same.
    const isRefused = changes.some(({ kind }) => kind === "metadata-refused");
    const stops = isRefused ? "but builds refuse it" : "but the next build stops until you pull";
    return `${shown}; no call breaks${stopsBuild ? `, ${stops}` : ""}`;
  }
  if (calls.length > 0) return "calls don't fit the committed version";
  if (to === undefined) return "";
  if (from.id !== to.id) return "a new version of the same text";
  return from.status === to.status ? "" : `${from.status} → ${to.status}`;
}

/** What a check without the platform has shown, as a sentence; undefined if something is wrong already. */
export function offlineText({ platform, prompts, types }: CheckReport): string | undefined {
  if (platform === "compared" || prompts.some(({ grade }) => grade !== "none")) return undefined;
  return `${types === "current" ? "imports and types" : "imports"} fit the committed prompts`;
}

const KINDS = {
  missing: "missing",
  unreadable: "can't be read",
  stops: ["stops the next build", "stop the next build"],
  breaks: ["breaks calls", "break calls"],
  breaking: ["changes the contract", "change the contract"],
  compatible: "compatible",
  renamed: "renamed",
  values: "values only",
  text: "text only",
  none: "in step",
} as const;

function kindOf({ grade, isUnreadable, isBroken, stopsBuild, calls }: CheckedPrompt): keyof typeof KINDS {
  if (grade === "missing") return grade;
  if (isUnreadable) return "unreadable";
  if (stopsBuild) return "stops";
  if (isBroken) return calls.length > 0 ? "breaks" : "breaking";
  return grade;
}

/**
 * How many prompts are gone, stop the next build, break calls or differ, each counted once by the worst, in words; empty if
 * there are none. Without the platform, none is in step.
 */
export function countsText({ prompts, platform }: Pick<CheckReport, "prompts" | "platform">): string {
  const kinds = prompts.map(kindOf);
  const counts = Object.entries(KINDS).flatMap(([kind, words]) => {
    const number = kinds.filter((one) => one === kind).length;
    const [one, more = one] = typeof words === "string" ? [words] : words;
    const text = kind === "none" && platform === "skipped" ? "committed" : number === 1 ? one : more;
    return number === 0 ? [] : [`${number} ${text}`];
  });
  return counts.join(", ");
}

/** What is wrong with the types, and what to do; undefined if nothing is. */
export function typesText(report: CheckReport, cwd: string): string | undefined {
  const problem = typesProblem(report.types, report.prompts);
  const file = shortPath(report.typesFile, cwd);
  return problem && `${problem.what} (${file}). To write them: ${problem.command}`;
}

function summary(report: CheckReport, cwd: string): string[] {
  const { prompts, platform, howToAsk, label, status } = report;
  const total =
    prompts.length === 0
      ? NO_PROMPTS
      : `${count(prompts.length, "prompt")}: ${offlineText(report) ?? countsText(report)}${overBudgetCountText(report)}.`;
  const lines = [`${total}${howToAsk === undefined ? "" : ` The platform wasn't asked. ${howToAsk}`}`];
  const isStopped = (one: CheckedPrompt) => one.grade === "breaking" && (one.isBroken || one.stopsBuild);
  if (prompts.some(isStopped)) lines.push(report.builds);
  const types = typesText(report, cwd);
  if (types !== undefined) lines.push(types);
  if (platform === "skipped") return lines;
  // A pull takes all or nothing, and it can't take a prompt that is gone.
  const gone = prompts.filter(({ grade }) => grade === "missing");
  if (gone.length > 0) {
    const isKept = gone.some(({ from, stopsBuild }) => from !== undefined && stopsBuild);
    lines.push(
      `Restore the missing prompts on the platform, or correct their imports.${isKept ? " To build what's committed, set SCOPE_FETCH=never." : ""}`,
    );
  }
  const differing = prompts.filter(({ grade }) => grade !== "none");
  if (status === "in-sync" || differing.length === 0) return lines;
  if (label !== undefined) return [...lines, `To read the changes: scope-gen diff --to ${label}`];
  // A new name has to be written in the code.
  const takeable = differing.filter(({ grade }) => grade !== "renamed");
  // A pull only takes the platform's copy of a pin that it's given by name.
  const areNamed = takeable.every(({ ref }) => ref.pin.kind === "version");
  const [one, ...others] = takeable.map(({ ref }) => printableLine(ref.name));
  const names = areNamed ? ` ${others.length === 0 ? one : "<name>"}` : "";
  const take = gone.length > 0 || one === undefined ? "" : ` To take them: scope-gen pull${names}`;
  return [...lines, `To read the changes: scope-gen diff.${take}`];
}

/** The calls that a prompt breaks, in text for a person: each with its place and the compiler's message. */
export function callsText(ref: PromptRef, calls: readonly CallPlace[], output: Printer, cwd: string): string {
  const { colors, width } = output;
  const blocks = calls.map(({ file, line, column, message }) => {
    const place = colors.cyan(`${shortPath(file, cwd)}:${line}:${column}`);
    const text = wrapText(message.replace(/^/gm, "    "), width);
    return `  ${place}\n${text}\n`;
  });
  return `${colors.bold(printableLine(refText(ref)))} breaks ${count(calls.length, "place")}:\n${blocks.join("")}`;
}

/** The changes of some prompts, as a table. */
export function changesTable(
  rows: readonly {
    readonly ref: PromptRef;
    /** `1 → 2` */
    readonly versions: string;
    readonly change: Grade | "new";
    readonly what: string;
  }[],
  { colors: { green, yellow, red, dim }, width }: Printer,
): string {
  const paint: { [C in Grade | "new"]?: typeof red } = { new: green, none: dim, breaking: red, missing: red };
  const cells = rows.map(({ ref, versions, change, what }) => [
    ref.name,
    shownPin(ref.pin),
    versions,
    (paint[change] ?? yellow)(change),
    what,
  ]);
  return textTable(["prompt", "follows", "version", "change", "what changed"], cells, width);
}
