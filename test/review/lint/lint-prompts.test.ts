import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Tokenizers } from "../../../src/review/cost/tokenizer.ts";
import type { LintedPrompt } from "../../../src/review/lint/lint-prompts.ts";
import { lintPrompts } from "../../../src/review/lint/lint-prompts.ts";
import { RULE_IDS } from "../../../src/review/lint/rule-ids.ts";
import { RULES } from "../../../src/review/lint/rules.ts";
import { HOSTILE_TEXTS } from "../../compiler/prompts.ts";
import { samplePrompts } from "../../support/hostile-prompts.ts";
import { ROOT } from "../../support/run.ts";
import { findingsOf, linted, WORDS, words } from "./lint.ts";

/** Prompts in which most rules find something. */
const PROMPTS: readonly LintedPrompt[] = [
  linted(`Be brief.\n\u200bHi. ${words(90)}`, { name: "b", declared: ["tone"] }),
  linted(
    [
      { role: "system", content: `{{b}} {{a}} {{b}} ${words(1200)}` },
      { role: "user", content: "Hi\u00ad" },
    ],
    {
      name: "a",
    },
  ),
  linted("Hi \u200bAda", {
    name: "c",
    ref: { name: "c", pin: { kind: "label", label: "latest" } },
    declared: ["name"],
  }),
];

describe("findings", () => {
  it("name the rule, the prompt, the problem, the place and the fix", () => {
    const [finding] = lintPrompts([linted("Be kind.\n\u00adShorter")]);
    expect(finding).toEqual({
      rule: "prompt-invisible-character",
      severity: "warn",
      prompt: { name: "greeting", pin: { kind: "label", label: "production" } },
      others: [],
      message: "The text has 1 invisible character: U+00AD.",
      hint: expect.stringContaining("Delete them in an editor that shows them."),
      where: {
        prompt: "greeting",
        versionNumber: 7,
        versionId: "version_01",
        line: 2,
        column: 1,
        frame: "  1 | Be kind.\n> 2 | ·Shorter\n    | ^",
      },
      messageIndex: undefined,
      prefix: undefined,
    });
  });

  it("about the cache's order say what moving saves", () => {
    const prompt = linted(`Today is {{date}}, for {{name}}.\n${words(1400)}`);
    const [finding] = findingsOf("prompt-cache-order", [prompt]);
    expect(finding?.prefix).toEqual({ from: 2, to: 1405, encoding: "o200k_base" });
    expect(finding?.message).toMatch(/^date and name are .*: cacheable prefix 2 → 1,405 tokens\.$/);
    const about = linted(`{{date}} ${words(1100)}`, { tokenizer: { ...WORDS, encoding: undefined } });
    expect(findingsOf("prompt-cache-order", [about])[0]?.message).toContain("≈0 → ≈1,100 tokens");
    const later = linted(`{{date}} ${words(1100)} {{name}} ${words(500)}`);
    expect(findingsOf("prompt-cache-order", [later])[0]?.prefix).toEqual({
      from: 0,
      to: 1100,
      encoding: "o200k_base",
    });
  });

  it("are sorted by prompt, then by place, whatever order the prompts come in", () => {
    const findings = lintPrompts(PROMPTS);
    expect(findings.map(({ rule, prompt, where }) => [prompt.name, where.line, where.column, rule])).toEqual([
      ["a", 1, 1, "prompt-system-variable"],
      ["a", 1, 1, "prompt-cache-order"],
      ["a", 1, 19, "prompt-repeated-passage"],
      ["a", 1, 3, "prompt-invisible-character"],
      ["b", undefined, undefined, "prompt-unused-variable"],
      ["b", 2, 1, "prompt-invisible-character"],
      ["c", undefined, undefined, "prompt-unused-variable"],
      ["c", 1, 4, "prompt-invisible-character"],
    ]);
    const orders = fc.shuffledSubarray([...PROMPTS], { minLength: PROMPTS.length });
    fc.assert(
      fc.property(orders, (order) => {
        expect(lintPrompts(order)).toEqual(findings);
      }),
      { numRuns: 10 },
    );
  });

  it("of one rule in one prompt are at most ten, and the last says how many more there are", () => {
    const message = { role: "user", content: "\u200b" };
    const find = (count: number) =>
      findingsOf("prompt-invisible-character", [linted(Array(count).fill(message))]);
    expect(find(10).at(-1)?.message).not.toContain("more");
    expect(find(12)).toHaveLength(10);
    expect(find(12).at(-1)?.message).toMatch(/ And 2 more\.$/);
  });
});

it("docs/lint.md has a section for each rule, in the order of the table", async () => {
  const page = await readFile(join(ROOT, "docs/lint.md"), "utf8");
  const headings = [...page.matchAll(/^## `(prompt-[\w-]+)`$/gm)].map(([, id]) => id);
  expect(headings).toEqual(Object.keys(RULES));
  expect(headings).toEqual(RULE_IDS);
});

describe("hostile prompts", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...HOSTILE_TEXTS,
      ...["{{a}}", "eyJ", "sk-", "."],
      ...[
        "\u200b",
        "\u200d",
        "\ufe0f",
        "\u{e0041}",
        "\u202e",
        "😀",
        "می",
        "\n",
        " ",
        "-----BEGIN PRIVATE KEY-----",
      ],
    ),
    fc.string({ unit: "binary", maxLength: 20 }),
  );
  const text = fc.array(piece, { maxLength: 30 }).map((all) => all.join(""));
  const role = fc.constantFrom("system", "HUMAN", "assistant", "");

  it("are never too much for a rule, and keep places inside the text", () => {
    const chat = fc.array(fc.record({ role, content: text }), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(fc.oneof(text, chat), { maxLength: 4 }), (contents) => {
        const prompts = contents
          .filter((one) => typeof one === "string" || one.every((message) => message.role !== ""))
          .map((content, at) => linted(content, { name: `__proto__${at}`, declared: ["constructor", "a"] }));
        for (const { where } of lintPrompts(prompts)) {
          if (where.line === undefined) continue;
          expect(where.line).toBeGreaterThan(0);
          expect(where.column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ..."{ [ < ( ` \t . - * # : \u200b \u200d \n \\ eyJ eyJa. sk- sk-ant- xoxb- a_live_ a A 1 {a} {{a}}"
      .split(" ")
      .filter((one) => one !== ""),
    "-----BEGIN PRIVATE KEY-----",
    `${"A".repeat(40)}.`,
  ])("take linear time: %j, repeated", (unit) => {
    const time = (length: number) => {
      const prompt = linted(unit.repeat(Math.ceil(length / unit.length)).slice(0, length), {
        declared: ["a"],
      });
      const start = performance.now();
      lintPrompts([prompt]);
      return performance.now() - start;
    };
    time(5_000);
    // A machine with other work may be slow once; quadratic time would be thousands of times more each time.
    const ratio = () => time(100_000) / Math.max(time(5_000), 5);
    expect([ratio(), ratio(), ratio()].some((one) => one < 100)).toBe(true);
  });
});

// Prompts of other people, where they are at hand. Each was looked at: all of these are right.
it("in real prompts have no false alarms", async () => {
  const samples = await samplePrompts();
  const real = samples.slice(
    0,
    samples.findIndex(({ name }) => name === "backticks"),
  );
  if (real.length === 0) return;
  const tokenizer = await new Tokenizers(undefined).forModel(undefined);
  const prompts = real.map(({ name, content }) => linted(content, { name, tokenizer }));
  const findings = lintPrompts(prompts);
  const counts: Record<string, number> = {};
  for (const { rule } of findings) counts[rule] = (counts[rule] ?? 0) + 1;
  expect(counts).toEqual({
    "prompt-cache-order": 1,
    "prompt-invisible-character": 1,
    "prompt-repeated-passage": 29,
  });
});
