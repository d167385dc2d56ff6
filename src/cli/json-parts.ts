import type { CostSides, RenderedTokensSides } from "../commands/cost/cost-sides.ts";
import type { Change } from "../contract/contract.ts";
import type { Pin, PromptRef } from "../prompt.ts";

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
