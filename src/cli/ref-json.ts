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
