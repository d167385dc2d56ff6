import { relative } from "node:path";
import type { Change } from "../contract/contract.ts";
import type { Pin, PromptRef } from "../prompt.ts";
import type { CallPlace } from "./check/broken-calls.ts";
import type { CostSides, RenderedTokensSides } from "./cost/cost-sides.ts";

/** A prompt and its pin, as `--json` prints them. */
export function refJson({ name, pin }: PromptRef) {
  return { name, pin: pinJson(pin) };
}

function pinJson(pin: Pin): { readonly label: string } | { readonly version: string } {
  return pin.kind === "label" ? { label: pin.label } : { version: pin.versionId };
}

/** What changed between two versions, as `--json` prints it. */
export function changesJson(changes: readonly Change[]) {
  return changes.map(({ kind, message }) => ({ kind, message }));
}

/** A call as `--json` prints it. */
export function callJson({ file, line, column, message }: CallPlace, cwd: string) {
  // The contract says relative, so a file outside the working directory gets a path with "..".
  return { file: relative(cwd, file).replaceAll("\\", "/"), line, column, message };
}

/** Remarks about a pin, as `--json` prints them; left out if there are none. */
export function notesJson(notes: readonly string[]): { readonly notes?: readonly string[] } {
  return notes.length === 0 ? {} : { notes };
}

/** What two versions cost, as `--json` prints it; left out where it isn't known. */
export function costJson(cost: CostSides | undefined) {
  return cost === undefined ? {} : { cost: { from: cost.from ?? null, to: cost.to ?? null } };
}

/** The same of the renderings of samples. */
export function renderedTokensJson(tokens: RenderedTokensSides | undefined) {
  return tokens === undefined ? {} : { renderedTokens: { from: tokens.from ?? null, to: tokens.to ?? null } };
}
