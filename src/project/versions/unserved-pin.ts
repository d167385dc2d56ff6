import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import type { PromptRef } from "../../prompt.ts";

/**
 * Is this the platform saying that it doesn't serve a pinned version? Promoting a version archives the one before it,
 * and an archived version may not be served: the committed copy is still what the pin means.
 */
export function isUnservedPin({ pin }: PromptRef, error: unknown): error is ScopeError {
  return pin.kind === "version" && isScopeError(error, "prompt_not_found");
}

/** What to say about a pinned version that is committed but that the platform doesn't serve. */
export const UNSERVED = "archived or gone on the platform; the committed version is built";

/** What to say about a pin on a version that can still be edited under its ID. */
export const PINNED_TO_DRAFT = "pinned to a draft, which can still be edited";
