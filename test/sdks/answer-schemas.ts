import type { JsonObject, JsonValue } from "../../src/prompt.ts";

const TEXT = { type: "string" };
const NUMBER = { type: "number" };
const object = (
  properties: JsonObject,
  required = Object.keys(properties),
  more: JsonObject = {},
): JsonObject => ({
  type: "object",
  properties,
  required,
  ...more,
});
const of = (schema: JsonValue): JsonObject => object({ a: schema }, ["a"], { additionalProperties: false });
const tree = {
  type: "object",
  properties: { text: TEXT, next: { type: "array", items: { $ref: "#/$defs/tree" } } },
  required: ["text", "next"],
  additionalProperties: false,
};

/** Schemas for answers as people write them, each with an answer that fits and one that doesn't. */
// biome-ignore format: one row a line
export const SCHEMAS: Readonly<Record<string, readonly [JsonObject, fits: JsonValue, refused: JsonValue]>> = {
  "closed object": [of(TEXT), { a: "x" }, { a: 1 }],
  "open object": [object({ a: TEXT }), { a: "x" }, {}],
  "optional field": [object({ a: TEXT, b: NUMBER }, ["a"]), { a: "x", b: 1 }, { b: 1 }],
  "only optional fields": [object({ a: TEXT }, []), { a: "x" }, { a: 1 }],
  "optional field that can be null": [object({ a: { type: ["string", "null"] } }, []), { a: null }, { a: 1 }],
  "optional object in an object": [of(object({ b: TEXT }, [])), { a: { b: "x" } }, { a: { b: 1 } }],
  enum: [of({ enum: ["billing", "support"] }), { a: "billing" }, { a: "sales" }],
  "enum with its type": [of({ type: "string", enum: ["x", "y"] }), { a: "x" }, { a: "z" }],
  "enum with null": [of({ enum: ["x", null] }), { a: null }, { a: "z" }],
  const: [of({ const: "x" }), { a: "x" }, { a: "y" }],
  "several types": [of({ type: ["string", "number"] }), { a: 1 }, { a: true }],
  anyOf: [of({ anyOf: [TEXT, object({ b: NUMBER })] }), { a: { b: 1 } }, { a: 1 }],
  "anyOf at the root": [{ anyOf: [object({ a: TEXT }), object({ b: NUMBER })] }, { a: "x" }, { c: 1 }],
  "oneOf of different types": [of({ oneOf: [TEXT, NUMBER] }), { a: 1 }, { a: true }],
  "oneOf with a discriminator": [of({ oneOf: [object({ kind: { const: "x" }, b: TEXT }), object({ kind: { const: "y" }, c: NUMBER })] }), { a: { kind: "y", c: 1 } }, { a: { kind: "z" } }],
  "oneOf that overlaps": [of({ oneOf: [NUMBER, { type: "integer" }] }), { a: 1.5 }, { a: 1 }],
  "allOf of objects": [of({ allOf: [object({ b: TEXT }), object({ c: NUMBER })] }), { a: { b: "x", c: 1 } }, { a: { b: "x" } }],
  "allOf of ranges": [of({ type: "number", allOf: [{ minimum: 1 }, { maximum: 5 }] }), { a: 3 }, { a: 6 }],
  list: [of({ type: "array", items: TEXT }), { a: ["x"] }, { a: [1] }],
  "list of at least two": [of({ type: "array", items: TEXT, minItems: 2, maxItems: 3 }), { a: ["x", "y"] }, { a: ["x"] }],
  "list without repeats": [of({ type: "array", items: TEXT, uniqueItems: true }), { a: ["x", "y"] }, { a: ["x", "x"] }],
  "list at the root": [{ type: "array", items: TEXT }, ["x"], [1]],
  tuple: [of({ type: "array", prefixItems: [TEXT, NUMBER], items: false, minItems: 2 }), { a: ["x", 1] }, { a: [1, "x"] }],
  range: [of({ type: "integer", minimum: 1, maximum: 5 }), { a: 5 }, { a: 6 }],
  multipleOf: [of({ type: "number", multipleOf: 0.5 }), { a: 1.5 }, { a: 1.2 }],
  length: [of({ type: "string", minLength: 2, maxLength: 5 }), { a: "xyz" }, { a: "x" }],
  pattern: [of({ type: "string", pattern: "^[A-Z]{2}$" }), { a: "AB" }, { a: "ab" }],
  "format that both know": [of({ type: "string", format: "date-time" }), { a: "2026-12-02T10:00:00Z" }, { a: 1 }],
  "format of a URL": [of({ type: "string", format: "uri" }), { a: "https://a.b" }, { a: 1 }],
  "free keys": [of({ type: "object", additionalProperties: NUMBER }), { a: { x: 1 } }, { a: { x: "y" } }],
  "pattern of keys": [of({ type: "object", patternProperties: { "^x": NUMBER } }), { a: { x: 1 } }, { a: { x: "y" } }],
  "definition used twice": [object({ a: { $ref: "#/$defs/b" }, c: { $ref: "#/$defs/b" } }, ["a", "c"], { $defs: { b: object({ d: TEXT }) } }), { a: { d: "x" }, c: { d: "y" } }, { a: { d: 1 }, c: { d: "y" } }],
  recursion: [object({ a: { $ref: "#/$defs/tree" } }, ["a"], { $defs: { tree } }), { a: { text: "x", next: [{ text: "y", next: [] }] } }, { a: { text: "x", next: [{ text: 1, next: [] }] } }],
  "recursion at the root": [object({ text: TEXT, next: { type: "array", items: { $ref: "#" } } }), { text: "x", next: [{ text: "y", next: [] }] }, { text: "x", next: [{}] }],
  // biome-ignore lint/suspicious/noThenProperty: a keyword
  condition: [object({ a: TEXT, b: TEXT }, ["a"], { if: { properties: { a: { const: "x" } } }, then: { required: ["b"] } }), { a: "x", b: "y" }, { a: "x" }],
};
