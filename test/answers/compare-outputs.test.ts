import { build } from "esbuild";
import fc from "fast-check";
import { expect, it } from "vitest";
import { compareOutputs } from "../../src/answers/compare-outputs.ts";
import type { Output, OutputType } from "../../src/answers/output-type.ts";
import { readOutput } from "../../src/answers/read-output.ts";
import { isObject, type JsonObject, type JsonValue } from "../../src/prompt.ts";
import { inThread } from "../support/in-thread.ts";
import { isOfType } from "./output-case.ts";

/** Schemas of a few names and values, so that two of them often fit. */
const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom<JsonObject>(
      { type: "string" },
      { type: "number" },
      { type: "boolean" },
      { type: ["string", "null"] },
      { enum: ["a", 1] },
      { const: true },
      {},
      { $ref: "#/$defs/x" },
    ),
    fc.record({ type: fc.constant("array"), items: tie("schema") }),
    fc.record({
      type: fc.constant("array"),
      prefixItems: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }),
      items: fc.constantFrom<JsonValue>(false, { type: "string" }),
      minItems: fc.nat(2),
    }),
    fc.record({
      type: fc.constant("object"),
      properties: fc.dictionary(fc.constantFrom("a", "b"), tie("schema")),
      required: fc.subarray(["a", "b"]),
      additionalProperties: fc.constantFrom<JsonValue>(false, true, { type: "number" }),
    }),
    fc.record({ anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }) }),
    fc.record({ allOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }) }),
  ) as fc.Arbitrary<JsonObject>,
}));
const X = {
  type: "object",
  properties: { a: { $ref: "#/$defs/x" }, b: { type: "string" } },
  required: ["b"],
};
const whole = schema.map((one): JsonObject => ({ ...one, $defs: { x: X } }));

const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom<JsonValue>("a", "b", 1, 2, true, false, null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value"), { maxKeys: 3 }),
  ),
}));

/** A type as it's read: fields that it doesn't have are ignored. */
function read(type: OutputType): OutputType {
  switch (type.kind) {
    case "array":
      return { ...type, items: read(type.items) };
    case "tuple":
      return { ...type, items: type.items.map(read), rest: read(type.rest) };
    case "any-of":
      return { ...type, types: type.types.map(read) };
    case "object": {
      const fields = type.fields.map((field) => ({ ...field, type: read(field.type) }));
      return { ...type, fields, rest: type.rest.kind === "never" ? { kind: "unknown" } : read(type.rest) };
    }
    default:
      return type;
  }
}

it("never says that a version keeps the contract if one of its answers doesn't work in the old one's place", () => {
  let kept = 0;
  fc.assert(
    fc.property(whole, whole, fc.array(value, { minLength: 20, maxLength: 20 }), (from, to, values) => {
      const [old, now] = [readOutput(from), readOutput(to)];
      // Of two that could not be compared nothing is said.
      if (compareOutputs(old, now).some(({ kind, breaks }) => breaks || kind === "output-uncompared")) return;
      kept += 1;
      const named = new Map([...old.named].map(([name, type]) => [name, read(type)]));
      const asRead: Output = { type: read(old.type), named };
      for (const one of values)
        if (isOfType(one, now.type, now))
          expect([one, isOfType(one, asRead.type, asRead)]).toEqual([one, true]);
    }),
    { numRuns: 3000 },
  );
  expect(kept).toBeGreaterThan(300);
});

it("finds no difference between a schema and itself", () => {
  fc.assert(
    fc.property(whole, (one) => {
      expect(compareOutputs(readOutput(one), readOutput(one))).toEqual([]);
    }),
  );
});

const object = (name: string, type: JsonValue = "string"): JsonObject => ({
  type: "object",
  properties: { [name]: { type } },
  required: [name],
});
const optional = (name: string): JsonObject => ({ ...object(name), required: [] });
const recursive = (name: string): JsonObject => ({
  type: "object",
  properties: { next: { $ref: `#/$defs/${name}` }, [name]: { type: "string" } },
});
const either = { anyOf: ["p", "q"].map((name) => object(name, ["string", "number", "boolean"])) };
// biome-ignore format: one row a line
const TANGLED: Readonly<Record<string, JsonObject>> = {
  "fields of string, number or boolean in unions of two objects": { type: "object", properties: { x: either, y: either } },
  "three allOf of eight anyOf": { allOf: [0, 1, 2].map((i) => ({ anyOf: Array.from({ length: 8 }, (_, j) => object(`f${i}_${j}`)) })) },
  "300 objects": { enum: Array.from({ length: 300 }, (_, a) => ({ a, b: [a] })) },
  "2,000 objects of one field": { anyOf: Array.from({ length: 2000 }, (_, at) => object(`f${at}`)) },
  "two that hold themselves": { allOf: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/b" }], $defs: { a: recursive("a"), b: recursive("b") } },
  "two that hold themselves, one level apart": {
    allOf: [{ $ref: "#/$defs/a" }, { type: "object", properties: { next: { $ref: "#/$defs/b" } } }],
    $defs: {
      a: { type: "object", properties: { next: { type: "object", properties: { next: { $ref: "#/$defs/a" } } } } },
      b: { type: "object", properties: { next: { type: "object", properties: { next: { $ref: "#/$defs/b" } } } } },
    },
  },
};

it.each(Object.entries(TANGLED))("keeps the contract if only descriptions differ: %s", (_, one) => {
  const described = JSON.parse(
    JSON.stringify(one, (key, value) =>
      key === "properties" ? value : isObject(value) ? { ...value, description: "x" } : value,
    ),
  );
  const { enum: _enum, ...others } = described;
  const other = one.enum === undefined ? others : { ...one, description: "x" };
  expect(compareOutputs(readOutput(one), readOutput(one))).toEqual([]);
  expect(compareOutputs(readOutput(one), readOutput(other))).toEqual([]);
});

it("says that two are too tangled to compare, which breaks nothing", () => {
  const { anyOf } = TANGLED["2,000 objects of one field"] as { anyOf: JsonObject[] };
  const changes = compareOutputs(readOutput({ anyOf }), readOutput({ anyOf: anyOf.toReversed() }));
  expect(changes).toMatchObject([{ kind: "output-uncompared", breaks: false }]);
});

it("an optional field whose name every object inherits has no type", () => {
  const schema = {
    type: "object",
    properties: { constructor: { type: "string" }, toString: {} },
    required: ["toString"],
  };
  expect(readOutput(schema).type).toMatchObject({
    fields: [
      { name: "constructor", type: { kind: "unknown" }, optional: true },
      { name: "toString", optional: false },
    ],
  });
});

/** Reads pairs of schemas and compares them, in a thread that may be ended. */
const COMPARING = `
import { parentPort, workerData } from "node:worker_threads";
import { compareOutputs } from "../../src/answers/compare-outputs.ts";
import { readOutput } from "../../src/answers/read-output.ts";
const messages = ([from, to]) => compareOutputs(readOutput(from), readOutput(to)).map(({ message }) => message);
parentPort.postMessage(workerData.map(messages));
`;

it("is fast with schemas that are made to be tangled, also for a live prompt", async () => {
  /** As many schemas, which refer to one another by their number. */
  const defs = (length: number, one: (at: number) => JsonObject): JsonObject => ({
    $ref: "#/$defs/n0",
    $defs: Object.fromEntries(Array.from({ length }, (_, at) => [`n${at}`, one(at)])),
  });
  const cycle = (length: number) =>
    defs(length, (at) => {
      const next = { $ref: `#/$defs/n${(at + 1) % length}` };
      return { type: "object", properties: { next }, required: ["next"] };
    });
  const doubled = (levels: number) =>
    defs(levels, (at) => {
      const next = { allOf: [{ $ref: `#/$defs/n${at + 1}` }, optional("x")] };
      return { type: "object", properties: { a: next, b: next } };
    });
  // Each alternative fits one of the others alone, which is looked for.
  const wide = (names: readonly string[]): JsonObject => ({ anyOf: names.map((name) => object(name)) });
  const names = Array.from({ length: 700 }, (_, at) => `p${at}`);
  const union = (suffix: string): JsonObject => ({
    anyOf: Array.from({ length: 60 }, (_, at) => ({
      type: "object",
      properties: { [`${suffix}${at}`]: { anyOf: [{ type: "object" }, { type: "array" }] } },
    })),
  });
  // Merged two by two, each doubles what there is.
  const unions = (suffix: string): JsonObject => ({
    allOf: Array.from({ length: 25 }, (_, i) => ({
      anyOf: [0, 1].map((j) => optional(`${suffix}${i}_${j}`)),
    })),
  });
  const endless = { $ref: "#/$defs/a", $defs: { a: { anyOf: [{ $ref: "#/$defs/a" }, { $ref: "#" }] } } };
  const { outputFiles } = await build({
    stdin: { contents: COMPARING, resolveDir: import.meta.dirname },
    bundle: true,
    platform: "node",
    write: false,
  });
  const changes = await inThread(outputFiles[0]?.text ?? "", [
    [cycle(19), cycle(20)],
    [cycle(499), cycle(500)],
    [doubled(40), doubled(41)],
    [union("a"), union("b")],
    [wide(names), wide(names.toReversed())],
    [unions("a"), unions("b")],
    [endless, { ...endless, title: "x" }],
  ]);
  const many = "couldn't compare output: the schemas lead to too many types, so look at them yourself";
  expect(changes).toEqual([[], [many], expect.any(Array), expect.any(Array), [many], expect.any(Array), []]);
}, 60_000);
