import { basename, dirname, join, relative } from "node:path";
import {
  declaresForClient,
  emitTypes,
  SHARED_TYPES_FILE,
  type SnapshotPlaces,
  type TypesEntry,
} from "../../compiler/3-emit/types/emit-types.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import { type FileTexts, hasConflictMarks } from "../../files/read-file.ts";
import type { PromptRef, PromptVersionData } from "../../prompt.ts";
import { committedVersions, compileOrError, type FindVersion } from "../compile-request.ts";
import { type ResolvedImport, resolveSpecifier } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { findUses } from "../discovery/find-uses.ts";
import { GENERATED_FOLDER } from "../module-names.ts";
import { formatSnapshot } from "../snapshot/format.ts";
import { snapshotFile } from "../snapshot/store.ts";
import { declareTheSame, typesCover } from "./same-declarations.ts";
import {
  isOneFile,
  MAPS_FOLDER,
  readTypes,
  sharedTypesFile,
  typesFileFor,
  typesPlace,
} from "./types-place.ts";

export interface TypesFile {
  /** Absolute. */
  readonly file: string;
  readonly code: string;
  /** What leads an editor to the snapshot; undefined for the file that declares no prompt. */
  readonly map: { readonly file: string; readonly text: string } | undefined;
}

/** A specifier that can't be declared: it has no snapshot, or a prompt that it includes has none. */
export interface UndeclaredImport {
  readonly request: ResolvedImport;
  readonly error: ScopeError;
}

export interface FoundInCode {
  /** Of `scope:` imports, as spelled in the code. */
  readonly specifiers: Iterable<string>;
  /** Does the code name the client? Then the prompts are declared for it. */
  readonly forClient: boolean;
}

/** Looks through the code of the project: the types declare its specifiers, and those of the config's keys. */
export async function findInCode(options: ResolvedOptions): Promise<FoundInCode> {
  const { uses, namesClient } = await findUses(options);
  const keys = [...options.prompts.keys()].map(keySpecifier);
  return { specifiers: [...keys, ...uses.map(({ specifier }) => specifier)], forClient: namesClient };
}

export function keySpecifier(key: string): string {
  // In the name of a module declaration, an asterisk would match anything.
  return `scope:${key.replace(/[%?#]/g, encodeURIComponent).replaceAll("*", "%2A")}`;
}

/** Makes the types: a pure function of the versions that `find` returns, the config, and what the code imports. */
export async function makeTypes(
  options: ResolvedOptions,
  found: FoundInCode,
  find: FindVersion,
): Promise<Pick<TypesSource, "undeclared"> & { readonly files: readonly TypesFile[] }> {
  const undeclared: UndeclaredImport[] = [];
  const files: TypesFile[] = [];
  for await (const file of eachTypesFile(options, found, { find, undeclared })) files.push(file);
  return { files, undeclared };
}

export interface TypesSource {
  readonly find: FindVersion;
  readonly undeclared: UndeclaredImport[];
  /** Absolute path of the snapshot file of a prompt and pin. Default: the committed one. */
  readonly placeOf?: (ref: PromptRef) => Promise<string>;
}

/**
 * The types file by file, so that few are in memory however many there are: one for each prompt, and one with what all
 * of them name; or one for all. A prompt that can't be declared at all has none.
 */
export async function* eachTypesFile(
  options: ResolvedOptions,
  { specifiers, forClient }: FoundInCode,
  { find, undeclared, placeOf = (ref) => snapshotFile(options.snapshotDir, ref) }: TypesSource,
): AsyncGenerator<TypesFile> {
  const place = typesPlace(options);
  const shared = sharedTypesFile(place);
  let hasBlocks = false;
  for (const [file, requests] of byFile(options, place, specifiers)) {
    const mapFile = join(options.root, GENERATED_FOLDER, MAPS_FOLDER, `${basename(file)}.map`);
    const entries: TypesEntry[] = [];
    for (const [specifier, request] of requests) {
      const compiled = await compileOrError(request, options, find, "snapshot_missing");
      if (isScopeError(compiled)) undeclared.push({ request, error: compiled });
      else
        entries.push({
          places: snapshotPlaces(compiled.source, compiled.variables),
          specifier,
          compiled,
          live: request.live,
          snapshotFile: pathFrom(mapFile, await placeOf(request.ref)),
        });
    }
    if (shared !== undefined && entries.length === 0) continue;
    hasBlocks = true;
    const emitted = {
      dtsFile: pathFrom(mapFile, file),
      mapFile: pathFrom(file, mapFile),
      forClient,
      sharedApart: shared !== undefined,
    };
    const { code, map } = emitTypes(entries, emitted);
    yield { file, code, map: { file: mapFile, text: map } };
  }
  if (shared !== undefined && hasBlocks) yield { file: shared, code: SHARED_TYPES_FILE, map: undefined };
}

/** Path of a file as seen from the folder of another one, with forward slashes. */
function pathFrom(file: string, target: string): string {
  return relative(dirname(file), target).replaceAll("\\", "/");
}

function byFile(
  options: ResolvedOptions,
  place: string,
  specifiers: Iterable<string>,
): ReadonlyMap<string, readonly (readonly [specifier: string, request: ResolvedImport])[]> {
  const files = new Map<string, (readonly [string, ResolvedImport])[]>();
  if (isOneFile(place)) files.set(place, []);
  for (const specifier of [...new Set(specifiers)].sort()) {
    const request = resolveSpecifier(specifier, options);
    const file = typesFileFor(place, request.ref.name);
    const requests = files.get(file) ?? [];
    files.set(file, requests);
    requests.push([specifier, request]);
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Do the types declare these specifiers as the snapshot has them?
 *
 * @param snapshot where a run gets its snapshot files from
 * @param keep is called if the types are right: with the files that declare each specifier, and their texts as they were
 *   read, by absolute path
 * @returns if they don't: `what`, for a message about a fix, and a warning with the command
 */
export async function findStaleTypes(
  options: ResolvedOptions,
  specifiers: readonly string[],
  snapshot?: FileTexts,
  keep?: (files: ReadonlyMap<string, readonly string[]>, texts: ReadonlyMap<string, string>) => void,
): Promise<{ readonly what: string; readonly warning: string } | undefined> {
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
  let types: Awaited<ReturnType<typeof makeTypes>>;
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

/**
 * The lines of a version's snapshot file that an editor opens.
 *
 * @param names of variables; one whose use isn't found (its tag has its own delimiters) is left out
 */
export function snapshotPlaces(
  { ref, version }: { readonly ref: PromptRef; readonly version: PromptVersionData },
  names: readonly string[],
): SnapshotPlaces {
  // The environment is one line, whatever it is.
  const lines = formatSnapshot({ ref, version, environment: "" }).split("\n");
  const content = lines.findIndex((line) => line.startsWith('  "content":'));
  const end = lines.findIndex((line, at) => at > content && line.startsWith('  "'));
  const missing = new Set(names);
  const variables = new Map<string, number>();
  for (let at = content + 1; at < end && missing.size > 0; at++) {
    for (const [, name = "", rest = ""] of (lines[at] ?? "").matchAll(TAG))
      for (const one of [name, name + rest]) if (missing.delete(one)) variables.set(one, at);
  }
  const metadata = new Map<string, number>();
  const start = lines.indexOf('  "metadata": {');
  for (let at = start + 1; start !== -1 && lines[at]?.startsWith("    "); at++) {
    const [, key] = /^ {4}("(?:[^"\\]|\\.)*"):/.exec(lines[at] ?? "") ?? [];
    if (key !== undefined) metadata.set(JSON.parse(key) as string, at);
  }
  return { content, variables, metadata };
}

/** A tag up to the end of its name, in the platform's own syntax or mustache's: the name, and the rest of a path. */
const TAG = /\{\{[{&#^]?\s*([^\s{}.]+)([^\s{}]*)/g;
