import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isScopeError } from "../../../src/errors/scope-error.ts";
import {
  countEvidence,
  type EvaluationRow,
  evidenceText,
  isSent,
  readResults,
} from "../../../src/review/evidence/count-evidence.ts";

/** What promptfoo itself wrote for `promptfooconfig.mjs`. */
const RESULTS = await readFile(join(import.meta.dirname, "results.json"), "utf8");
const NO_MODELS = { from: undefined, to: undefined };

function row(values: Partial<EvaluationRow>): EvaluationRow {
  const base = { id: "1", sent: "Hi", vars: {}, provider: "model-a", test: "one", description: undefined };
  return { ...base, outcome: "passed", run: 1, ...values };
}

describe("results of promptfoo", () => {
  it("are read with promptfoo's own verdicts", () => {
    const rows = readResults(RESULTS, "results.json");
    const outcomes = rows.map(({ outcome }) => outcome);
    const { stats } = JSON.parse(RESULTS).results;
    for (const [outcome, count] of [
      ["passed", stats.successes],
      ["failed", stats.failures],
      ["error", stats.errors],
    ])
      expect(outcomes.filter((one) => one === outcome)).toHaveLength(count);
  });

  it("count as somebody has rated them by hand", () => {
    const data = JSON.parse(RESULTS);
    const at = data.results.results.findIndex((one: { failureReason: number }) => one.failureReason === 0);
    data.results.results[at].success = false;
    expect(readResults(JSON.stringify(data), "results.json")[at]?.outcome).toBe("failed");
  });

  const changed = (change: (data: ReturnType<typeof JSON.parse>) => void) => {
    const data = JSON.parse(RESULTS);
    change(data);
    return JSON.stringify(data);
  };
  it.each([
    ["cut off", RESULTS.slice(0, -200)],
    ["empty", ""],
    ["null", "null"],
    ["a list", "[]"],
    ["another file", '{"name":"x"}'],
    ["another version", changed((data) => (data.results.version = 2))],
    ["no time", changed((data) => delete data.results.timestamp)],
    ["a row without text", changed((data) => delete data.results.results[3].prompt.raw)],
    ["a row without verdict", changed((data) => delete data.results.results[3].success)],
    ["a row that contradicts itself", changed((data) => (data.results.results[3].success = "yes"))],
    ["a row with a list of variables", changed((data) => (data.results.results[3].vars = []))],
    ["a row that is a text", changed((data) => (data.results.results[3] = "x"))],
  ])("%s are refused with the file", (_, json) => {
    try {
      readResults(json, "results.json");
    } catch (error) {
      expect(isScopeError(error, "evaluation_unreadable")).toBe(true);
      expect(error).toMatchObject({ where: { file: "results.json" } });
      return;
    }
    expect.unreachable();
  });
});

describe("what was sent is a rendering", () => {
  const CHAT = [
    { role: "system", content: "Be {{ brief }}." },
    { role: "user", content: "Hi" },
  ];
  it("as the text, as its messages, or as one message with the text", () => {
    expect(isSent("Hi", "Hi")).toBe(true);
    expect(isSent('[{"role":"user","content":"Hi"}]', "Hi")).toBe(true);
    expect(isSent(JSON.stringify(CHAT, null, 2), CHAT)).toBe(true);
    expect(isSent('[{"role":"user","content":"Hi"}]', '[{"role":"user","content":"Hi"}]')).toBe(true);
  });
  it.each([
    ["another text", "Hi ", "Hi"],
    ["a chat's only text", "Hi", [{ role: "user", content: "Hi" }]],
    ["another role", JSON.stringify([CHAT[0], { role: "assistant", content: "Hi" }]), CHAT],
    ["one more message", JSON.stringify([...CHAT, { role: "user", content: "" }]), CHAT],
    ["one less message", JSON.stringify([CHAT[0]]), CHAT],
    ["another key", JSON.stringify([CHAT[0], { ...CHAT[1], name: "Ada" }]), CHAT],
    ["no role", '[{"content":"Hi"}]', "Hi"],
    ["two messages for a text", '[{"role":"system","content":""},{"role":"user","content":"Hi"}]', "Hi"],
    ["null", "[null]", "Hi"],
    ["a list that's cut off", '[{"role":"user"', "Hi"],
  ])("and not as %s", (_, sent, rendering) => {
    expect(isSent(sent, rendering)).toBe(false);
  });

  it("and never with one other character", () => {
    const text = fc.string({ minLength: 1, unit: "grapheme" });
    const altered = fc.tuple(text, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), fc.boolean());
    fc.assert(
      fc.property(altered, ([content, at, char, isChat]) => {
        const index = at % content.length;
        const other = content.slice(0, index) + char + content.slice(index + 1);
        fc.pre(other !== content);
        const chat = [{ role: "user", content }];
        const sent = isChat ? JSON.stringify([{ role: "user", content: other }]) : other;
        return !isSent(sent, content) && !isSent(sent, chat);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("evidence", () => {
  it("of the newest run replaces what older runs say of the same case, whatever the order of files", () => {
    const old = row({ id: "1", outcome: "failed" });
    const rows = [old, row({ id: "2", run: 3 }), row({ id: "3", run: 2, outcome: "failed" })];
    const [one] = countEvidence({ from: rows, to: [old] }, NO_MODELS);
    expect(one).toMatchObject({ from: { passed: 1, failed: 0 }, to: { passed: 0, failed: 1 } });
    expect(one?.newlyFailing).toEqual(["{}"]);
  });

  it("pairs nothing with an error of the provider, another provider, or other assertions", () => {
    const from = [row({ test: "a" }), row({ test: "b" }), row({ test: "c", provider: "other" })];
    const to = [
      row({ test: "a", outcome: "error" }),
      row({ test: "x", outcome: "failed" }),
      row({ test: "c", outcome: "failed" }),
    ];
    const found = countEvidence({ from, to }, NO_MODELS);
    expect(found.map(({ pairs, newlyFailing }) => [pairs.count, newlyFailing])).toEqual([
      [0, []],
      [0, []],
    ]);
    expect(found[0]).toMatchObject({ to: { passed: 0, failed: 2, errors: 1 } });
  });

  it("names the model that answered where it isn't the version's own", () => {
    const rows = { from: [row({})], to: [row({ outcome: "failed" })] };
    const said = (from: string, to: string, sides = rows) =>
      countEvidence(sides, { from, to }).map((one) => evidenceText(one, false));
    expect(said("model-a", "model-a")).toEqual([
      'evaluated 1 of 1 → 0 of 1 with model-a; 1 newly failing: "{}"',
    ]);
    expect(said("model-c", "model-c")).toEqual([
      'evaluated 1 of 1 → 0 of 1 with model-a, not its own model-c; 1 newly failing: "{}"',
    ]);
    const changed = {
      from: [row({ provider: "openai:chat:model-a" })],
      to: [row({ provider: "openai:chat:model-b", outcome: "failed" })],
    };
    expect(said("model-a", "model-b", changed)).toEqual([
      'evaluated 1 of 1 with model-a → 0 of 1 with model-b; 1 newly failing: "{}"',
    ]);
    expect(said("el-a", "el-a")[0]).toContain("not its own el-a");
  });

  it("shows at most five names, shortened and without secrets", () => {
    const key = `sk-ant-${"aB3dE5gH7jK9".repeat(4)}`;
    const rows = (outcome: EvaluationRow["outcome"]) =>
      [key, "x".repeat(500), "a\u001b[2J\nb", "d", "e", "f"].map((description, index) =>
        row({ test: String(index), description, outcome }),
      );
    const [one] = countEvidence({ from: rows("passed"), to: rows("failed") }, NO_MODELS);
    const text = evidenceText(one as NonNullable<typeof one>, false);
    expect(text).toContain("6 newly failing");
    for (const hidden of ["aB3dE5", "x".repeat(100), "\u001b", '"f"']) expect(text).not.toContain(hidden);
  });
});

it("pairs by provider where one version names no model, and keeps providers of one model apart", () => {
  const [own, azure] = ["openai:chat:model-a", "azure:chat:model-a"];
  const rows = { from: [row({ provider: own })], to: [row({ id: "2", provider: own, outcome: "failed" })] };
  const gained = countEvidence(rows, { from: undefined, to: "model-a" });
  expect(gained).toMatchObject([{ pairs: { count: 1, from: 1, to: 0 }, newlyFailing: ["{}"] }]);
  const two = [row({ provider: own }), row({ id: "2", provider: azure, outcome: "failed", run: 2 })];
  const counted = countEvidence({ from: [], to: two }, { from: "model-b", to: "model-a" });
  expect(counted.map(({ to }) => to?.passed)).toEqual([1, 0]);
});
