import { describe, expect, it } from "vitest";
import { costText, HOW_TO_COUNT, overBudget } from "../../../src/review/cost/prompt-cost.ts";

const exact = (tokens: number, prefix = 0) => ({ tokens, prefix, encoding: "o200k_base" }) as const;
const estimated = (tokens: number, prefix = 0) => ({ tokens, prefix, encoding: null });

describe("a budget", () => {
  it("is kept at its limit", () => {
    expect(overBudget({ tokens: 100 }, exact(100))).toBeUndefined();
    expect(overBudget({}, exact(100))).toBeUndefined();
  });

  it("of severity error is a warning for an estimate, which says how to count exactly", () => {
    const budget = { tokens: 4000, severity: "error" } as const;
    const message = "has 4,312 tokens; its budget is 4,000";
    expect(overBudget(budget, exact(4312))).toEqual({ severity: "error", message });
    expect(overBudget({ tokens: 4000 }, exact(4312))).toEqual({ severity: "warn", message });
    expect(overBudget(budget, estimated(4312))).toEqual({
      severity: "warn",
      message: `has ≈4,312 tokens; its budget is 4,000 (an estimate, which is only a warning; ${HOW_TO_COUNT})`,
    });
  });
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
