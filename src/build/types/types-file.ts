import { dirname, join, relative } from "node:path";
import type { TypesEntry } from "../../compiler/3-emit/types/emit-types.ts";
import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { type ResolvedImport, resolveSpecifier } from "../../config/specifier.ts";
import type { ResolvedOptions } from "../../config/types.ts";
import { stringValue } from "../../discovery/string-value.ts";
import type { FileTexts } from "../../files/file-texts.ts";
import type { PromptRef, PromptVersionData } from "../../prompt.ts";
import { refKey } from "../../prompt.ts";
import { snapshotPlaces } from "../../snapshot/places.ts";
import { loadSnapshot, snapshotFile } from "../../snapshot/store.ts";
import { compileRequest, type PickVersion } from "../compile-request.ts";
import { partialMissing } from "../versions/snapshot-missing.ts";
import { declareTheSame } from "./same-declarations.ts";

/** The generated types and their map, as they must be for what is committed. */
export interface Types {
  readonly file: string;
  readonly code: string;
  readonly map: string;
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
  return typesOf(options, options.dts, { specifiers: all, forClient }, find);
}

/** Absolute path of the types file; where it would be with `dts: false`. */
export function typesPlace({ dts, root }: ResolvedOptions): string {
  return dts === false ? join(root, "scope.d.ts") : dts;
}

/** The types for just these specifiers as a file at `file` would hold them, made of the versions that `find` gives. */
export async function typesOf(
  options: ResolvedOptions,
  file: string,
  { specifiers, forClient }: FoundInCode,
  find: FindVersion,
): Promise<Types> {
  const entries: TypesEntry[] = [];
  const undeclared: ResolvedImport[] = [];
  for await (const { request, entry } of eachEntry(options, file, specifiers, find)) {
    if (entry === undefined) undeclared.push(request);
    else entries.push(entry);
  }
  const { emitTypes } = await import("../../compiler/3-emit/types/emit-types.ts");
  return { file, ...emitTypes(entries, { dtsFile: file, forClient }), undeclared };
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

/** Does a types file declare everything in `types`, however it is laid out? It may declare more: a bundle is a part of the code. */
export function typesCover(present: string, { code }: Types): boolean {
  const declared = declarationBlocks(present);
  return [...declarationBlocks(code)].every(([specifier, block]) =>
    declareTheSame(block, declared.get(specifier) ?? ""),
  );
}

/** The same without what only an editor shows, the prompts' texts: two that are equal declare the same types. */
export function bareBlocks(code: string): ReadonlyMap<string, string> {
  return new Map(
    [...declarationBlocks(code)].map(([specifier, block]) => [specifier, withoutComments(block)]),
  );
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

/** What the types hold, specifier by specifier in their order; without an entry where one cannot be declared. */
export async function* eachEntry(
  options: ResolvedOptions,
  dtsFile: string,
  specifiers: Iterable<string>,
  find: FindVersion,
): AsyncGenerator<{ readonly request: ResolvedImport; readonly entry: TypesEntry | undefined }> {
  for (const specifier of [...new Set(specifiers)].sort()) {
    const request = resolveSpecifier(specifier, options);
    const compiled =
      (await find(request.ref)) === undefined ? undefined : await compileWhole(request, options, find);
    const file = snapshotFile(options.snapshotDir, request.ref);
    const entry = compiled && {
      places: snapshotPlaces(compiled.source, compiled.variables),
      specifier,
      compiled,
      live: request.live,
      snapshotFile: relative(dirname(dtsFile), file).replaceAll("\\", "/"),
    };
    yield { request, entry };
  }
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
