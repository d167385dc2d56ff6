import { type PromptRef, pinText } from "../prompt.ts";

/**
 * Compares for a list of prompts: by name, then by pin, each by code unit, so that the order is the same everywhere.
 */
export function byNameThenPin(a: PromptRef, b: PromptRef): number {
  return compareText(a.name, b.name) || compareText(pinText(a.pin), pinText(b.pin));
}

/** By code unit. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
