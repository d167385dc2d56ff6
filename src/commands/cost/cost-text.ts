import { costChange, spreadChange } from "../../review/cost/cost-change.ts";
import { tokensText } from "../../review/cost/tokens-text.ts";
import type { CostSides, RenderedTokensSides } from "./cost-sides.ts";

/** What a version changes in the cost, or what a new one costs; empty if that isn't known. */
export function costText(cost: CostSides | undefined): string {
  if (cost?.to === undefined) return "";
  const { from, to } = cost;
  if (from !== undefined) return costChange(from, to) ?? "";
  return `tokens ${tokensText(to.tokens, to)}, cacheable prefix ${tokensText(to.prefix, to)} tokens`;
}

/** The tokens of the renderings before and after; empty without any. */
export function renderedTokensText(tokens: RenderedTokensSides | undefined): string {
  if (tokens?.from === undefined || tokens.to === undefined) return "";
  return `tokens of the renderings: ${spreadChange(tokens.from, tokens.to)}`;
}
