import type { PromptCost } from "./prompt-cost.ts";
import { tokensText, withCommas } from "./tokens-text.ts";

/** Limits on what a prompt costs. Leave one out, and it isn't checked. */
export interface Budget {
  /** The most tokens that the template has. At least 1. */
  readonly tokens?: number | undefined;
  /**
   * The most that a new version adds to the committed one's tokens: 0.1 is ten per cent. Not checked where their models
   * have different encodings.
   */
  readonly growth?: number | undefined;
  /**
   * The fewest tokens before the first variable. Providers cache from some length on (OpenAI from 1024); a prompt
   * that's shorter than this as a whole can't be cached, and isn't reported.
   */
  readonly prefix?: number | undefined;
  /**
   * `"warn"`; `"error"` for exact counts, where an estimate stays a warning; `"strict"`, where an estimate is an error
   * too. Default `"warn"`.
   */
  readonly severity?: BudgetSeverity | undefined;
}

/** How bad it is to exceed a budget. */
export type BudgetSeverity = "warn" | "error" | "strict";

/** A limit that a version exceeds. */
export interface OverBudget {
  readonly limit: "tokens" | "growth" | "prefix";
  readonly severity: "warn" | "error";
  /** One sentence: `has 4,312 tokens; its budget is 4,000`. */
  readonly message: string;
}

/** Does a budget limit anything? */
export function hasLimits({ tokens, growth, prefix }: Budget): boolean {
  return tokens !== undefined || growth !== undefined || prefix !== undefined;
}

/**
 * What a version exceeds.
 *
 * @param before the committed version's cost, for `growth`; undefined: there's nothing to grow from
 * @example overBudget({ tokens: 4000 }, cost) // [{ limit: "tokens", severity: "warn", message: "has 4,312 tokens; …" }]
 */
export function overBudget(budget: Budget, cost: PromptCost, before?: PromptCost): readonly OverBudget[] {
  const over = (limit: OverBudget["limit"], costs: readonly PromptCost[], message: string): OverBudget => {
    const isExact = costs.every(({ encoding }) => encoding !== null);
    if (budget.severity === "strict" || (budget.severity === "error" && isExact))
      return { limit, severity: "error", message };
    const why = budget.severity === "error" ? " (a warning, since it's an estimate)" : "";
    return { limit, severity: "warn", message: `${message}${why}` };
  };
  const found: OverBudget[] = [];
  const { tokens, growth, prefix } = budget;
  if (tokens !== undefined && cost.tokens > tokens)
    found.push(
      over(
        "tokens",
        [cost],
        `has ${tokensText(cost.tokens, cost)} tokens; its budget is ${withCommas(tokens)}`,
      ),
    );
  if (growth !== undefined && before !== undefined && grows(before, cost, growth))
    found.push(
      over(
        "growth",
        [before, cost],
        `grows from ${tokensText(before.tokens, before)} to ${tokensText(cost.tokens, cost)} tokens (${growthText(before, cost)}); its budget is +${percent(growth)}`,
      ),
    );
  if (prefix !== undefined && cost.prefix < prefix && cost.tokens >= prefix)
    found.push(
      over(
        "prefix",
        [cost],
        `has a cacheable prefix of ${tokensText(cost.prefix, cost)} tokens; its budget is at least ${withCommas(prefix)}`,
      ),
    );
  return found;
}

/** Does it grow by more than this share? Two encodings count the same text differently. */
function grows(before: PromptCost, after: PromptCost, share: number): boolean {
  const areExact = before.encoding !== null && after.encoding !== null;
  if (areExact && before.encoding !== after.encoding) return false;
  // 100 * 0.15 isn't exactly 15 in floating point.
  return after.tokens - before.tokens > before.tokens * share + 1e-9;
}

function growthText(before: PromptCost, after: PromptCost): string {
  return before.tokens === 0 ? "from nothing" : `+${percent(after.tokens / before.tokens - 1)}`;
}

function percent(share: number): string {
  return `${withCommas(Math.round(share * 1000) / 10)} %`;
}
