import type { PromptCost } from "./prompt-cost.ts";

/** A limit on what a prompt costs. */
export interface Budget {
  /** The most tokens that the template has. At least 1. */
  readonly tokens?: number | undefined;
  /** How bad it is to exceed it; `"error"` only counts for exact counts, and an estimate stays a warning. Default `"warn"`. */
  readonly severity?: BudgetSeverity | undefined;
}

/** How bad it is to exceed a budget. */
export type BudgetSeverity = "warn" | "error";

/** A budget that a version exceeds. */
export interface OverBudget {
  readonly severity: BudgetSeverity;
  /** One sentence: `has 4,312 tokens; its budget is 4,000`. */
  readonly message: string;
}

/**
 * What a version exceeds; undefined: nothing.
 *
 * @example overBudget({ tokens: 4000 }, cost) // { severity: "warn", message: "has 4,312 tokens; its budget is 4,000" }
 */
export function overBudget({ tokens, severity = "warn" }: Budget, cost: PromptCost): OverBudget | undefined {
  if (tokens === undefined || cost.tokens <= tokens) return undefined;
  const message = `has ${tokensText(cost.tokens, cost)} tokens; its budget is ${withCommas(tokens)}`;
  if (cost.encoding !== null) return { severity, message };
  return { severity: "warn", message: `${message} (an estimate, which is only a warning; ${HOW_TO_COUNT})` };
}

/** A number of tokens: `1,310`, or `≈1,310` where it's an estimate. */
export function tokensText(tokens: number, { encoding }: Pick<PromptCost, "encoding">): string {
  return `${encoding === null ? "≈" : ""}${withCommas(tokens)}`;
}

/** What to do about an estimate. */
export const HOW_TO_COUNT = "to count exactly, install gpt-tokenizer and set tokens.encoding";

/** `1,310`. */
export function withCommas(value: number): string {
  return value.toLocaleString("en-US");
}
