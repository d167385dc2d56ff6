import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import type { FileTexts } from "../../files/read-file.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../../prompt.ts";
import { compileRequest } from "../compile-request.ts";
import type { ResolvedImport } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { loadSnapshot } from "../snapshot/store.ts";

/** Returns the version of a prompt and pin; undefined if there is none. */
export type FindVersion = (ref: PromptRef) => Promise<PromptVersionData | undefined>;

/** What `find` returns for a request, compiled; an error if it, or a prompt that it includes, is missing. */
export async function compileWhole(
  request: ResolvedImport,
  options: ResolvedOptions,
  find: FindVersion,
): Promise<CompiledPrompt | ScopeError> {
  try {
    return await compileRequest(request, options, find);
  } catch (error) {
    if (isScopeError(error, "snapshot_missing")) return error;
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

export function needing(find: FindVersion): FindVersion {
  return find;
}
