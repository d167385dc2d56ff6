import { changesText } from "../../contract/contract.ts";
import { shortPath } from "../../errors/format-error.ts";
import { printableLine } from "../../errors/printable.ts";
import { refText } from "../../prompt.ts";
import type { OverBudget } from "../../review/cost/prompt-cost.ts";
import { costText } from "../cost/cost-text.ts";
import { findingsCount, findingsText } from "../lint/print-text.ts";
import type { Printer } from "../shell/output.ts";
import { count } from "../shell/terminal.ts";
import { callsText } from "./print-calls.ts";
import { changesTable } from "./print-changes.ts";
import {
  type CheckedPrompt,
  countsText,
  isNotImported,
  notesOn,
  offlineText,
  overBudgetCount,
  typesProblem,
  type Verdict,
} from "./verdict.ts";

/** A verdict for a person: what differs, the calls that break with their places, and what to do. */
export function checkText(verdict: Verdict, output: Printer, cwd: string): string {
  const sections: string[] = [];
  const differing = verdict.prompts.filter(isShown);
  if (differing.length > 0) {
    const rows = differing.map((prompt) => ({
      ...prompt,
      versions: versionsText(prompt),
      shown: prompt.change,
      what: whatText(prompt),
    }));
    sections.push(changesTable(rows, output));
  }
  const broken = differing.filter(({ calls }) => calls.length > 0);
  if (broken.length > 0)
    sections.push(broken.map(({ ref, calls }) => callsText(ref, calls, output, cwd)).join("\n"));
  const { findings = [] } = verdict;
  if (findings.length > 0) sections.push(findingsText(findings, output));
  const notes = [...notesOf(verdict, cwd), ...costNotes(verdict)].map((note) => `${printableLine(note)}\n`);
  if (notes.length > 0) sections.push(output.wrap(notes.join("")));
  sections.push(output.wrap(`${summary(verdict, cwd).join("\n")}\n`));
  return sections.join("\n");
}

/** Remarks other than the changes, about pins and templates, one line each. */
export function notesOf({ prompts }: Verdict, cwd: string): readonly string[] {
  return prompts.flatMap((prompt) =>
    notesOn(prompt, (file) => shortPath(file, cwd)).map((note) => `${refText(prompt.ref)}: ${note}`),
  );
}

/** What a version changes in the cost of prompts, and which budgets they exceed, one line each. */
export function costNotes({ prompts }: Verdict): readonly string[] {
  return prompts.flatMap((prompt) => {
    const cost = costText(prompt.cost);
    return [...(cost === "" ? [] : [cost]), ...budgetTexts(prompt)].map(
      (note) => `${refText(prompt.ref)}: ${note}`,
    );
  });
}

function budgetTexts(prompt: CheckedPrompt): readonly string[] {
  return (prompt.overBudget ?? []).map((one) =>
    one.severity === "error" ? `${overBudgetText(prompt, one)} (error)` : overBudgetText(prompt, one),
  );
}

/** `version 3 has 4,312 tokens; its budget is 4,000` */
export function overBudgetText({ from, to }: CheckedPrompt, { message }: OverBudget): string {
  return `version ${to ?? from} ${message}`;
}

/** How many prompts exceed a budget, after other counts; empty if none does. */
export function overBudgetCountText(verdict: Verdict): string {
  const number = overBudgetCount(verdict);
  return number === 0 ? "" : `, ${number} over budget`;
}

/** The versions of a prompt: `1 → 2`, `new → 2`, `1 → gone`. */
export function versionsText({ from, to, change }: CheckedPrompt): string {
  if (from === undefined) return to === undefined ? "not pulled" : `new → ${to}`;
  if (to === undefined) return change === "missing" ? `${from} → gone` : String(from);
  return from === to ? String(from) : `${from} → ${to}`;
}

/** Is there something to say about it? A new version without differences is in step, but is still listed. */
export function isShown(prompt: CheckedPrompt): boolean {
  return prompt.change !== "none" || whatText(prompt) !== "";
}

/** What changed in it, in words; empty if nothing did. */
export function whatText(prompt: CheckedPrompt, show = changesText): string {
  const {
    changes,
    calls,
    change,
    compared: { problem, committed, current, specifiers },
  } = prompt;
  const uncommitted = `${specifiers.length === 0 ? "included" : "imported"}, but not committed`;
  if (change === "missing") return problem?.code === "snapshot_missing" ? uncommitted : "gone";
  if (problem !== undefined) return "doesn't compile";
  if (committed === undefined) return uncommitted;
  if (changes.length > 0) return `${show(changes)}${harmlessText(prompt)}`;
  if (calls.length > 0) return "calls don't fit the committed version";
  if (current === undefined) return "";
  if (committed.id !== current.id) return "a new version of the same text";
  return committed.status === current.status ? "" : `${committed.status} → ${current.status}`;
}

function harmlessText(prompt: CheckedPrompt): string {
  const { change, isBroken, stopsBuild } = prompt;
  if (change !== "breaking" || isBroken || isNotImported(prompt)) return "";
  return stopsBuild ? "; no call breaks, but the next build stops until you pull" : "; no call breaks";
}

function summary(verdict: Verdict, cwd: string): string[] {
  const { prompts, platform, howToAsk, label, status } = verdict;
  const total =
    prompts.length === 0
      ? "No prompts: nothing is imported or configured."
      : `${count(prompts.length, "prompt")}: ${offlineText(verdict) ?? countsText(prompts, platform)}${overBudgetCountText(verdict)}.`;
  const lines = [`${total}${howToAsk === undefined ? "" : ` The platform wasn't asked. ${howToAsk}`}`];
  if (verdict.findings !== undefined) lines.push(`Rules: ${findingsCount(verdict.findings)}.`);
  if (prompts.some(({ change }) => change === "breaking")) lines.push(verdict.builds);
  const problem = typesProblem(verdict, (file) => shortPath(file, cwd));
  if (problem !== undefined) lines.push(`${problem.what} To write them: ${problem.command}`);
  // A pull takes all or nothing, and it can't take a prompt that is gone.
  const canPull = prompts.every(({ change }) => change !== "missing");
  const isKept = prompts.some(({ change, from }) => change === "missing" && from !== undefined);
  if (platform === "compared" && !canPull) {
    lines.push(
      `Restore the missing prompts on the platform, or correct their imports.${isKept ? " To build what's committed, set SCOPE_FETCH=never." : ""}`,
    );
  }
  const differing = prompts.filter(({ change }) => change !== "none");
  // A new name has to be written in the code.
  const takeable = differing.filter(({ change }) => change !== "renamed");
  if (platform === "compared" && status !== "in-sync" && differing.length > 0) {
    // A pull only takes the platform's copy of a pin that it's given by name.
    const areNamed = takeable.every(({ ref }) => ref.pin.kind === "version");
    const [one, ...others] = takeable.map(({ ref }) => printableLine(ref.name));
    const names = areNamed ? ` ${others.length === 0 ? one : "<name>"}` : "";
    lines.push(
      label === undefined
        ? `To read the changes: scope-gen diff.${canPull && takeable.length > 0 ? ` To take them: scope-gen pull${names}` : ""}`
        : `To read the changes: scope-gen diff --to ${label}`,
    );
  }
  return lines;
}
