import { describe, expect, it } from "vitest";
import { type Budget, overBudget } from "../../../src/review/cost/budget.ts";
import { costChange, spreadOf } from "../../../src/review/cost/cost-change.ts";
import type { PromptCost } from "../../../src/review/cost/prompt-cost.ts";

const exact = (tokens: number, prefix = 0) => ({ tokens, prefix, encoding: "o200k_base" }) as const;
const estimated = (tokens: number, prefix = 0) => ({ tokens, prefix, encoding: null });

describe("a budget", () => {
  it.each<
    [string, Budget, ReturnType<typeof exact>, ReturnType<typeof exact> | undefined, readonly string[]]
  >([
    ["is kept at its limit", { tokens: 100 }, exact(100), undefined, []],
    ["of tokens", { tokens: 4000 }, exact(4312), undefined, ["has 4,312 tokens; its budget is 4,000"]],
    [
      "of growth",
      { growth: 0.1 },
      exact(230),
      exact(200),
      ["grows from 200 to 230 tokens (+15 %); its budget is +10 %"],
    ],
    ["of growth is kept at its limit", { growth: 0.15 }, exact(115), exact(100), []],
    ["of growth is kept if a version shrinks", { growth: 0 }, exact(100), exact(200), []],
    ["of growth needs a committed version", { growth: 0 }, exact(100), undefined, []],
    [
      "of the prefix",
      { prefix: 1024 },
      exact(2000, 12),
      undefined,
      ["has a cacheable prefix of 12 tokens; its budget is at least 1,024"],
    ],
    ["of the prefix ignores a short prompt", { prefix: 1024 }, exact(900, 12), undefined, []],
  ])("%s", (_, budget, cost, before, messages) => {
    expect(overBudget(budget, cost, before).map(({ message }) => message)).toEqual(messages);
  });

  it("marks estimates", () => {
    expect(overBudget({ tokens: 10 }, estimated(4312))[0]?.message).toBe(
      "has ≈4,312 tokens; its budget is 10",
    );
  });

  it.each([
    [undefined, "warn", "warn"],
    ["warn", "warn", "warn"],
    ["error", "error", "warn"],
    ["strict", "error", "error"],
  ] as const)("of severity %s: exact %s, estimated %s", (severity, ofExact, ofEstimate) => {
    expect(overBudget({ tokens: 1, severity }, exact(2))[0]?.severity).toBe(ofExact);
    expect(overBudget({ tokens: 1, severity }, estimated(2))[0]?.severity).toBe(ofEstimate);
  });
});

describe("a budget of growth", () => {
  it("is about an estimate if either side is one", () => {
    const budget = { growth: 0, severity: "error" } as const;
    const severities = (cost: PromptCost, before: PromptCost) =>
      overBudget(budget, cost, before).map(({ severity }) => severity);
    expect(severities(exact(2), exact(1))).toEqual(["error"]);
    expect(severities(exact(2), estimated(1))).toEqual(["warn"]);
    expect(severities(estimated(2), exact(1))).toEqual(["warn"]);
  });

  it("isn't compared between two encodings", () => {
    const before = { ...exact(1), encoding: "cl100k_base" };
    expect(overBudget({ growth: 0 }, exact(2), before)).toEqual([]);
  });
});

describe("a change of cost", () => {
  it("shows the numbers that change", () => {
    expect(costChange(exact(412, 1310), exact(298, 12))).toBe(
      "tokens 412 → 298, cacheable prefix 1,310 → 12 tokens",
    );
    expect(costChange(exact(412, 5), estimated(298, 5))).toBe("tokens 412 → ≈298");
    expect(costChange(exact(412, 5), exact(412, 5))).toBeUndefined();
  });

  it("has a spread over samples", () => {
    expect(spreadOf([9, 1, 4])).toEqual({ min: 1, median: 4, max: 9 });
    expect(spreadOf([2, 1])).toEqual({ min: 1, median: 1, max: 2 });
    expect(spreadOf([])).toBeUndefined();
  });
});
