import type { ScopeError, Where } from "./scope-error.ts";

// Adds what callers further out know about an error. Functions, since the live client has errors and adds nothing to
// them.

/** Says what to do next, unless a caller closer to the problem has. */
export function advise(error: ScopeError, hint: string | undefined): ScopeError {
  error.hint ??= hint;
  return error;
}

/** Adds what a caller further out knows about the place; what is known already stays. */
export function locate(error: ScopeError, where: Where): ScopeError {
  error.where = { ...where, ...error.where };
  return error;
}

/**
 * An error with the import that ran into it. If another import has run into the same error, this one gets a copy, so
 * that each has its own place.
 */
export function importedFrom(error: ScopeError, place: Where): ScopeError {
  if (error.where?.importedBy === undefined) return locate(error, place);
  const copy: ScopeError = Object.setPrototypeOf(new Error(), Object.getPrototypeOf(error));
  Object.defineProperties(copy, Object.getOwnPropertyDescriptors(error));
  const { importedBy: _, importedAt: __, ...where } = error.where;
  copy.where = { ...place, ...where };
  return copy;
}
