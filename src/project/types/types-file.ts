import type { TypesEntry } from "../../compiler/3-emit/types/emit-types.ts";
import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import type { FileTexts } from "../../files/file-texts.ts";
import type { PromptRef, PromptVersionData } from "../../prompt.ts";
import { refKey } from "../../prompt.ts";
import { compileRequest, type PickVersion } from "../compile-request.ts";
import { type ResolvedImport, resolveSpecifier } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { stringValue } from "../discovery/string-value.ts";
import { snapshotPlaces } from "../snapshot/places.ts";
import { snapshotFile } from "../snapshot/snapshot-file.ts";
import { loadSnapshot } from "../snapshot/store.ts";
import { partialMissing } from "../versions/snapshot-missing.ts";
import { declareTheSame } from "./same-declarations.ts";
import { isOneFile, mapFileFor, pathFrom, sharedTypesFile, typesFileFor, typesPlace } from "./types-place.ts";

/** One file of the types, as it must be for what is committed. */
export interface TypesFile {
  /** Absolute. */
  readonly file: string;
  readonly code: string;
  /** What leads an editor to the snapshot; undefined for the file that declares no prompt. */
  readonly map: { readonly file: string; readonly text: string } | undefined;
  readonly specifiers: readonly string[];
}

/** The generated types. */
export interface Types {
  /** Absolute path of their folder, or of the one file. */
  readonly place: string;
  readonly files: readonly TypesFile[];
  /** Specifiers that cannot be declared: they have no snapshot, or a prompt that they include has none. */
  readonly undeclared: readonly ResolvedImport[];
}

/** What the types are made for, besides the config's own keys. */
export interface FoundInCode {
  /** Of `scope:` imports, as spelled in the code. */
  readonly specifiers: Iterable<string>;
  /** Does the code name the client? The prompts are declared for it then. */
  readonly forClient: boolean;
}

/** Gives the version that the types are made of; undefined where there is none. */
export type FindVersion = (ref: PromptRef) => Promise<PromptVersionData | undefined>;

/**
 * Makes the types: a pure function of snapshot, config and what the code imports. Undefined with `dts: false`.
 *
 * @param found the config's own keys are added to it unless `withKeys` is false
 * @param snapshot where a run has its files from; by default they are read now
 */
export async function makeTypes(
  options: ResolvedOptions,
  { specifiers, forClient }: FoundInCode,
  {
    withKeys = true,
    snapshot,
  }: { readonly withKeys?: boolean; readonly snapshot?: FileTexts | undefined } = {},
): Promise<Types | undefined> {
  if (options.dts === false) return undefined;
  const all = withKeys ? withConfigKeys(options, specifiers) : specifiers;
  const find = committedVersions(options, snapshot);
  return typesOf(options, { specifiers: all, forClient }, find);
}

/** The types for just these specifiers, made of the versions that `find` gives. */
export async function typesOf(
  options: ResolvedOptions,
  found: FoundInCode,
  find: FindVersion,
): Promise<Types> {
  const undeclared: ResolvedImport[] = [];
  const files: TypesFile[] = [];
  for await (const file of eachTypesFile(options, found, find, undeclared)) files.push(file);
  return { place: typesPlace(options), files, undeclared };
}

/**
 * The same file by file, so that however many there are, little of them is held: one for each prompt, and one with what
 * all of them name; or one for all. A prompt of which nothing can be declared has none.
 *
 * @param undeclared gets the specifiers that cannot be declared
 * @param placeOf absolute path of the snapshot file of a prompt and pin
 */
export async function* eachTypesFile(
  options: ResolvedOptions,
  { specifiers, forClient }: FoundInCode,
  find: FindVersion,
  undeclared: ResolvedImport[] = [],
  placeOf: (ref: PromptRef) => Promise<string> = (ref) => snapshotFile(options.snapshotDir, ref),
): AsyncGenerator<TypesFile> {
  const { emitTypes, SHARED_TYPES_FILE } = await import("../../compiler/3-emit/types/emit-types.ts");
  const place = typesPlace(options);
  const shared = sharedTypesFile(place);
  let hasBlocks = false;
  for (const [file, requests] of byFile(options, place, specifiers)) {
    const mapFile = mapFileFor(options.root, file);
    const entries: TypesEntry[] = [];
    for (const [specifier, request] of requests) {
      const isThere = (await find(request.ref)) !== undefined;
      const compiled = isThere ? await compileWhole(request, options, find) : undefined;
      if (compiled === undefined) undeclared.push(request);
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
    const { code, map } = emitTypes(entries, {
      dtsFile: pathFrom(mapFile, file),
      mapFile: pathFrom(file, mapFile),
      forClient,
      sharedApart: shared !== undefined,
    });
    const declared = entries.map(({ specifier }) => specifier);
    yield { file, code, map: { file: mapFile, text: map }, specifiers: declared };
  }
  if (shared !== undefined && hasBlocks)
    yield { file: shared, code: SHARED_TYPES_FILE, map: undefined, specifiers: [] };
}

/** Specifiers and what they mean, by the file that declares them. */
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

/** The specifiers in the code and those of the config's keys. */
export function withConfigKeys({ prompts }: ResolvedOptions, specifiers: Iterable<string>): string[] {
  return [...[...prompts.keys()].map(keySpecifier), ...specifiers];
}

/** The `declare module` blocks of a types file, by specifier, as any formatter lays them out. Line ends do not count. */
export function declarationBlocks(code: string): ReadonlyMap<string, string> {
  const blocks = new Map<string, string>();
  let open: { specifier: string; lines: string[] } | undefined;
  for (const line of code.replaceAll("\r\n", "\n").split("\n")) {
    if (open === undefined) {
      const [, quoted] = /^declare module ("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*') \{$/.exec(line) ?? [];
      if (quoted !== undefined) open = { specifier: stringValue(quoted), lines: [line] };
      continue;
    }
    open.lines.push(line);
    if (line !== "}") continue;
    blocks.set(open.specifier, open.lines.join("\n"));
    open = undefined;
  }
  return blocks;
}

/** The text of all files. */
export function codeOf({ files }: Types): string {
  return files.map(({ code }) => code).join("\n");
}

/** Does a types file declare everything in `code`, however it is laid out? It may declare more: a bundle is a part of the code. */
export function typesCover(present: string, code: string): boolean {
  const declared = declarationBlocks(present);
  return [...declarationBlocks(code)].every(([specifier, block]) =>
    declareTheSame(block, declared.get(specifier) ?? ""),
  );
}

/**
 * The blocks of types files without what only an editor shows, the prompts' texts: two that are equal declare the same types.
 * Under `""` is what the client calls prompts that have no block by their own name.
 */
export function bareBlocks(code: string): ReadonlyMap<string, string> {
  const names = clientNames(code);
  return new Map([
    ...[...declarationBlocks(code)].map(([specifier, block]) => [specifier, withoutComments(block)] as const),
    ...(names.length === 0 ? [] : [["", names.join("\n")] as const]),
  ]);
}

/** The interfaces that tell the client names, of all files. */
function clientNames(code: string): readonly string[] {
  const found: string[] = [];
  let open: string[] | undefined;
  for (const line of code.replaceAll("\r\n", "\n").split("\n")) {
    if (line === "interface UnpluginScopePrompts {") open = [];
    open?.push(line);
    if (line !== "}" || open === undefined) continue;
    found.push(open.join("\n"));
    open = undefined;
  }
  return found;
}

function withoutComments(block: string): string {
  const [head = "", ...rest] = block.split(/\n[ \t]+\/\*\*\n/);
  return head + rest.map((part) => part.slice(part.indexOf("*/\n") + "*/".length)).join("");
}

/** The specifier that names a key of the config. */
export function keySpecifier(key: string): string {
  // In the name of a module declaration an asterisk would stand for anything.
  return `scope:${key.replace(/[%?#]/g, encodeURIComponent).replaceAll("*", "%2A")}`;
}

/** What `find` gives for a request, compiled; undefined when it, or a prompt that it includes, is not there. */
export async function compileWhole(
  request: ResolvedImport,
  options: ResolvedOptions,
  find: FindVersion,
): Promise<CompiledPrompt | undefined> {
  let isWhole = true;
  try {
    return await compileRequest(request, options, async (ref) => {
      const version = await find(ref);
      if (version !== undefined) return version;
      isWhole = false;
      throw partialMissing(ref);
    });
  } catch (error) {
    if (!isWhole) return undefined;
    throw error;
  }
}

/** The committed versions, each read once. */
export function committedVersions(options: ResolvedOptions, snapshot?: FileTexts): FindVersion {
  const read = new Map<string, Promise<PromptVersionData | undefined>>();
  return (ref) => {
    const key = refKey(ref);
    const known =
      read.get(key) ?? loadSnapshot(options.snapshotDir, ref, snapshot).then((entry) => entry?.version);
    read.set(key, known);
    return known;
  };
}

/** The versions that `find` gives; a prompt that is not there is one that another includes. */
export function needing(find: FindVersion): PickVersion {
  return async (ref) => {
    const version = await find(ref);
    if (version === undefined) throw partialMissing(ref);
    return version;
  };
}
