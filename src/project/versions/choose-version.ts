import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { compareVersions } from "../../contract/compare-versions.ts";
import { type Change, changesText, isOfMetadata } from "../../contract/contract.ts";
import { debug } from "../../debug.ts";
import { ResourceError } from "../../errors/classes.ts";
import { shortPath } from "../../errors/format-error.ts";
import { type PromptRef, refText, versionChangeText } from "../../prompt.ts";
import { VARIABLE_NAME } from "../../template/near-misses.ts";
import { compileRequest, diagnosticText } from "../compile-request.ts";
import type { ResolvedImport } from "../config/specifier.ts";
import type { OnContractChange, ResolvedOptions } from "../config/types.ts";
import { findMetadataReaders, findSenders } from "../discovery/find-uses.ts";
import { CHOOSE_ANOTHER, refuseEmpty, refuseMetadata } from "./compare.ts";
import type { ResolvedVersion, Source } from "./source.ts";

export interface Decision {
  readonly use: "fetched" | "committed";
  /** One line on how the two differ; undefined if they don't. */
  readonly difference: string | undefined;
  readonly warnings: readonly string[];
}

/** What one import asks for, compiled: the version that a run uses. */
export interface CompiledModule {
  readonly request: ResolvedImport;
  /** Its version is the one that is used. */
  readonly resolved: ResolvedVersion;
  /** What is served: {@link own}, or in a development server a preview that keeps its contract. */
  readonly compiled: CompiledPrompt;
  /** What the pin means, and so what the snapshot and the types are about. */
  readonly own: CompiledPrompt;
  /** Undefined if there was nothing to decide. */
  readonly decision?: Decision;
  /** What there is to preview, in words: `draft 5`. */
  readonly preview?: string;
  /** In a development server: why the preview, or what is current on the platform, isn't served. */
  readonly problem?: unknown;
}

interface Choosing {
  readonly options: ResolvedOptions;
  readonly source: Source;
  readonly development: boolean;
}

/**
 * Compiles what the source has for a request, and the committed version if that is different; the contract decides
 * between them, and in a development server between that one and its preview.
 *
 * @throws what the source throws; ResourceError for a template that doesn't compile, `build_contract_changed`
 */
export async function chooseVersion(
  request: ResolvedImport,
  given: Choosing,
  warn: (text: string) => void,
): Promise<CompiledModule> {
  const { source, development, options } = given;
  const resolved = await source.get(request.ref);
  const { snapshot } = resolved;
  const fetched = await compileRequest(request, options, resolved.version);
  let own: CompiledModule = { request, resolved, compiled: fetched, own: fetched };
  if (snapshot === undefined) refuseEmpty(fetched);
  // In development, there's no end of the build to report it at.
  if (development) for (const diagnostic of fetched.diagnostics) warn(diagnosticText(diagnostic));
  if (snapshot !== undefined && snapshot.version !== resolved.version) {
    const { version } = snapshot;
    const committed = await compileRequest(request, options, version);
    const decision = await decide(resolved.ref, committed, fetched, given);
    const { use, difference } = decision;
    debug(
      () =>
        `${difference ?? `${refText(request.ref)}: what's fetched gets committed`}: the ${use} one is built`,
    );
    own =
      use === "fetched"
        ? { ...own, decision }
        : { request, resolved: { ...resolved, version }, compiled: committed, own: committed, decision };
  }
  if (own.decision?.use !== "fetched") refuseMetadata(own.own);
  return development ? choosePreview(own, given, warn) : own;
}

/** What a development server serves: the preview of a prompt, if it keeps the contract. */
async function choosePreview(
  chosen: CompiledModule,
  { source, options }: Choosing,
  warn: (text: string) => void,
): Promise<CompiledModule> {
  const { request, own } = chosen;
  const { preview: draft, problem } = await source.get(request.ref);
  if (draft === undefined) return { ...chosen, problem };
  const { status, versionNumber } = draft;
  const preview = `${status === "draft" ? "draft" : "version"} ${versionNumber}`;
  try {
    const compiled = await compileRequest(request, options, draft);
    const { grade, changes } = compareVersions(own, compiled);
    if (grade === "breaking") {
      const breaking = changesText(changes.filter(({ breaks }) => breaks));
      throw new ResourceError(
        `Can't preview ${preview}, which changes the contract (${breaking}); still serving version ${own.source.version.versionNumber}.`,
        {
          code: "preview_contract_changed",
          where: { prompt: refText(request.ref) },
          hint: "Edit it on the platform, or see which calls its promotion would break: scope-gen check --label latest",
        },
      );
    }
    for (const diagnostic of compiled.diagnostics) warn(diagnosticText(diagnostic));
    return { ...chosen, compiled, preview, problem };
  } catch (problem) {
    return { ...chosen, preview, problem };
  }
}

/**
 * Compares a fetched version with the committed one and lets `onContractChange` decide.
 *
 * @throws ResourceError `build_contract_changed` under the policy `error`
 */
async function decide(
  ref: PromptRef,
  committed: CompiledPrompt,
  fetched: CompiledPrompt,
  { options, development }: Choosing,
): Promise<Decision> {
  const compared = compareVersions(committed, fetched);
  // The source has warned of a new name.
  const changes = compared.changes.filter(({ kind }) => kind !== "renamed");
  const [from, to] = [committed.source.version, fetched.source.version];
  const versions = `${refText(ref)}: version ${versionChangeText(from, to)}`;
  // The local platform gives a version that moved with its prompt another ID.
  const isNews = from.versionNumber !== to.versionNumber || changes.length > 0;
  const difference = isNews ? `${versions} (${changesText(changes) || "same text"})` : undefined;
  const use = (use: Decision["use"], ...warnings: string[]): Decision => ({ use, difference, warnings });
  if (compared.grade !== "breaking") return use("fetched");

  const breaking = changes.filter((change) => change.breaks);
  const listed = changesText(breaking);
  const doesNotKeep = `${versions} changes the contract (${listed})`;
  const { policy, readers } = await policyFor(ref, breaking, options, development ? "warn" : "error");
  // Pulled, it would be refused all the same.
  const isRefused = breaking.some(({ kind }) => kind === "metadata-refused");
  if (policy === "warn" && isRefused) return use("fetched", `${doesNotKeep}. ${CHOOSE_ANOTHER}`);
  if (policy === "warn" && readers === undefined)
    return use("fetched", `${doesNotKeep}. Run: scope-gen pull`);
  if (policy === "warn")
    return use("fetched", `${doesNotKeep}, and no import reads its metadata. Run: scope-gen pull`);
  if (policy === "keep") return use("committed", `${doesNotKeep}: version ${from.versionNumber} is built.`);

  const now = `Version ${to.versionNumber}`;
  const what = `${now} changes the contract of version ${from.versionNumber}: ${listed}.`;
  const files = (readers ?? []).map((one) => shortPath(one, options.root));
  const reads = files.length === 0 ? "" : ` Its metadata is read in ${files.join(", ")}.`;
  const provided = new Set(fetched.source.provides);
  const lost = breaking.flatMap(({ kind, variable = "" }) => {
    const isSent = kind === "variable-dropped" && VARIABLE_NAME.test(variable) && !provided.has(variable);
    return isSent ? [variable] : [];
  });
  const hint = isRefused
    ? `${CHOOSE_ANOTHER} SCOPE_FETCH=never ships what's committed`
    : lost.length > 0
      ? await lossHint(ref, lost, from.versionNumber, options)
      : "Ship what's committed with SCOPE_FETCH=never, or get the new version with: scope-gen pull";
  throw new ResourceError(`${what}${reads}`, {
    code: "build_contract_changed",
    where: { prompt: refText(ref), versionNumber: to.versionNumber, versionId: to.id },
    hint,
  });
}

/** What to do about variables that are gone, whether or not that is meant. Their names have no sign of their own. */
async function lossHint(
  ref: PromptRef,
  names: readonly string[],
  committed: number,
  options: ResolvedOptions,
): Promise<string> {
  const tags = names.map((name) => `{{${name}}}`).join(" and ");
  const places = await findSenders(ref, names, options);
  const at = places.map((one) => `${shortPath(one.file, options.root)}:${one.line}`).join(", ");
  return `If that isn't meant, write ${tags}. If it is: scope-gen pull, stop sending ${names.length === 1 ? "it" : "them"}${at && ` at ${at}`}, deploy; until then SCOPE_FETCH=never ships version ${committed}.`;
}

/**
 * What a run does with a version that breaks the contract: the option, except that metadata which no code reads never
 * keeps a version out.
 *
 * @param breaking the changes that break it
 * @returns also the files that read the metadata, if the changes are of that alone and it was needed to know
 */
export async function policyFor(
  ref: PromptRef,
  breaking: readonly Change[],
  options: ResolvedOptions,
  fallback: OnContractChange,
): Promise<{ readonly policy: OnContractChange; readonly readers?: readonly string[] }> {
  const { onContractChange: policy = fallback } = options;
  if (policy === "warn" || !breaking.every(isOfMetadata)) return { policy };
  const readers = await findMetadataReaders(ref, options);
  return { policy: readers.length === 0 ? "warn" : policy, readers };
}
