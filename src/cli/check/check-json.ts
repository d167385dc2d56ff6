import type { Verdict } from "../../tasks/check/verdict.ts";
import { callJson } from "../calls-text.ts";
import { changesJson, notesJson, refJson } from "../ref-json.ts";

/** A verdict as `check --json` prints it: the shape is part of the public contract. */
export function checkJson({ status, platform, prompts }: Verdict, cwd: string): unknown {
  return {
    status,
    platform,
    prompts: prompts.map(({ ref, change, changes, from, to, calls, compared }) => ({
      ...refJson(ref),
      change,
      changes: changesJson(changes),
      from: from ?? null,
      to: to ?? null,
      ...notesJson(compared.notes),
      calls: calls.map((call) => callJson(call, cwd)),
    })),
  };
}
