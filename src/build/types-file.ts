import { dirname, relative } from "node:path";
import { emitTypes, type TypesEntry } from "../compiler/emit-types.ts";
import { type ResolvedImport, resolveSpecifier } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import type { PromptRef } from "../prompt.ts";
import { refKey } from "../prompt.ts";
import { CONTENT_LINE, type SnapshotEntry } from "../snapshot/format.ts";
import { loadSnapshot, snapshotFile } from "../snapshot/store.ts";
import { readTextIfThere, writeFileIfChanged } from "../snapshot/write-file.ts";
import { compileRequest } from "./compile-request.ts";

/** The generated types and their map, as they must be for what is committed. */
export interface Types {
  readonly file: string;
  readonly code: string;
  readonly map: string;
  /** Specifiers that have no snapshot and so cannot be declared. */
  readonly undeclared: readonly ResolvedImport[];
}

/**
 * Makes the types: a pure function of snapshot, config and the specifiers in the code. Undefined with `dts: false`.
 *
 * @param specifiers as spelled in the code; the config's own keys are added unless `withKeys` is false
 */
export async function makeTypes(
  options: ResolvedOptions,
  specifiers: Iterable<string>,
  { withKeys = true }: { readonly withKeys?: boolean } = {},
): Promise<Types | undefined> {
  if (options.dts === false) return undefined;
  const { entries, undeclared } = await typesEntries(options, options.dts, [
    ...(withKeys ? configSpecifiers(options) : []),
    ...specifiers,
  ]);
  const { code, map } = emitTypes(entries, { dtsFile: options.dts });
  return { file: options.dts, code, map, undeclared };
}

/** Writes both files, each only when it changes. Says whether it wrote. */
export async function writeTypes({ file, code, map }: Types): Promise<boolean> {
  const wroteMap = await writeFileIfChanged(`${file}.map`, map);
  const wroteTypes = await writeFileIfChanged(file, code);
  return wroteMap || wroteTypes;
}

/** Is the file on disk what {@link makeTypes} makes? Line ends do not count: git may have changed them. */
export async function typesAreCurrent({ file, code }: Types): Promise<boolean> {
  const present = await readTextIfThere(file);
  return present !== undefined && present.replaceAll("\r\n", "\n") === code;
}

/** Does the file on disk declare everything in `types` just so? It may declare more: a bundle is a part of the code. */
export async function typesCover({ file, code }: Types): Promise<boolean> {
  const present = (await readTextIfThere(file))?.replaceAll("\r\n", "\n");
  const blocks = code.matchAll(/^declare module .*?^\}$/gms);
  return present !== undefined && [...blocks].every(([block]) => present.includes(block));
}

/** The specifier that names a key of the config. */
export function keySpecifier(key: string): string {
  return `scope:${key.replace(/[%?#]/g, encodeURIComponent)}`;
}

function configSpecifiers({ prompts }: ResolvedOptions): string[] {
  return [...prompts.keys()].map(keySpecifier);
}

async function typesEntries(
  options: ResolvedOptions,
  dtsFile: string,
  specifiers: Iterable<string>,
): Promise<{ entries: TypesEntry[]; undeclared: ResolvedImport[] }> {
  const committed = snapshotReader(options);
  const entries: TypesEntry[] = [];
  const undeclared: ResolvedImport[] = [];
  for (const specifier of [...new Set(specifiers)].sort()) {
    const request = resolveSpecifier(specifier, options);
    if ((await committed(request.ref)) === undefined) {
      undeclared.push(request);
      continue;
    }
    const compiled = await compileRequest(request, options, async (ref) => {
      const entry = await committed(ref);
      if (entry === undefined) throw new Error(`no snapshot of ${ref.name}`);
      return entry.version;
    });
    const file = snapshotFile(options.snapshotDir, request.ref);
    entries.push({
      snapshotLine: CONTENT_LINE,
      specifier,
      compiled,
      snapshotFile: relative(dirname(dtsFile), file).replaceAll("\\", "/"),
    });
  }
  return { entries, undeclared };
}

function snapshotReader(options: ResolvedOptions): (ref: PromptRef) => Promise<SnapshotEntry | undefined> {
  const read = new Map<string, Promise<SnapshotEntry | undefined>>();
  return (ref) => {
    const key = refKey(ref);
    const known = read.get(key) ?? loadSnapshot(options.snapshotDir, ref);
    read.set(key, known);
    return known;
  };
}
