import { tokensText } from "../../review/cost/prompt-cost.ts";
import type { CostSides, RenderedTokensSides } from "./cost-sides.ts";

/**
 * What a version changes in the cost, or what a new one costs: `tokens 412 → 298, cacheable prefix 1,310 → 12 tokens`.
 * A number that stays the same is left out. Empty if both do, or if it isn't known.
 */
export function costText(cost: CostSides | undefined): string {
  if (cost?.to === undefined) return "";
  const { from, to } = cost;
  const shown = (key: "tokens" | "prefix") =>
    `${from === undefined ? "" : `${tokensText(from[key], from)} → `}${tokensText(to[key], to)}`;
  const parts = [
    from?.tokens === to.tokens ? "" : `tokens ${shown("tokens")}`,
    from?.prefix === to.prefix ? "" : `cacheable prefix ${shown("prefix")} tokens`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** The tokens of the renderings before and after; empty without any. */
export function renderedTokensText(tokens: RenderedTokensSides | undefined): string {
  const { from, to } = tokens ?? {};
  if (from === undefined || to === undefined) return "";
  const spread = (["min", "median", "max"] as const).map(
    (key) => `${key} ${tokensText(from[key], from)} → ${tokensText(to[key], to)}`,
  );
  return `tokens of the renderings: ${spread.join(", ")}`;
}
