import { basename, dirname, join, relative } from "node:path";
import {
  type BlockDifference,
  compareBlock,
  emitTypes,
  SHARED_TYPES_FILE,
  type TypesEntry,
} from "../../compiler/3-emit/types/emit-types.ts";
import type { ErrorCode } from "../../errors/codes.ts";
import { toPosix } from "../../errors/printable.ts";
import { isScopeError, ScopeError } from "../../errors/scope-error.ts";
import { hasConflictMarks, readTextIfThere } from "../../files/read-file.ts";
import { type PromptRef, refText } from "../../prompt.ts";
import { committedVersions, compileOrError, type FindVersion } from "../compile-request.ts";
import { type ResolvedImport, resolveSpecifier } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { findUses } from "../discovery/find-uses.ts";
import { GENERATED_FOLDER } from "../module-names.ts";
import { snapshotFile } from "../snapshot/store.ts";
import { declarationBlocks, declareTheSame } from "./same-declarations.ts";
import {
  isOneFile,
  MAPS_FOLDER,
  presentTypesFiles,
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
 * of them name; or one for all. A prompt that can't be declared at all has none.
 */
export async function* eachTypesFile(
  options: ResolvedOptions,
  specifiers: readonly string[],
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
      if (isScopeError(compiled)) undeclared.push(request);
      else
        entries.push({
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
      sharedApart: shared !== undefined,
    };
    const { code, map } = emitTypes(entries, emitted);
    yield { file, code, map: { file: mapFile, text: map } };
  }
  if (shared !== undefined && hasBlocks) yield { file: shared, code: SHARED_TYPES_FILE, map: undefined };
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

export interface CheckedTypes {
  readonly request: ResolvedImport;
  /** Undefined: they declare what the snapshot has. `uncommitted`: it has nothing that they could be made from. */
  readonly problem: BlockDifference | "missing" | "conflict" | "uncommitted" | undefined;
  /** What declares it, or would. Absolute paths, with the texts as they were read; its own first. */
  readonly files: ReadonlyMap<string, string | undefined>;
}

/**
 * Returns a function that compares the types of imports with the snapshot, by the hashes in their blocks. It reads each
 * file once. With `dts: false` nothing is wrong.
 *
 * @param uncommitted of an error that counts as a missing snapshot; others are thrown. Default: all of them count
 */
export function typesChecker(options: ResolvedOptions, uncommitted?: ErrorCode) {
  const find = committedVersions(options);
  const read = new Map<string, Blocks>();
  const once = (file: string) => {
    const known = read.get(file) ?? readBlocks(file);
    read.set(file, known);
    return known;
  };
  return async (specifier: string): Promise<CheckedTypes> => {
    const request = resolveSpecifier(specifier, options);
    if (options.dts === false) return { request, problem: undefined, files: new Map() };
    const shared = sharedTypesFile(options.dts);
    const file = typesFileFor(options.dts, request.ref.name);
    const own = once(file);
    const common = shared === undefined ? undefined : once(shared);
    const files = new Map([[file, own.text]]);
    if (shared !== undefined) files.set(shared, common?.text);
    if (own.isConflict || common?.isConflict) return { request, problem: "conflict", files };
    // A damaged snapshot was fatal if it was used, and reported if it wasn't. Anything else is news.
    const compiled = await compileOrError(request, options, find, uncommitted);
    if (isScopeError(compiled)) return { request, problem: "uncommitted", files };
    const block = own.blocks.get(specifier);
    if (block === undefined) return { request, problem: "missing", files };
    const { live } = request;
    const isWhole = common === undefined || declareTheSame(common.text ?? "", SHARED_TYPES_FILE);
    const problem = compareBlock(block, { compiled, live }) ?? (isWhole ? undefined : "form");
    return { request, problem, files };
  };
}

/** What a types file declares, by specifier. */
interface Blocks {
  readonly text: string | undefined;
  readonly blocks: ReadonlyMap<string, string>;
  readonly isConflict: boolean;
}

function readBlocks(file: string): Blocks {
  const text = readTextIfThere(file);
  return {
    text,
    blocks: declarationBlocks(text ?? ""),
    isConflict: hasConflictMarks(text ?? ""),
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
  const present = new Map((await presentTypesFiles(place)).map((file) => [file, readBlocks(file)]));
  const [conflict] = [...present].find(([, { isConflict }]) => isConflict) ?? [];
  if (conflict !== undefined) return { types: "conflict", typesFile: conflict };
  const shared = sharedTypesFile(place);
  const isShared = declareTheSame(present.get(shared ?? "")?.text ?? "", SHARED_TYPES_FILE);
  const wrong = new Set<string>();
  const expected = new Map<string, string>();
  const check = typesChecker(options, "snapshot_missing");
  for (const specifier of new Set(specifiers)) {
    const { problem, files } = await check(specifier);
    if (problem === "uncommitted") continue;
    const [file = place] = files.keys();
    expected.set(specifier, file);
    if (problem !== undefined) wrong.add(problem === "form" && !isShared && shared ? shared : file);
  }
  if (present.size === 0) return { types: expected.size === 0 ? "none" : "missing", typesFile: place };
  const needed = new Set([place, ...(expected.size > 0 ? [shared] : []), ...expected.values()]);
  for (const [file, { blocks }] of present)
    if (!needed.has(file) || [...blocks.keys()].some((specifier) => expected.get(specifier) !== file))
      wrong.add(file);
  const [first = place, ...others] = wrong;
  return { types: wrong.size === 0 ? "current" : "stale", typesFile: others.length === 0 ? first : place };
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

/** Can code that passes the type check with these types fail when it runs? */
export function isWrong({ problem }: CheckedTypes): boolean {
  return problem === "edit" || problem === "contract";
}

/**
 * Refuses types with which code passes the type check and fails when it runs: edited ones, as by an editor that renames a
 * variable, and those of another contract.
 *
 * @throws ScopeError `types_differ`
 */
export function refuseWrongTypes(checked: CheckedTypes): void {
  if (!isWrong(checked)) return;
  const { request, problem, files } = checked;
  const [file = ""] = files.keys();
  const isEdit = problem === "edit";
  throw new ScopeError(
    isEdit
      ? "The generated types of this prompt were edited, so code that passes the type check can fail when it runs."
      : "The generated types of this prompt declare another contract than the snapshot and the config give it.",
    {
      code: "types_differ",
      where: { file, prompt: refText(request.ref) },
      hint: `${isEdit ? "Renaming a variable in an editor edits this file too. " : ""}To write it again: scope-gen types`,
    },
  );
}
