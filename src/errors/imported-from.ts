import type { ScopeError, Where } from "./scope-error.ts";

/**
 * The error with the import that ran into it. Where another import has run into the same error, a copy for this one: each
 * gets its own place. Apart from the class, which the live client has.
 */
export function importedFrom<E extends ScopeError>(error: E, place: Where): E {
  if (error.where?.importedBy === undefined) return error.locate(place);
  const copy: E = Object.setPrototypeOf(new Error(), Object.getPrototypeOf(error));
  Object.defineProperties(copy, Object.getOwnPropertyDescriptors(error));
  const { importedBy: _, importedAt: __, ...where } = error.where;
  copy.where = { ...place, ...where };
  return copy;
}
