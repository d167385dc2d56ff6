import type { CompiledPrompt } from "../compiler/compiled-prompt.ts";
import type { OnContractChange } from "../config/types.ts";
import { ResourceError } from "../errors/classes.ts";
import { refText } from "../prompt.ts";
import { stableJson } from "../snapshot/stable-json.ts";
import { type ContractChange, changesText, compareContracts, keepsContract } from "../template/contract.ts";
import type { Answer } from "./answers.ts";
import { partialMoves } from "./partial-moves.ts";

/** What a fetched version means for a build that has a committed one. */
export interface Judgement {
  /** Which of the two is built. */
  readonly use: "fetched" | "committed";
  /** One line on how the two differ; undefined when they do not. */
  readonly difference: string | undefined;
  readonly warnings: readonly string[];
}

/**
 * Compares a fetched version with the committed one and lets `onContractChange` decide.
 *
 * @throws ResourceError `build_contract_changed` under the policy `error`
 */
export function judgeVersion(
  answer: Answer,
  fetched: CompiledPrompt,
  committed: CompiledPrompt | undefined,
  policy: OnContractChange,
): Judgement {
  const asked = refText(answer.ref);
  const warnings: string[] = [];
  if (answer.snapshot === undefined || committed === undefined) {
    return { use: "fetched", difference: undefined, warnings };
  }
  const from = answer.snapshot.version;
  const to = answer.version;
  const changes = compareContracts(committed.contract, fetched.contract);
  const sameText = stableJson(from.content) === stableJson(to.content);
  if (answer.ref.pin.kind === "version" && !sameText && to.status === "published") {
    warnings.push(
      `${asked}: the content of this published version changed on the platform since it was committed.`,
    );
  }
  const moves = partialMoves(committed.source, fetched.source);
  const isSame = from.id === to.id && sameText;
  const versions =
    isSame && moves !== undefined
      ? `${asked}: version ${from.versionNumber} with other partials (${moves})`
      : `${asked}: version ${from.versionNumber} → ${to.versionNumber}`;
  if (isSame && changes.length === 0) return { use: "fetched", difference: undefined, warnings };

  const what = changes.length > 0 ? changesText(changes) : sameText ? "same text" : "text only";
  const difference = `${versions} (${what})`;
  if (keepsContract(changes)) {
    const losses = metadataLosses(changes);
    if (losses.length > 10) warnings.push(`${versions}: ${changesText(losses)}`);
    else for (const change of losses) warnings.push(`${versions}: ${change.message}`);
    return { use: "fetched", difference, warnings };
  }
  const breaking = changesText(changes.filter((change) => change.breaks));
  if (policy === "error") throw contractChanged(answer, breaking, { isSame, moves });
  if (policy === "keep") {
    warnings.push(
      `${versions} does not keep the contract (${breaking}): version ${from.versionNumber} is built.`,
    );
    return { use: "committed", difference, warnings };
  }
  warnings.push(`${versions} does not keep the contract (${breaking}). Run: scope-gen pull`);
  return { use: "fetched", difference, warnings };
}

function metadataLosses(changes: readonly ContractChange[]): readonly ContractChange[] {
  return changes.filter((change) => change.metadata && change.loses);
}

function contractChanged(
  { version, ref, snapshot }: Answer,
  breaking: string,
  partials: { readonly isSame: boolean; readonly moves: string | undefined },
): ResourceError {
  const now = `Version ${version.versionNumber}`;
  const { isSame, moves } = partials;
  return new ResourceError(
    isSame && moves !== undefined
      ? `${now} does not keep its contract with what it includes now (${moves}): ${breaking}.`
      : `${now} does not keep the contract of version ${snapshot?.version.versionNumber}: ${breaking}.${moves === undefined ? "" : ` What it includes changed too (${moves}).`}`,
    {
      code: "build_contract_changed",
      where: {
        prompt: refText(ref),
        versionNumber: version.versionNumber,
        versionId: version.id,
      },
      hint: "Ship what is committed with SCOPE_FETCH=never, or take the new version with: scope-gen pull",
    },
  );
}
