import type { CostSides, RenderedTokensSides } from "../commands/cost/cost-sides.ts";

/** What two versions cost, as `--json` prints it; left out where it isn't known. */
export function costJson(cost: CostSides | undefined) {
  return cost === undefined ? {} : { cost: { from: cost.from ?? null, to: cost.to ?? null } };
}

/** The same of the renderings of samples. */
export function renderedTokensJson(tokens: RenderedTokensSides | undefined) {
  return tokens === undefined ? {} : { renderedTokens: { from: tokens.from ?? null, to: tokens.to ?? null } };
}
