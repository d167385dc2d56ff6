import { declaresForClient } from "../../compiler/3-emit/types/emit-types.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import type { FileTexts } from "../../files/file-texts.ts";
import { resolveSpecifier } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { committedVersions } from "../versions/find-version.ts";
import { hasConflictMarks, readTypes } from "./present-types.ts";
import { declareTheSame } from "./same-declarations.ts";
import { typesCover } from "./types-blocks.ts";
import { makeTypes, type Types } from "./types-file.ts";
import { sharedTypesFile, typesFileFor } from "./types-place.ts";

/** What is wrong with the types. */
export interface StaleTypes {
  /** For messages about a fix: a sentence without its end. */
  readonly what: string;
  /** For the user, with the command. */
  readonly warning: string;
}

/** What a run knows about types that turned out right before. */
export interface KnownTypes {
  /** Those of the specifiers whose types aren't yet known to be right. */
  unchecked(specifiers: Iterable<string>): string[];
  /**
   * Remembers that the types declare these correctly.
   *
   * @param files by specifier, the absolute path of the file that declares it
   * @param shared absolute path of the file with what all of them name, if there is one
   * @param texts of these files, as they were read
   */
  keepChecked(
    files: ReadonlyMap<string, string>,
    shared: string | undefined,
    texts: ReadonlyMap<string, string>,
  ): void;
}

/**
 * Do the types declare these specifiers as the snapshot has them? Returns the warning if they don't.
 *
 * @param run `record` remembers what turned out right, and is asked first; `snapshot` is where the run gets its files
 *   from
 */
export async function findStaleTypes(
  options: ResolvedOptions,
  met: Iterable<string>,
  { record, snapshot }: { record?: KnownTypes | undefined; snapshot?: FileTexts | undefined } = {},
): Promise<StaleTypes | undefined> {
  const { dts: place } = options;
  if (place === false) return undefined;
  const specifiers = record?.unchecked(met) ?? [...met];
  if (specifiers.length === 0) return undefined;
  const shared = sharedTypesFile(place);
  const files = specifiers.map((one) => typesFileFor(place, resolveSpecifier(one, options).ref.name));
  const present = await readTypes([...new Set([...files, ...(shared === undefined ? [] : [shared])])]);
  const [conflict] = [...present].find(([, text]) => hasConflictMarks(text)) ?? [];
  if (conflict !== undefined) {
    const what = `${conflict} holds the marks of a merge conflict`;
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
  record?.keepChecked(new Map(specifiers.map((one, at) => [one, files[at] as string])), shared, present);
  return undefined;
}
