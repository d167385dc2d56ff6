import { describe, expect, it } from "vitest";
import { renderedTokens } from "../../../src/commands/cost/cost-sides.ts";
import { costText } from "../../../src/commands/cost/cost-text.ts";
import { type Budget, overBudget } from "../../../src/review/cost/budget.ts";
import type { PromptCost } from "../../../src/review/cost/prompt-cost.ts";
import type { Tokenizers } from "../../../src/review/cost/tokenizer.ts";

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
    expect(costText({ from: exact(412, 1310), to: exact(298, 12) })).toBe(
      "tokens 412 → 298, cacheable prefix 1,310 → 12 tokens",
    );
    expect(costText({ from: exact(412, 5), to: estimated(298, 5) })).toBe("tokens 412 → ≈298");
    expect(costText({ from: exact(412, 5), to: exact(412, 5) })).toBe("");
    expect(costText({ from: undefined, to: exact(412, 5) })).toBe("tokens 412, cacheable prefix 5 tokens");
  });

  it("has a spread over samples", async () => {
    const letters = { encoding: undefined, count: (text: string) => text.length };
    const tokenizers = { forModel: async () => letters } as unknown as Tokenizers;
    const samples = ["aaaaaaaaa", "a", "aaaa", "aa"].map((output, at) => ({
      sample: String(at),
      from: at < 3 ? { output } : { problem: "none" },
      to: { output },
    }));
    expect(await renderedTokens(samples as never, { from: undefined, to: undefined }, tokenizers)).toEqual({
      from: { min: 1, median: 4, max: 9, encoding: null },
      to: { min: 1, median: 2, max: 9, encoding: null },
    });
  });
});
