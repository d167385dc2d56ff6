import type { PromptVersionData } from "../prompt.ts";
import { stableJson } from "../snapshot/stable-json.ts";
import type { ContractChange } from "../template/contract.ts";

/**
 * How what the platform serves differs from what is committed, before anybody asked the type checker: not at all,
 * in its text alone, in something that code could notice, or by being gone.
 */
export type Difference = "none" | "text" | "compatible" | "missing";

/** @param changes of the contract between the two */
export function differenceOf(
  committed: PromptVersionData | undefined,
  current: PromptVersionData,
  changes: readonly ContractChange[],
): Exclude<Difference, "missing"> {
  if (committed === undefined || changes.length > 0) return "compatible";
  if (!sameContent(committed, current)) return "text";
  return stableJson(essence(committed)) === stableJson(essence(current)) ? "none" : "compatible";
}

export function sameContent(a: PromptVersionData, b: PromptVersionData): boolean {
  return stableJson(a.content) === stableJson(b.content);
}

/** What a snapshot keeps of a version, its content aside. */
function essence(version: PromptVersionData): Readonly<Record<string, unknown>> {
  const { id, promptId, versionNumber, type, status, declaredVariables, metadata } = version;
  return { id, promptId, versionNumber, type, status, declaredVariables, metadata };
}
