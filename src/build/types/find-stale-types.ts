import { declaresForClient } from "../../compiler/3-emit/types/client-names.ts";
import type { ResolvedOptions } from "../../config/types.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import type { FileTexts } from "../../files/file-texts.ts";
import { readTextIfThere } from "../../files/write-file.ts";
import type { BuildRecord } from "../record/build-record.ts";
import { makeTypes, type Types, typesCover } from "./types-file.ts";

/**
 * Does the types file declare these specifiers as the snapshot has them? Gives the warning when it does not.
 *
 * @param run `record` remembers what was found right, and is asked first; `snapshot` is where the run has its files from
 */
export async function findStaleTypes(
  options: ResolvedOptions,
  met: Iterable<string>,
  { record, snapshot }: { record?: BuildRecord | undefined; snapshot?: FileTexts | undefined } = {},
): Promise<string | undefined> {
  if (options.dts === false) return undefined;
  const specifiers = record?.unchecked(met) ?? [...met];
  if (specifiers.length === 0) return undefined;
  const present = await readTextIfThere(options.dts);
  // Whether the code names the client only a look through all of it can say, which `scope-gen` takes.
  const forClient = declaresForClient(present ?? "");
  let types: Types | undefined;
  try {
    types = await makeTypes(options, { specifiers, forClient }, { withKeys: false, snapshot });
  } catch (error) {
    // A damaged snapshot: it was fatal where it was used and reported where it was not. Anything else is news.
    if (isScopeError(error)) return undefined;
    throw error;
  }
  if (types === undefined) return undefined;
  if (present === undefined || !typesCover(present, types)) {
    return `The types of scope: imports are missing or out of date (${types.file}). Run: scope-gen pull`;
  }
  record?.keepChecked(specifiers, present);
  return undefined;
}
