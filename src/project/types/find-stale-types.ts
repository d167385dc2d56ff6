import { declaresForClient } from "../../compiler/3-emit/types/emit-types.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { type FileTexts, hasConflictMarks } from "../../files/read-file.ts";
import { resolveSpecifier } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { committedVersions } from "../versions/find-version.ts";
import { declareTheSame, typesCover } from "./same-declarations.ts";
import { makeTypes, type Types } from "./types-file.ts";
import { readTypes, sharedTypesFile, typesFileFor } from "./types-place.ts";

export interface StaleTypes {
  /** For messages about a fix: a sentence without its end. */
  readonly what: string;
  /** For the user, with the command. */
  readonly warning: string;
}

interface StaleTypesRun {
  /** Where the run gets its snapshot files from. */
  readonly snapshot?: FileTexts | undefined;
  /**
   * Called if the types are right: with the files that declare each specifier, and their texts as they were read, by
   * absolute path.
   */
  readonly keep?:
    | ((files: ReadonlyMap<string, readonly string[]>, texts: ReadonlyMap<string, string>) => void)
    | undefined;
}

/** Do the types declare these specifiers as the snapshot has them? Returns the warning if they don't. */
export async function findStaleTypes(
  options: ResolvedOptions,
  specifiers: readonly string[],
  { snapshot, keep }: StaleTypesRun = {},
): Promise<StaleTypes | undefined> {
  const { dts: place } = options;
  if (place === false || specifiers.length === 0) return undefined;
  const shared = sharedTypesFile(place);
  const files = specifiers.map((one) => typesFileFor(place, resolveSpecifier(one, options).ref.name));
  const common = shared === undefined ? [] : [shared];
  const present = await readTypes([...new Set([...files, ...common])]);
  const [conflict] = [...present].find(([, text]) => hasConflictMarks(text)) ?? [];
  if (conflict !== undefined) {
    const what = `${conflict} contains the marks of a merge conflict`;
    return { what, warning: `${what}. Run: scope-gen types` };
  }
  // Whether the code names the client takes a look through all of it, which `scope-gen` does.
  const forClient = [...present.values()].some(declaresForClient);
  let types: Types;
  try {
    types = await makeTypes(options, { specifiers, forClient }, committedVersions(options, snapshot));
  } catch (error) {
    // A damaged snapshot: it was fatal if it was used, and reported if it wasn't. Anything else is news.
    if (isScopeError(error)) return undefined;
    throw error;
  }
  const stale = types.files.find(({ file, code }) => {
    const text = present.get(file);
    return text === undefined || !(file === shared ? declareTheSame(text, code) : typesCover(text, code));
  });
  const file = stale?.file ?? (present.size === 0 && types.undeclared.length > 0 ? place : undefined);
  if (file !== undefined) {
    // What isn't committed has to be fetched first.
    const command = stale === undefined ? "scope-gen pull" : "scope-gen types";
    return {
      what: "The types of scope: imports were missing or out of date",
      warning: `The types of scope: imports are missing or out of date (${file}). Run: ${command}`,
    };
  }
  keep?.(new Map(specifiers.map((one, at) => [one, [files[at] as string, ...common]])), present);
  return undefined;
}
