import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { type Change, changesText, isOfMetadata } from "../../contract/contract.ts";
import { ResourceError } from "../../errors/classes.ts";
import { shortPath } from "../../errors/format-error.ts";
import { isSameVersion, refText, versionsText } from "../../prompt.ts";
import type { MetadataPolicy, OnContractChange } from "../config/types.ts";
import { compareCompiled } from "./compare-requests.ts";
import type { ResolvedVersion } from "./version-resolver.ts";

/** Which of two versions a build uses, and what it says about them. */
export interface Decision {
  readonly use: "fetched" | "committed";
  /** One line on how the two differ; undefined if they don't. */
  readonly difference: string | undefined;
  readonly warnings: readonly string[];
}

export interface DecisionRules {
  readonly policy: OnContractChange;
  /** How a metadata break counts if code reads the metadata. */
  readonly metadata: MetadataPolicy;
  /** Paths in messages are relative to it. */
  readonly root: string;
  /** The source files that take the prompt's metadata. Only called for a version that breaks nothing else. */
  readonly findReaders: () => Promise<readonly string[]>;
}

/**
 * Compares a fetched version with the committed one and lets `onContractChange` decide. Metadata that no code reads
 * never stops a build.
 *
 * @throws ResourceError `build_contract_changed` under the policy `error`
 */
export async function decideVersion(
  resolved: ResolvedVersion,
  fetched: CompiledPrompt,
  committed: CompiledPrompt | undefined,
  rules: DecisionRules,
): Promise<Decision> {
  if (resolved.snapshot === undefined || committed === undefined)
    return { use: "fetched", difference: undefined, warnings: [] };
  const compared = compareCompiled(committed, fetched);
  const { grade } = compared;
  // The resolver has warned of a new name.
  const changes = compared.changes.filter(({ kind }) => kind !== "renamed");
  const from = resolved.snapshot.version;
  const to = resolved.version;
  const warnings: string[] = [];
  const isSame = isSameVersion(from, to);
  const versions = `${refText(resolved.ref)}: version ${versionsText(from, to)}`;
  const isNews = !isSame || changes.length > 0;
  const difference = isNews ? `${versions} (${changesText(changes) || "same text"})` : undefined;
  if (grade !== "breaking") return { use: "fetched", difference, warnings };

  const breaking = changes.filter((change) => change.breaks);
  const listed = changesText(breaking);
  const doesNotKeep = `${versions} changes the contract (${listed})`;
  const isMetadataAlone = breaking.every(isOfMetadata);
  if (rules.policy === "warn" || (isMetadataAlone && rules.metadata === "warn")) {
    warnings.push(`${doesNotKeep}. Run: scope-gen pull`);
    return { use: "fetched", difference, warnings };
  }
  const readers = isMetadataAlone ? await rules.findReaders() : [];
  if (isMetadataAlone && readers.length === 0) {
    warnings.push(`${doesNotKeep}, and no import reads its metadata. Run: scope-gen pull`);
    return { use: "fetched", difference, warnings };
  }
  if (rules.policy === "error") {
    const files = readers.map((one) => shortPath(one, rules.root));
    throw contractChanged(resolved, listed, isSame, changes, files);
  }
  warnings.push(`${doesNotKeep}: version ${from.versionNumber} is built.`);
  return { use: "committed", difference, warnings };
}

function contractChanged(
  { version, ref, snapshot }: ResolvedVersion,
  listed: string,
  isSame: boolean,
  changes: readonly Change[],
  files: readonly string[],
): ResourceError {
  const now = `Version ${version.versionNumber}`;
  const partials = changesText(changes.filter(({ kind }) => kind.startsWith("partial")));
  const what =
    isSame && partials !== ""
      ? `${now} changes its contract with what it includes now (${partials}): ${listed}.`
      : `${now} changes the contract of version ${snapshot?.version.versionNumber}: ${listed}.${partials === "" ? "" : ` What it includes changed too (${partials}).`}`;
  const reads = files.length === 0 ? "" : ` Its metadata is read in ${files.join(", ")}.`;
  const hint = "Ship what's committed with SCOPE_FETCH=never, or get the new version with: scope-gen pull";
  return new ResourceError(`${what}${reads}`, {
    code: "build_contract_changed",
    where: { prompt: refText(ref), versionNumber: version.versionNumber, versionId: version.id },
    hint:
      files.length === 0
        ? hint
        : `${hint}. With contract: { metadata: "warn" } in the config, a build ships it anyway.`,
  });
}
