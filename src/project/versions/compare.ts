import type { VersionChange } from "../../contract/compare-versions.ts";
import { type Change, type Grade, worstGrade } from "../../contract/contract.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import { compileRequest, type FindVersion } from "../compile-request.ts";
import type { ResolvedImport } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { isSameFile } from "../snapshot/format.ts";

/** How two versions of one prompt and pin differ. */
export interface Comparison {
  readonly grade: Grade;
  readonly changes: readonly Change[];
  /** Why the two can't be compared: one of them doesn't compile, or includes a prompt that's gone. */
  readonly problem: ScopeError | undefined;
}

/**
 * Compares two versions of a prompt and of what it includes. Without an older version nothing breaks: no call was
 * right before.
 *
 * @param requests for one prompt and pin, at least one: they differ in syntax and narrowed types, and the worst of their
 * grades counts
 */
export async function compare(
  requests: readonly ResolvedImport[],
  options: ResolvedOptions,
  older: FindVersion,
  newer: FindVersion,
): Promise<Comparison> {
  const [{ ref }] = requests as [ResolvedImport];
  const from = await older(ref);
  if ((await newer(ref)) === undefined)
    return { grade: from === undefined ? "none" : "missing", changes: [], problem: undefined };
  const found: VersionChange[] = [];
  try {
    for (const request of requests) {
      let isSame = from !== undefined;
      const now = await compileRequest(request, options, async (one) => {
        const version = await newer(one);
        if (isSame) isSame = isSameFile(one, await older(one), version);
        return version;
      });
      if (from === undefined) found.push({ grade: "compatible", changes: [] });
      else if (!isSame) {
        const { compareVersions } = await import("../../contract/compare-versions.ts");
        found.push(compareVersions(await compileRequest(request, options, older), now));
      }
    }
  } catch (error) {
    if (!isScopeError(error)) throw error;
    return { grade: "breaking", changes: [], problem: error };
  }
  const changes = new Map(found.flatMap((one) => one.changes).map((change) => [change.message, change]));
  const grade = worstGrade(found.map((one) => one.grade));
  return { grade, changes: [...changes.values()], problem: undefined };
}
