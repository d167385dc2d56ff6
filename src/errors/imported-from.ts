import type { ScopeError, Where } from "./scope-error.ts";

/**
 * An error with the import that ran into it. Where another import has run into the same error, a copy for this one: each
 * gets its own place.
 */
export function importedFrom(error: ScopeError, place: Where): ScopeError {
  if (error.where?.importedBy === undefined) return error.locate(place);
  const copy: ScopeError = Object.setPrototypeOf(new Error(), Object.getPrototypeOf(error));
  Object.defineProperties(copy, Object.getOwnPropertyDescriptors(error));
  const { importedBy: _, importedAt: __, ...where } = error.where;
  copy.where = { ...place, ...where };
  return copy;
}
