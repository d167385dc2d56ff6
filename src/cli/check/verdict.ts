import type { ComparedPrompt } from "../../build/compare-prompts.ts";
import type { Label, PromptRef } from "../../prompt.ts";
import type { ContractChange } from "../../template/contract.ts";

/** A place in the code that does not work with a prompt as it is now. */
export interface CheckedCall {
  /** Absolute. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The compiler's message, or why the prompt cannot be had. */
  readonly message: string;
}

type CheckedChange = "none" | "text" | "compatible" | "breaking" | "missing";

export interface CheckedPrompt {
  readonly ref: PromptRef;
  /** Absolute path of its snapshot file. */
  readonly file: string;
  readonly change: CheckedChange;
  /** Version number that is committed; undefined when none is. */
  readonly from: number | undefined;
  /** Version number that the platform serves; undefined when it was not asked, or has none. */
  readonly to: number | undefined;
  readonly contract: readonly ContractChange[];
  /** By file and place. */
  readonly calls: readonly CheckedCall[];
  readonly compared: ComparedPrompt;
}

/** Do the types on disk say what the snapshot says? `none`: there are none to be, by the config or for want of prompts. */
export type TypesState = "current" | "stale" | "missing" | "none";

export interface Verdict {
  readonly status: "in-sync" | "compatible" | "breaking";
  readonly platform: "compared" | "skipped";
  /** The label that was compared with; undefined: each prompt's own pin. */
  readonly label: Label | undefined;
  readonly types: TypesState;
  /** Absolute path of the types file, also where the config has none. */
  readonly typesFile: string;
  /** By name, then pin. */
  readonly prompts: readonly CheckedPrompt[];
}

/** The whole from its parts: the worst of them. */
export function statusOf(prompts: readonly CheckedPrompt[], types: TypesState): Verdict["status"] {
  if (prompts.some(({ change }) => change === "breaking" || change === "missing")) return "breaking";
  const differs = prompts.some(({ change }) => change !== "none") || types === "stale" || types === "missing";
  return differs ? "compatible" : "in-sync";
}
