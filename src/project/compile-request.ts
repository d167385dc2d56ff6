import type { CompiledPrompt, PromptSource } from "../compiler/compiled-prompt.ts";
import type { ErrorCode } from "../errors/codes.ts";
import type { Diagnostic } from "../errors/diagnostic.ts";
import { formatError } from "../errors/format-error.ts";
import { isScopeError, ScopeError } from "../errors/scope-error.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../prompt.ts";
import type { ResolvedImport } from "./config/specifier.ts";
import type { ResolvedOptions } from "./config/types.ts";
import { loadSnapshot } from "./snapshot/store.ts";
import { snapshotMissing } from "./versions/version-errors.ts";

/** Returns the version of a prompt and pin; undefined if there is none. */
export type FindVersion = (ref: PromptRef) => Promise<PromptVersionData | undefined>;

/**
 * Compiles what one `scope:` import asks for.
 *
 * @param version undefined: there is none
 * @throws ResourceError `snapshot_missing` without a version, and for a template that doesn't compile
 */
export async function compileRequest(
  request: ResolvedImport,
  options: ResolvedOptions,
  version: PromptVersionData | undefined,
): Promise<CompiledPrompt> {
  const { ref, syntax, variables, provides } = request;
  if (version === undefined) throw snapshotMissing(ref);
  // A build whose modules are all cached doesn't need a compiler.
  const { compilePrompt } = await import("../compiler/compile-prompt.ts");
  const { roles, connection } = options;
  const source: PromptSource = {
    ...{ ref, version, syntax, variables, provides, roles },
    metadataRule: request.metadata,
    environment: connection.environment,
  };
  return compilePrompt(source);
}

/** A diagnostic as printed: in the shape of an error. */
export function diagnosticText({ message, code, where, hint }: Diagnostic): string {
  return formatError(new ScopeError(message, { code, where, hint }), { addresses: false });
}

/**
 * What `find` returns for a request, compiled, or why it can't be.
 *
 * @param code of the errors that are returned; others are thrown. Default: all are returned
 */
export async function compileOrError(
  request: ResolvedImport,
  options: ResolvedOptions,
  find: FindVersion,
  code?: ErrorCode,
): Promise<CompiledPrompt | ScopeError> {
  try {
    return await compileRequest(request, options, await find(request.ref));
  } catch (error) {
    if (isScopeError(error, code)) return error;
    throw error;
  }
}

/** The committed versions, each read once. */
export function committedVersions(options: ResolvedOptions): FindVersion {
  const read = new Map<string, Promise<PromptVersionData | undefined>>();
  return (ref) => {
    const key = refKey(ref);
    const known = read.get(key) ?? loadSnapshot(options.snapshotDir, ref).then((entry) => entry?.version);
    read.set(key, known);
    return known;
  };
}
