import type { ResolvedOptions } from "../config/types.ts";
import { isScopeError } from "../errors/scope-error.ts";
import { makeTypes, type Types, typesCover } from "./types-file.ts";
import type { WarmModules } from "./warm-modules.ts";

/**
 * Does the types file declare these specifiers as the snapshot has them? Gives the warning when it does not.
 *
 * @param warm remembers what was found right, and is asked first
 */
export async function findStaleTypes(
  options: ResolvedOptions,
  met: Iterable<string>,
  warm: WarmModules | undefined,
): Promise<string | undefined> {
  if (options.dts === false) return undefined;
  const specifiers = warm?.unchecked(options.dts, met) ?? [...met];
  if (specifiers.length === 0) return undefined;
  let types: Types | undefined;
  try {
    types = await makeTypes(options, specifiers, { withKeys: false });
  } catch (error) {
    // A damaged snapshot: it was fatal where it was used and told where it was not. Anything else is news.
    if (isScopeError(error)) return undefined;
    throw error;
  }
  if (types === undefined) return undefined;
  if (!(await typesCover(types))) {
    return `The types of scope: imports are missing or out of date (${types.file}). Run: scope-gen pull`;
  }
  warm?.keepChecked(options.dts, specifiers);
  return undefined;
}
