import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue, PromptContent } from "../../src/prompt.ts";
import { breaches, contractOf } from "../../src/runtime/live/compare-versions.ts";
import { compareContracts, keepsContract, type Shape, shapeOf } from "../../src/template/contract.ts";
import { parseScope } from "../../src/template/parse-scope.ts";
import { variablesOf } from "../../src/template/parts.ts";

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

  /** May every read that is typed by the old metadata be made of the new one? */
  function allows(from: Shape, to: Shape): boolean {
    if (from.kind === "any" || from.kind === "none" || to.kind === "none") return true;
    if (from.kind === "array" && to.kind === "array") return allows(from.items, to.items);
    if (from.kind !== "object" || to.kind !== "object") return from.kind === to.kind;
    const now = new Map(to.keys);
    return from.keys.every(([name, shape]) => {
      const present = now.get(name);
      return present !== undefined && allows(shape, present);
    });
  }

  it("is kept by the versions that keep the full one, and whose metadata its types allow", () => {
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
        const told = breaches(contractOf(from), contractOf(to));
        const [before, after] = [fullContract(from), fullContract(to)];
        const keeps =
          keepsContract(compareContracts(before, after)) && allows(before.metadata, after.metadata);
        expect(told.length === 0, told.join()).toBe(keeps);
        kept += told.length === 0 ? 1 : 0;
      }),
      { numRuns: 20_000 },
    );
    expect(kept).toBeGreaterThan(1000);
  });

  it.each<[JsonObject, JsonObject, readonly string[]]>([
    [{ a: 1 }, { a: null }, ['metadata "a" changed from number to null or mixed']],
    [{ a: null }, { a: 1 }, []],
    [{ a: [1] }, { a: [] }, []],
    [{ a: [1] }, { a: ["x"] }, ['metadata "a[]" changed from number to string']],
    [{ a: { b: 1 }, c: 1 }, { a: {} }, ['metadata "a.b" is gone', 'metadata "c" is gone']],
    [{ a: [] }, { a: 1 }, ['metadata "a" changed from array to number']],
    [{}, { a: 1 }, []],
  ])("from metadata %j to %j", (from, to, told) => {
    expect(
      breaches(contractOf({ content: "", metadata: from }), contractOf({ content: "", metadata: to })),
    ).toEqual(told);
  });

  it("says what speaks against other roles and variables", () => {
    const chat = [{ role: "system", content: "{{a}}" }];
    const from = contractOf({ content: "{{b}}", metadata: {} });
    expect(breaches(from, contractOf({ content: chat, metadata: {} }))).toEqual([
      'type or roles changed from text to chat ["system"]',
      'new variable "a"',
    ]);
  });
});
