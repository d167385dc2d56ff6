import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareContracts } from "../../../src/contract/compare-versions.ts";
import { shapeOf } from "../../../src/contract/metadata-shape.ts";
import { DEFAULT_ROLES, type JsonObject, type JsonValue, type PromptContent } from "../../../src/prompt.ts";
import { breaches } from "../../../src/runtime/live/adopt-version.ts";
import { parseScope, variablesOf } from "../../../src/template/parse-scope.ts";

describe("the contract of the live client", () => {
  const text = fc
    .array(fc.constantFrom("{{a}}", "{{b}}", "{{ c }}", "x"), { maxLength: 3 })
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

  function fullContract(version: { readonly content: PromptContent; readonly metadata: JsonObject }) {
    const texts =
      typeof version.content === "string"
        ? [version.content]
        : version.content.map((message) => message.content);
    return {
      type: typeof version.content === "string" ? ("text" as const) : ("chat" as const),
      roles: typeof version.content === "string" ? null : version.content.map(({ role }) => role),
      variables: variablesOf(texts.flatMap(parseScope)),
      metadata: shapeOf(version.metadata),
    };
  }

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
      fc.property(pair, ([from, to]) => {
        const broken = breaches(DEFAULT_ROLES, from, to);
        const changes = compareContracts(fullContract(from), fullContract(to));
        expect(broken).toEqual(changes.filter((change) => change.breaks).map((change) => change.message));
        kept += broken.length === 0 ? 1 : 0;
      }),
      { numRuns: 20_000 },
    );
    expect(kept).toBeGreaterThan(1000);
  });
});
