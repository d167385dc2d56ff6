import { relative } from "node:path";
import { callJson, changesJson, costJson, notesJson, refJson } from "../json-parts.ts";
import { findingsJson } from "../lint/findings.ts";
import { type CheckedPrompt, notesOn, type Verdict } from "./verdict.ts";

/** A verdict as `check --json` prints it. Its shape is part of the public contract. */
export function checkJson({ status, platform, prompts, findings }: Verdict, cwd: string) {
  return {
    status,
    platform,
    prompts: prompts.map((prompt) => ({
      ...refJson(prompt.ref),
      change: prompt.change,
      stopsBuild: prompt.stopsBuild,
      changes: changesJson(prompt.changes),
      from: prompt.from ?? null,
      to: prompt.to ?? null,
      ...notesJson(notesOn(prompt, (file) => relative(cwd, file).replaceAll("\\", "/"))),
      ...costJson(prompt.cost),
      ...budgetsJson(prompt),
      calls: prompt.calls.map((call) => callJson(call, cwd)),
    })),
    ...(findings === undefined ? {} : { lint: findingsJson(findings) }),
  };
}

/** The budgets that it exceeds; left out if there are none. */
function budgetsJson({ overBudget = [] }: CheckedPrompt) {
  if (overBudget.length === 0) return {};
  return { budgets: overBudget.map(({ severity, message }) => ({ limit: "tokens", severity, message })) };
}
