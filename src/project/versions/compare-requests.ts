import type { CompiledPrompt, PromptSource } from "../../compiler/compiled-prompt.ts";
import {
  compareVersions,
  type IncludedVersion,
  type VersionChange,
} from "../../contract/compare-versions.ts";
import { worstGrade } from "../../contract/contract.ts";
import { refKey } from "../../prompt.ts";
import { compileRequest, type PickVersion } from "../compile-request.ts";
import type { ResolvedImport } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";

/**
 * How the result of some requests for one prompt and pin differs between two states. The requests differ in syntax and
 * narrowed types; the worst of their grades counts.
 *
 * @throws ScopeError for a version that doesn't compile, and what the two states throw
 */
export async function compareRequests(
  requests: readonly ResolvedImport[],
  options: ResolvedOptions,
  before: PickVersion,
  after: PickVersion,
): Promise<VersionChange> {
  const each: VersionChange[] = [];
  for (const request of requests) {
    const now = await compileRequest(request, options, after);
    each.push(compareCompiled(await compileRequest(request, options, before), now));
  }
  const changes = new Map(each.flatMap((one) => one.changes).map((change) => [change.message, change]));
  return { grade: worstGrade(each.map(({ grade }) => grade)), changes: [...changes.values()] };
}

/** How two compiled versions differ, with what they include. */
export function compareCompiled(from: CompiledPrompt, to: CompiledPrompt): VersionChange {
  return compareVersions(comparable(from), comparable(to));
}

function comparable({ contract, source, output }: CompiledPrompt) {
  const { promptId, renamedTo, content, metadata } = source.version;
  const partials = new Map<string, IncludedVersion>();
  addPartials(source, partials);
  partials.delete(refKey(source.ref));
  return { contract, promptId, renamedTo, content, metadata, schemaKey: output?.key, partials };
}

function addPartials(source: PromptSource, found: Map<string, IncludedVersion>): void {
  for (const [name, partial] of source.partials) {
    const key = refKey(partial.ref);
    // A partial can lead back to itself.
    if (found.has(key)) continue;
    const { versionNumber, content } = partial.version;
    found.set(key, { name, versionNumber, content });
    addPartials(partial, found);
  }
}
