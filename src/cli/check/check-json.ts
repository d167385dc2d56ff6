import { relative } from "node:path";
import { notesOn, type Verdict } from "../../commands/check/verdict.ts";
import { callJson } from "../calls-text.ts";
import { findingsJson } from "../lint/lint-json.ts";
import { changesJson, notesJson, refJson } from "../ref-json.ts";

/** A verdict as `check --json` prints it. Its shape is part of the public contract. */
export function checkJson({ status, platform, prompts, findings }: Verdict, cwd: string): unknown {
  return {
    status,
    platform,
    prompts: prompts.map((prompt) => ({
      ...refJson(prompt.ref),
      change: prompt.change,
      changes: changesJson(prompt.changes),
      from: prompt.from ?? null,
      to: prompt.to ?? null,
      ...notesJson(notesOn(prompt, (file) => relative(cwd, file).replaceAll("\\", "/"))),
      calls: prompt.calls.map((call) => callJson(call, cwd)),
    })),
    ...(findings === undefined ? {} : { lint: findingsJson(findings) }),
  };
}
