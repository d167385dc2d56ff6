import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import type { VersionChange } from "../../contract/compare-versions.ts";
import { type Change, type Grade, worstGrade } from "../../contract/contract.ts";
import { ResourceError } from "../../errors/classes.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import { type PromptRef, type PromptVersionData, refText } from "../../prompt.ts";
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
  /** What looks wrong in the newer one although nothing is lost, in words. */
  readonly remarks: readonly string[];
}

/**
 * Compares two versions of a prompt and of what it includes. Without an older version nothing breaks: no call was
 * right before.
 *
 * @param requests for one prompt and pin, at least one: they differ in syntax and narrowed types, and the worst of their
 * grades counts
 * @param isIncluded it's only part of others, through which its variables are compared
 */
export async function compare(
  requests: readonly ResolvedImport[],
  options: ResolvedOptions,
  older: FindVersion,
  newer: FindVersion,
  isIncluded = false,
): Promise<Comparison> {
  const [{ ref }] = requests as [ResolvedImport];
  const from = await older(ref);
  if ((await newer(ref)) === undefined)
    return { grade: from === undefined ? "none" : "missing", changes: [], problem: undefined, remarks: [] };
  const found: VersionChange[] = [];
  const remarks = new Set<string>();
  try {
    for (const request of requests) {
      let isSame = from !== undefined;
      const now = await compileRequest(request, options, async (one) => {
        const version = await newer(one);
        if (isSame) isSame = isSameFile(one, await older(one), version);
        return version;
      });
      for (const remark of nearMissTexts(now)) remarks.add(remark);
      if (from === undefined) {
        if (!isIncluded) refuseEmpty(now);
        found.push({ grade: "compatible", changes: [] });
      } else if (!isSame) {
        const { compareVersions } = await import("../../contract/compare-versions.ts");
        found.push(compareVersions(await compileRequest(request, options, older), now, isIncluded));
      }
    }
  } catch (error) {
    if (!isScopeError(error)) throw error;
    return { grade: "breaking", changes: [], problem: error, remarks: [] };
  }
  const changes = new Map(found.flatMap((one) => one.changes).map((change) => [change.message, change]));
  const grade = worstGrade(found.map((one) => one.grade));
  const isLost = [...changes.values()].some(({ kind, breaks }) => breaks && kind === "variable-dropped");
  return {
    grade,
    changes: [...changes.values()],
    problem: undefined,
    // A change says it of the name that is lost.
    remarks: isLost ? [] : [...remarks],
  };
}

/** What looks like a variable in a version and isn't one, each with its line. */
export function nearMissTexts({ diagnostics }: CompiledPrompt): readonly string[] {
  return diagnostics
    .filter(({ code }) => code === "prompt-near-miss")
    .map(
      ({ code, message, where }) =>
        `${where.line === undefined ? "" : `line ${where.line}: `}${message} (${code})`,
    );
}

/** @throws ResourceError `content_empty` for a version that has no text at all, and no committed one before it */
export function refuseEmpty({ source: { ref, version }, contract: { blank = [] } }: CompiledPrompt): void {
  if (!blank.includes(false)) throw emptyContent(ref, version, "it has nothing but white space");
}

/** @param what is empty in it, as a part of a sentence */
export function emptyContent(ref: PromptRef, version: PromptVersionData, what: string): ResourceError {
  return new ResourceError(`Version ${version.versionNumber} has no text where it needs some: ${what}.`, {
    code: "content_empty",
    where: { prompt: refText(ref), versionNumber: version.versionNumber, versionId: version.id },
    hint: "Write the text on the platform, and promote that version.",
  });
}
