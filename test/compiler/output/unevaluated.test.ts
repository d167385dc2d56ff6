import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/prompt.ts";
import { type OutputExport, outputFor } from "./output-case.ts";

type Schema = Record<string, unknown>;

/** What a schema evaluated of a value: names and positions; undefined where the value does not fit. */
type Evaluated = ReadonlySet<string> | undefined;

/** The draft, read anew and slowly: what `unevaluated…` refuses is what no other keyword has evaluated. */
function evaluate(schema: Schema | boolean, value: unknown, root: Schema): Evaluated {
  if (typeof schema === "boolean") return schema ? new Set() : undefined;
  const evaluated = new Set<string>();
  const fits = (one: unknown, part: unknown) => evaluate(one as Schema, part, root) !== undefined;
  const take = (one: unknown): boolean => {
    const names = evaluate(one as Schema, value, root);
    for (const name of names ?? []) evaluated.add(name);
    return names !== undefined;
  };
  const isList = Array.isArray(value);
  const isMap = typeof value === "object" && value !== null && !isList;
  const parts: [string, unknown][] = isList || isMap ? Object.entries(value as object) : [];
  const check = (name: string, part: unknown, one: unknown): boolean => {
    evaluated.add(name);
    return fits(one, part);
  };
  const others = (one: unknown, seen: ReadonlySet<string>): boolean =>
    parts.filter(([name]) => !seen.has(name)).every(([name, part]) => check(name, part, one));
  const { $ref, allOf, anyOf, oneOf, type, required, properties, patternProperties, prefixItems } =
    schema as Record<string, never>;
  if (type !== undefined && type !== (isList ? "array" : isMap ? "object" : typeof value)) return undefined;
  if ($ref !== undefined && !take((root.$defs as Schema)[($ref as string).slice("#/$defs/".length)]))
    return undefined;
  if (allOf !== undefined && !(allOf as Schema[]).every(take)) return undefined;
  if (anyOf !== undefined && (anyOf as Schema[]).filter(take).length === 0) return undefined;
  if (oneOf !== undefined && (oneOf as Schema[]).filter(take).length !== 1) return undefined;
  if (schema.if !== undefined) {
    const next = take(schema.if) ? schema.then : schema.else;
    if (next !== undefined && !take(next)) return undefined;
  }
  if (isMap) {
    if (required !== undefined && !(required as string[]).every((name) => Object.hasOwn(value, name)))
      return undefined;
    const own = new Set<string>();
    for (const [name, part] of parts) {
      const byName = properties !== undefined && Object.hasOwn(properties, name) ? [properties[name]] : [];
      const byPattern = Object.entries(patternProperties ?? {}).filter(([text]) =>
        new RegExp(text).test(name),
      );
      for (const one of [...byName, ...byPattern.map(([, one]) => one)]) {
        own.add(name);
        if (!check(name, part, one)) return undefined;
      }
    }
    if (schema.additionalProperties !== undefined && !others(schema.additionalProperties, own))
      return undefined;
    if (schema.unevaluatedProperties !== undefined && !others(schema.unevaluatedProperties, evaluated))
      return undefined;
  }
  if (isList) {
    const first = (prefixItems ?? []) as unknown[];
    for (const [at, one] of first.entries())
      if (at < value.length && !check(String(at), value[at], one)) return undefined;
    if (schema.items !== undefined && !others(schema.items, new Set([...first.keys()].map(String))))
      return undefined;
    if (schema.unevaluatedItems !== undefined && !others(schema.unevaluatedItems, evaluated))
      return undefined;
  }
  return evaluated;
}

const accepts = (output: OutputExport, answer: unknown) =>
  output["~standard"].validate(answer).issues === undefined;

const NAMES = ["a", "b", "xa", "toString", "constructor"];
interface Made {
  readonly schemaOf: unknown;
  readonly keywordsOf: Schema;
  readonly answerOf: unknown;
}
const { schemaOf, keywordsOf, answerOf } = fc.letrec<Made>((tie) => {
  const name = fc.constantFrom(...NAMES);
  const one = tie("schemaOf");
  const some = fc.array(one, { minLength: 1, maxLength: 2 });
  const unevaluated = fc.oneof(fc.constant(false), one);
  const keyword = fc.oneof(
    fc.record({ required: fc.tuple(name) }),
    fc.record({ properties: fc.dictionary(name, one, { minKeys: 1, maxKeys: 2, noNullPrototype: true }) }),
    fc.record({ patternProperties: fc.record({ "^x": one }) }),
    fc.record({ additionalProperties: one }),
    fc.record({ unevaluatedProperties: unevaluated }),
    fc.record({ prefixItems: some }),
    fc.record({ items: one }),
    fc.record({ unevaluatedItems: unevaluated }),
    fc.record({ $ref: fc.constantFrom("#/$defs/n", "#/$defs/m") }),
    fc.record({ allOf: some }),
    fc.record({ anyOf: some }),
    fc.record({ oneOf: some }),
    // biome-ignore lint/suspicious/noThenProperty: a keyword
    fc.record({ if: one, then: one, else: one }, { requiredKeys: ["if"] }),
  );
  return {
    keywordsOf: fc
      .array(keyword, { minLength: 1, maxLength: 4, size: "max" })
      .map((keywords) => Object.assign({}, ...keywords)),
    schemaOf: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Schema | boolean>(true, { type: "number" }, { type: "string" }),
      { arbitrary: tie("keywordsOf"), weight: 2 },
    ),
    answerOf: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<unknown>(1, "x"),
      fc.array(tie("answerOf"), { maxLength: 3 }),
      fc.dictionary(name, tie("answerOf"), { maxKeys: 3, noNullPrototype: true }),
    ),
  };
});
const rootOf = fc
  .record({ root: keywordsOf, n: schemaOf, m: schemaOf })
  .map(({ root, n, m }): Schema => ({ ...root, $defs: { n, m } }));

const TREE = {
  $ref: "#/$defs/n",
  $defs: {
    n: {
      type: "object",
      properties: {
        kids: { type: "array", items: { $ref: "#/$defs/m" } },
        strict: { $ref: "#/$defs/k" },
      },
    },
    m: { $ref: "#/$defs/n", properties: { a: { type: "string" } }, unevaluatedProperties: false },
    k: { $ref: "#/$defs/n", unevaluatedProperties: false },
  },
};

describe("what no other keyword evaluates", () => {
  it("is the same after another answer", async () => {
    const output = await outputFor(TREE);
    const strict = { strict: { a: "x" } };
    expect(accepts(output, strict)).toBe(false);
    expect(accepts(output, { kids: [{ a: "x" }] })).toBe(true);
    expect(accepts(output, strict)).toBe(false);
  });

  const ofFirst = (more: Schema) => ({ anyOf: [{ required: ["k"], ...more }, {}] });
  const properties = { k: {}, a: {} };
  it.each<[string, Schema, readonly unknown[], readonly unknown[]]>([
    [
      "of a list, by alternatives",
      { anyOf: [{ prefixItems: [{ const: 1 }] }, {}], unevaluatedItems: false },
      [[], [1]],
      [[2], [1, 2]],
    ],
    [
      "of a list, by alternatives for all of it",
      { anyOf: [{ items: { type: "number" } }, {}], unevaluatedItems: { type: "string" } },
      [[], [1, 2], ["x", "y"]],
      [["x", 1]],
    ],
    [
      "of a list, by a reference to what holds it",
      {
        $ref: "#/$defs/n",
        $defs: {
          n: { properties: { l: { $ref: "#/$defs/m" } } },
          m: { $ref: "#/$defs/n", unevaluatedItems: false },
        },
      },
      [{ l: [] }],
      [{ l: [1] }, { l: [1, 2] }],
    ],
    [
      "by patterns beside alternatives",
      { ...ofFirst({ properties }), patternProperties: { "^x": {} }, unevaluatedProperties: false },
      [{ x: 1 }, { k: 1, a: 1, x: 1 }],
      [{ a: 1 }],
    ],
    [
      "by patterns beside alternatives for all names",
      {
        ...ofFirst({ additionalProperties: {} }),
        patternProperties: { "^x": {} },
        unevaluatedProperties: false,
      },
      [{ x: 1 }, { k: 1, a: 1, x: 1 }],
      [{ a: 1 }],
    ],
    [
      "in one item, whatever the item before it",
      { items: { ...ofFirst({ properties }), unevaluatedProperties: false } },
      [[{ k: 1, a: 1 }, {}]],
      [[{ a: 1 }], [{ k: 1, a: 1 }, { a: 1 }]],
    ],
    [
      "by the patterns of an alternative that fails",
      {
        oneOf: [{}, { patternProperties: { "^x": { type: "number" } } }],
        unevaluatedProperties: { type: "boolean" },
      },
      [{ x: true }],
      [{ x: "text" }],
    ],
    [
      "by the patterns of the first of two that fails",
      { anyOf: [{ patternProperties: { "^x": { type: "number" } } }, {}], unevaluatedProperties: false },
      [{}, { x: 1 }],
      [{ x: "text" }],
    ],
    [
      "by a condition that does not hold",
      { if: { properties: { a: { const: 1 } }, required: ["a"] }, unevaluatedProperties: false },
      [{ a: 1 }, {}],
      [{ a: 2 }],
    ],
  ])("is refused: %s", async (_, schema, accepted, refused) => {
    const output = await outputFor(schema as JsonObject);
    for (const answer of accepted) expect([answer, accepts(output, answer)]).toEqual([answer, true]);
    for (const answer of refused) {
      expect([answer, accepts(output, answer)]).toEqual([answer, false]);
      expect(() => output.parse(answer)).not.toThrow(/undefined|true|NaN|Infinity/);
    }
  });

  it("is not asked for: patterns beside an alternative for all names", async () => {
    const output = await outputFor({
      anyOf: [{ additionalProperties: true }, true],
      patternProperties: { "^x": { type: "number" } },
    });
    expect([{ x: 1 }, { x: "text" }].map((answer) => accepts(output, answer))).toEqual([true, false]);
  });

  it("is what the draft says, answer by answer", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        rootOf,
        fc.array(answerOf, { minLength: 4, maxLength: 12, size: "max" }),
        async (root, answers) => {
          const output = await outputFor(root as never).catch((error: { code?: string }) => error);
          // A schema that refers to itself without end.
          if (!("parse" in output)) {
            expect(output.code).toBe("output_schema_invalid");
            return;
          }
          const expected = answers.map((answer) => evaluate(root, answer, root) !== undefined);
          expect(answers.map((answer) => accepts(output, answer))).toEqual(expected);
          expect(answers.map((answer) => accepts(output, answer))).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });
});
