import { relative } from "node:path";
import type { Change } from "../../contract/contract.ts";
import { toPosix } from "../../errors/printable.ts";
import type { CallPlace } from "../../project/calls/broken-calls.ts";
import type { CostSides } from "../../project/versions/prompt-cost.ts";
import type { PromptRef } from "../../prompt.ts";

/** A prompt and its pin, as `--json` prints them. */
export function refJson({ name, pin }: PromptRef) {
  return { name, pin: pin.kind === "label" ? { label: pin.label } : { version: pin.versionId } };
}

/** What changed between two versions, as `--json` prints it. */
export function changesJson(changes: readonly Change[]) {
  return changes.map(({ kind, message }) => ({ kind, message }));
}

/** A call as `--json` prints it. */
export function callJson({ file, line, column, message }: CallPlace, cwd: string) {
  // The contract says relative, so a file outside the working directory gets a path with "..".
  return { file: toPosix(relative(cwd, file)), line, column, message };
}

/** Remarks about a pin, as `--json` prints them; left out if there are none. */
export function notesJson(notes: readonly string[]): { readonly notes?: readonly string[] } {
  return notes.length === 0 ? {} : { notes };
}

/** What two versions cost, as `--json` prints it; left out where they cost the same, or it isn't known. */
export function costJson(cost: CostSides | undefined) {
  const { from = null, to = null } = cost ?? {};
  return from?.tokens === to?.tokens && from?.prefix === to?.prefix ? {} : { cost: { from, to } };
}
