import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import type { PromptRef } from "../../prompt.ts";

/**
 * Is this the platform's word that it doesn't serve a pinned version? Promoting a version archives the one before it, and an
 * archived version may not be served: what is committed of it still is what the pin means.
 */
export function isUnservedPin({ pin }: PromptRef, error: unknown): error is ScopeError {
  return pin.kind === "version" && isScopeError(error, "prompt_not_found");
}

/** What is said of a pinned version that the platform doesn't serve, and that is committed. */
export const UNSERVED = "archived or gone on the platform; the committed version is built";

/** What is said of a pin on a version that can still be edited under its ID. */
export const PINNED_TO_DRAFT = "pinned to a draft, which can still be edited";
