import type { Change, Grade } from "../../contract/contract.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import { compileRequest } from "../../project/compile-request.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { compareRequests } from "../../project/versions/compare-requests.ts";
import { type FindVersion, needing } from "../../project/versions/find-version.ts";

/** What a version changes for some requests of one prompt and pin. */
export interface SideChange {
  readonly grade: Grade;
  readonly changes: readonly Change[];
  /** Why the two can't be compared: one of them doesn't compile, or includes a prompt that's gone. */
  readonly problem: ScopeError | undefined;
}

/**
 * Compares what two sides have for a prompt. Without an older version nothing breaks: no call was right before.
 *
 * @param requests at least one
 */
export async function compareSides(
  requests: readonly ResolvedImport[],
  options: ResolvedOptions,
  older: FindVersion,
  newer: FindVersion,
): Promise<SideChange> {
  const [first] = requests;
  const [from, to] = first === undefined ? [] : [await older(first.ref), await newer(first.ref)];
  if (to === undefined)
    return { grade: from === undefined ? "none" : "missing", changes: [], problem: undefined };
  try {
    if (from !== undefined) {
      const change = await compareRequests(requests, options, needing(older), needing(newer));
      return { ...change, problem: undefined };
    }
    for (const request of requests) await compileRequest(request, options, needing(newer));
    return { grade: "compatible", changes: [], problem: undefined };
  } catch (error) {
    if (!isScopeError(error)) throw error;
    return { grade: "breaking", changes: [], problem: error };
  }
}
