import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import type { VersionChange } from "../../contract/compare-versions.ts";
import { type Change, type Grade, isLoss, worstGrade } from "../../contract/contract.ts";
import { ResourceError } from "../../errors/classes.ts";
import type { Diagnostic } from "../../errors/diagnostic.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import { type PromptRef, type PromptVersionData, refText, type Sides } from "../../prompt.ts";
import { compileRequest } from "../compile-request.ts";
import type { ResolvedImport } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { isSameFile } from "../snapshot/format.ts";

/** How two versions of one prompt and pin differ. */
export interface Comparison {
  readonly grade: Grade;
  readonly changes: readonly Change[];
  /** Why the two can't be compared: one of them doesn't compile. */
  readonly problem: ScopeError | undefined;
  /** What each request makes of the two, as far as they compile. */
  readonly compiled: readonly Compiled[];
}

/** Two versions for one request, compiled; the same one twice if nothing differs. */
interface Compiled extends Sides<CompiledPrompt | undefined> {
  readonly request: ResolvedImport;
}

/**
 * Compares two versions of a prompt. Without an older version nothing breaks: no call was right before.
 *
 * @param requests for one prompt and pin, at least one: they differ in syntax and narrowed types, and the worst of their
 * grades counts
 */
export async function compareRequests(
  requests: readonly ResolvedImport[],
  options: ResolvedOptions,
  older: PromptVersionData | undefined,
  newer: PromptVersionData | undefined,
): Promise<Comparison> {
  const [{ ref }] = requests as [ResolvedImport];
  const compiled: Compiled[] = [];
  if (newer === undefined)
    return { grade: older === undefined ? "none" : "missing", changes: [], problem: undefined, compiled };
  const isOther = older !== undefined && !isSameFile(ref, older, newer);
  const found: VersionChange[] = [];
  try {
    for (const request of requests) {
      const to = await compileRequest(request, options, newer);
      const from = isOther ? await compileRequest(request, options, older) : older && to;
      compiled.push({ request, from, to });
      if (from === undefined) {
        refuseEmpty(to);
        refuseMetadata(to);
        found.push({ grade: "compatible", changes: [] });
      } else if (isOther) {
        const { compareVersions } = await import("../../contract/compare-versions.ts");
        found.push(compareVersions(from, to));
      } else refuseMetadata(to);
    }
  } catch (error) {
    if (!isScopeError(error)) throw error;
    return { grade: "breaking", changes: [], problem: error, compiled };
  }
  const changes = new Map(found.flatMap((one) => one.changes).map((change) => [change.message, change]));
  const grade = worstGrade(found.map((one) => one.grade));
  return { grade, changes: [...changes.values()], problem: undefined, compiled };
}

/** What the compiler says of the newer version. Where a name is lost, the change says it, and not the near miss. */
export function diagnosticsOf({ compiled, changes }: Comparison): readonly Diagnostic[] {
  const isLost = changes.some(isLoss);
  return compiled
    .flatMap(({ to }) => to?.diagnostics ?? [])
    .filter(({ code }) => !(isLost && code === "prompt-near-miss"));
}

/** What to look at in the text of the newer version: near misses, secrets, characters that nobody sees; each with its line. */
export function remarksOnText(comparison: Comparison): readonly string[] {
  const notes = diagnosticsOf(comparison)
    .filter(({ code }) => code.startsWith("prompt-"))
    .map(
      ({ code, message, where: { line } }) =>
        `${line === undefined ? "" : `line ${line}: `}${message} (${code})`,
    );
  return [...new Set(notes)];
}

/** What the rule for metadata refuses of the older version, where the newer one is another. */
export function refusedNotes({ compiled }: Comparison): readonly string[] {
  const refused = compiled.flatMap(({ from, to }) =>
    from === to ? [] : (from?.contract.chosen?.refused ?? []),
  );
  return [...new Set(refused.map(({ message }) => `what is committed is refused: ${message}`))];
}

/** @throws ResourceError `content_empty` for a version that has no text at all, and no committed one before it */
export function refuseEmpty({ source: { ref, version }, contract: { blank = [] } }: CompiledPrompt): void {
  if (!blank.includes(false)) throw emptyContent(ref, version, "it has nothing but white space");
}

/** What to do about metadata that is refused. */
export const CHOOSE_ANOTHER = "Choose another value on the platform, or change metadata in the config.";

/**
 * For the version that is committed, and for the first one: what the project's own rule for metadata refuses.
 *
 * @throws ResourceError `metadata_invalid`
 */
export function refuseMetadata({ source: { ref, version }, contract }: CompiledPrompt): void {
  const { refused = [] } = contract.chosen ?? {};
  const [first] = refused;
  if (first === undefined) return;
  const all = refused.map(({ message }) => message).join("; ");
  throw new ResourceError(
    `Version ${version.versionNumber} has metadata that this project refuses: ${all}.`,
    {
      code: "metadata_invalid",
      where: { prompt: refText(ref), versionNumber: version.versionNumber, versionId: version.id },
      hint: `${first.text === undefined ? "" : didYouMean(first.text, first.accepted, "")} ${CHOOSE_ANOTHER}`.trimStart(),
    },
  );
}

/** @param what is empty in it, as a part of a sentence */
export function emptyContent(ref: PromptRef, version: PromptVersionData, what: string): ResourceError {
  return new ResourceError(`Version ${version.versionNumber} has no text where it needs some: ${what}.`, {
    code: "content_empty",
    where: { prompt: refText(ref), versionNumber: version.versionNumber, versionId: version.id },
    hint: "Write the text on the platform, and promote that version.",
  });
}
