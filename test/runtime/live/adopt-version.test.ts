import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareVersions } from "../../../src/contract/compare-versions.ts";
import { DEFAULT_ROLES, type JsonObject, type JsonValue, type PromptContent } from "../../../src/prompt.ts";
import { breaches } from "../../../src/runtime/live/adopt-version.ts";
import { compile } from "../../compiler/prompts.ts";

describe("the contract of the live client", () => {
  const text = fc
    .array(fc.constantFrom("{{a}}", "{{b}}", "{{ c }}", "{a}", "{{c}}", " ", "x"), { maxLength: 3 })
    .map((all) => all.join(""));
  const messages = fc.array(fc.record({ role: fc.constantFrom("user", "system", "a, b"), content: text }), {
    maxLength: 2,
  });
  const content: fc.Arbitrary<PromptContent> = fc.oneof(text, messages);
  const key = fc.constantFrom("a", "b", "1", "__proto__", "toString");
  const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom<JsonValue[]>("", "x", 0, 1.5, true, false, null),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(key, tie("value"), { maxKeys: 3 }),
    ),
  }));
  const metadata = fc.dictionary(key, value, { maxKeys: 3 }) as fc.Arbitrary<JsonObject>;

  it("is broken by the same changes as the full one, in the same words", () => {
    let kept = 0;
    const version = fc.record({ content, metadata });
    // Half of the pairs differ in one thing alone.
    const pair = fc.oneof(
      fc.tuple(version, version),
      fc.tuple(version, version).map(([one, other]) => [one, { ...one, metadata: other.metadata }] as const),
      fc
        .tuple(version, value, key)
        .map(([one, inner, at]) => [one, { ...one, metadata: { ...one.metadata, [at]: inner } }] as const),
    );
    fc.assert(
      fc.property(pair, fc.subarray(["a", "c", "d"]), ([from, to], provides) => {
        const broken = breaches({ roles: DEFAULT_ROLES, provides }, from, to);
        const { changes } = compareVersions(
          compile(from.content, { ...from, provides }),
          compile(to.content, { ...to, provides }),
        );
        expect(broken).toEqual(changes.filter((change) => change.breaks).map((change) => change.message));
        kept += broken.length === 0 ? 1 : 0;
      }),
      { numRuns: 20_000 },
    );
    expect(kept).toBeGreaterThan(1000);
  });
});

it("compares hostile texts before anybody notices", () => {
  const names = Array.from({ length: 50 }, (_, at) => `name_${at}`);
  const tags = (prefix: string) => names.map((name) => `{{${prefix}${name}}}`).join(" ");
  const text = { content: `${tags("")}${"(".repeat(2_000_000)}`, metadata: {} };
  const other = { content: `${tags("x")}${"{".repeat(2_000_000)}`, metadata: {} };
  expect(breaches({ roles: DEFAULT_ROLES, provides: [] }, text, other)).toHaveLength(100);
});
