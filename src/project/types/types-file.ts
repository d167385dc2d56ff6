import { basename, dirname, join, relative } from "node:path";
import {
  emitBlock,
  emitTypes,
  SHARED_TYPES_FILE,
  type TypesEntry,
} from "../../compiler/3-emit/types/emit-types.ts";
import { toPosix } from "../../errors/printable.ts";
import { isScopeError, ScopeError } from "../../errors/scope-error.ts";
import { hasConflictMarks, readOrEmpty, readTextIfThere } from "../../files/read-file.ts";
import { type PromptRef, refText } from "../../prompt.ts";
import { committedVersions, compileOrError, type FindVersion } from "../compile-request.ts";
import { type ResolvedImport, resolveSpecifier } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { findUses } from "../discovery/find-uses.ts";
import { GENERATED_FOLDER } from "../module-names.ts";
import { snapshotFile } from "../snapshot/store.ts";
import { declarationBlocks, declareTheSame } from "./same-declarations.ts";
import { MAPS_FOLDER, presentTypesFiles, sharedTypesFile, typesFileFor, typesPlace } from "./types-place.ts";

export interface TypesFile {
  /** Absolute. */
  readonly file: string;
  readonly code: string;
  /** What leads an editor to the snapshot; undefined for the file that declares no prompt. */
  readonly map: { readonly file: string; readonly text: string } | undefined;
}

/** Looks through the code of the project: the types declare its specifiers, and those of the config's keys. */
export async function findInCode(options: ResolvedOptions): Promise<readonly string[]> {
  const { uses } = await findUses(options);
  const keys = [...options.prompts.keys()].map(keySpecifier);
  return [...keys, ...uses.map(({ specifier }) => specifier)];
}

export function keySpecifier(key: string): string {
  // In the name of a module declaration, an asterisk would match anything.
  return `scope:${key.replace(/[%?#]/g, encodeURIComponent).replaceAll("*", "%2A")}`;
}

/** Makes the types: a pure function of the versions that `find` returns, the config, and what the code imports. */
export async function makeTypes(
  options: ResolvedOptions,
  specifiers: readonly string[],
  find: FindVersion,
): Promise<Pick<TypesSource, "undeclared"> & { readonly files: readonly TypesFile[] }> {
  const undeclared: ResolvedImport[] = [];
  const files: TypesFile[] = [];
  for await (const file of eachTypesFile(options, specifiers, { find, undeclared })) files.push(file);
  return { files, undeclared };
}

export interface TypesSource {
  readonly find: FindVersion;
  readonly undeclared: ResolvedImport[];
  /** Absolute path of the snapshot file of a prompt and pin. Default: the committed one. */
  readonly placeOf?: (ref: PromptRef) => Promise<string>;
}

/**
 * The types file by file, so that few are in memory however many there are: one for each prompt, and one with what all
 * of them name. A prompt that can't be declared at all has none.
 */
export async function* eachTypesFile(
  options: ResolvedOptions,
  specifiers: readonly string[],
  { find, undeclared, placeOf = (ref) => snapshotFile(options.snapshotDir, ref) }: TypesSource,
): AsyncGenerator<TypesFile> {
  const place = typesPlace(options);
  let hasBlocks = false;
  for (const [file, requests] of byFile(options, place, specifiers)) {
    const mapFile = join(options.root, GENERATED_FOLDER, MAPS_FOLDER, `${basename(file)}.map`);
    const entries: TypesEntry[] = [];
    for (const [specifier, request] of requests) {
      const compiled = await compileOrError(request, options, find, "snapshot_missing");
      if (isScopeError(compiled)) undeclared.push(request);
      else
        entries.push({
          specifier,
          compiled,
          live: request.live,
          snapshotFile: pathFrom(mapFile, await placeOf(request.ref)),
        });
    }
    if (entries.length === 0) continue;
    hasBlocks = true;
    const { code, map } = emitTypes(entries, {
      dtsFile: pathFrom(mapFile, file),
      mapFile: pathFrom(file, mapFile),
    });
    yield { file, code, map: { file: mapFile, text: map } };
  }
  if (hasBlocks) yield { file: sharedTypesFile(place), code: SHARED_TYPES_FILE, map: undefined };
}

/** Path of a file as seen from the folder of another one, with forward slashes. */
function pathFrom(file: string, target: string): string {
  return toPosix(relative(dirname(file), target));
}

function byFile(
  options: ResolvedOptions,
  place: string,
  specifiers: Iterable<string>,
): ReadonlyMap<string, readonly (readonly [specifier: string, request: ResolvedImport])[]> {
  const files = new Map<string, (readonly [string, ResolvedImport])[]>();
  for (const specifier of [...new Set(specifiers)].sort()) {
    const request = resolveSpecifier(specifier, options);
    const file = typesFileFor(place, request.ref.name);
    const requests = files.get(file) ?? [];
    files.set(file, requests);
    requests.push([specifier, request]);
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export interface CheckedTypes {
  readonly request: ResolvedImport;
  /** Undefined: they declare what the snapshot has. `uncommitted`: it has nothing that they could be made from. */
  readonly problem: "differs" | "missing" | "conflict" | "uncommitted" | undefined;
  /** What declares it, or would. Absolute paths, with the texts as they were read; its own first. */
  readonly files: ReadonlyMap<string, string | undefined>;
}

/**
 * Returns a function that makes the block of an import again, and compares it with what lies in the types. It reads each
 * file once. With `dts: false` nothing is wrong.
 */
export function typesChecker(options: ResolvedOptions) {
  const find = committedVersions(options);
  const texts = new Map<string, string | undefined>();
  const once = (file: string) => {
    if (!texts.has(file)) texts.set(file, readTextIfThere(file));
    return texts.get(file);
  };
  return async (specifier: string): Promise<CheckedTypes> => {
    const request = resolveSpecifier(specifier, options);
    if (options.dts === false) return { request, problem: undefined, files: new Map() };
    const own = typesFileFor(options.dts, request.ref.name);
    const shared = sharedTypesFile(options.dts);
    const files = new Map([own, shared].map((file) => [file, once(file)]));
    const problem = async () => {
      if ([...files.values()].some((text) => hasConflictMarks(text ?? ""))) return "conflict";
      // A damaged snapshot was fatal if it was used, and reported if it wasn't.
      const compiled = await compileOrError(request, options, find);
      if (isScopeError(compiled)) return "uncommitted";
      const block = declarationBlocks(files.get(own) ?? "").get(specifier);
      if (block === undefined || files.get(shared) === undefined) return "missing";
      const made = emitBlock({ specifier, compiled, live: request.live });
      return declareTheSame(block, made) ? undefined : "differs";
    };
    return { request, problem: await problem(), files };
  };
}

export interface TypesState {
  /**
   * Do the types on disk match the snapshot? `none`: there shouldn't be any, because of the config or because there are
   * no prompts. `conflict`: a file has merge conflict markers.
   */
  readonly types: "current" | "stale" | "missing" | "conflict" | "none";
  /** Absolute path of the one types file that isn't right; if it isn't just one, the path of all types. */
  readonly typesFile: string;
}

/** Do the types on disk declare what is committed for what is in the code, and nothing else? */
export async function typesState(
  options: ResolvedOptions,
  specifiers: readonly string[],
): Promise<TypesState> {
  const place = typesPlace(options);
  if (options.dts === false) return { types: "none", typesFile: place };
  const present = new Map((await presentTypesFiles(place)).map((file) => [file, readOrEmpty(file)]));
  const [conflict] = [...present].find(([, text]) => hasConflictMarks(text)) ?? [];
  if (conflict !== undefined) return { types: "conflict", typesFile: conflict };
  const { files } = await makeTypes(options, specifiers, committedVersions(options));
  if (present.size === 0) return { types: files.length === 0 ? "none" : "missing", typesFile: place };
  const made = new Map(files.map(({ file, code }) => [file, code]));
  const wrong = [...new Set([...made.keys(), ...present.keys()])].filter((file) => {
    const [expected, found] = [made.get(file), present.get(file)];
    return expected === undefined || found === undefined || !declareTheSame(found, expected);
  });
  const [first = place, ...others] = wrong;
  return { types: wrong.length === 0 ? "current" : "stale", typesFile: others.length === 0 ? first : place };
}

/** Do the types declare these specifiers as the snapshot has them? Says what is wrong if they don't. */
export async function findStaleTypes(options: ResolvedOptions, specifiers: readonly string[]) {
  const check = typesChecker(options);
  const checked: CheckedTypes[] = [];
  for (const specifier of specifiers) checked.push(await check(specifier));
  return staleTypes(checked);
}

/**
 * What to say about the types of several imports: `what` is a sentence without its end, for messages about a fix, and
 * `warning` has the command. Undefined if nothing is wrong.
 */
export function staleTypes(checked: readonly CheckedTypes[]) {
  const inConflict = checked.find(({ problem }) => problem === "conflict");
  const [conflict] = [...(inConflict?.files ?? [])].find(([, text]) => hasConflictMarks(text ?? "")) ?? [];
  if (conflict !== undefined) {
    const what = `${conflict} contains the marks of a merge conflict`;
    return { what, warning: `${what}. Run: scope-gen types` };
  }
  const wrong = checked.filter(({ problem }) => problem !== undefined);
  const stale = wrong.find(({ problem }) => problem !== "uncommitted");
  // What isn't committed has to be fetched first. Where there are types, that is for the person who commits it.
  const hasNone = checked.every(({ files }) => [...files.values()].every((text) => text === undefined));
  const first = stale ?? (hasNone ? wrong[0] : undefined);
  if (first === undefined) return undefined;
  const [file = ""] = first.files.keys();
  const command = stale === undefined ? "scope-gen pull" : "scope-gen types";
  return {
    what: "The types of scope: imports were missing or out of date",
    warning: `The types of scope: imports are missing or out of date (${file}). Run: ${command}`,
  };
}

/**
 * Refuses types that aren't those of the snapshot and the config, such as those in which an editor renamed a variable:
 * with them, code passes the type check and fails when it runs.
 *
 * @throws ScopeError `types_differ`
 */
export function refuseWrongTypes({ request, problem, files }: CheckedTypes): void {
  if (problem !== "differs") return;
  const [file = ""] = files.keys();
  throw new ScopeError(
    "The generated types of this prompt differ from what the snapshot and the config give it, so code that passes the type check can fail when it runs.",
    {
      code: "types_differ",
      where: { file, prompt: refText(request.ref) },
      hint: "Renaming a variable in an editor edits this file too. To write it again: scope-gen types",
    },
  );
}
