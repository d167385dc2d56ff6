import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/prompt.ts";
import { accepts, compareWithDraft } from "./made-schemas.ts";
import { outputFor } from "./output-case.ts";
import type { Schema } from "./slow-reader.ts";

it("an answer fits a schema when the draft says so", { timeout: 120_000 }, () => compareWithDraft(1000));

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
});
