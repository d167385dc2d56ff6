import { describe, expect, it } from "vitest";
import { costText, overBudget } from "../../../src/review/cost/prompt-cost.ts";

const exact = (tokens: number, prefix = 0) => ({ tokens, prefix, encoding: "o200k_base" }) as const;
const estimated = (tokens: number, prefix = 0) => ({ tokens, prefix, encoding: null });

it("a budget is kept at its limit", () => {
  expect(overBudget({ tokens: 100 }, exact(100))).toBeUndefined();
  expect(overBudget({}, exact(100))).toBeUndefined();
});

describe("a change of cost", () => {
  it("shows the numbers that change by more than a tenth, or all that change if somebody asks", () => {
    expect(costText({ from: exact(412, 1310), to: exact(298, 12) })).toBe(
      "tokens 412 → 298, cacheable prefix 1,310 → 12 tokens",
    );
    expect(costText({ from: exact(412, 5), to: estimated(298, 5) })).toBe("tokens 412 → ≈298");
    expect(costText({ from: exact(412, 5), to: exact(412, 5) })).toBe("");
    const small = { from: exact(1000, 10), to: exact(1100, 9) };
    expect(costText(small)).toBe("");
    expect(costText(small, true)).toBe("tokens 1,000 → 1,100, cacheable prefix 10 → 9 tokens");
    const fresh = { from: undefined, to: exact(412, 5) };
    expect(costText(fresh)).toBe("");
    expect(costText(fresh, true)).toBe("tokens 412, cacheable prefix 5 tokens");
  });
});
