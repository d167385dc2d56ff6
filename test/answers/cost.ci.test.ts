// What checking an answer costs: a stranger who talks to a model can write it. Costs are counted in steps and CPU, not by the clock.
import { beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/prompt.ts";
import { compileSchema, countingHelper, type OutputExport, outputOf } from "./output-case.ts";

const sizeOf = (value: unknown): number => JSON.stringify(value).length;
const MB = 1_000_000;
const fields = (count: number, schema: JsonObject): JsonObject => ({
  type: "object",
  properties: Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, schema])),
});
const list = (item: string, size: number) =>
  `[${Array(Math.ceil(size / (item.length + 1)))
    .fill(item)
    .join()}]`;
const distinct = (count: number, item: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => item(at)).join();
const alternatives = (count: number, one: (at: number) => JsonObject): JsonObject => ({
  anyOf: Array.from({ length: count }, (_, at) => one(at)),
});
const NULL_OR_N = { anyOf: [{ type: "null" }, { $ref: "#/$defs/n" }] };
const $defs: JsonObject = {
  n: { type: "object", properties: { c: NULL_OR_N, s: { type: "array", items: { type: "string" } } } },
};
const nest = (levels: number) =>
  `${'{"c":'.repeat(levels)}{"s":[${Array(100).fill(1)}]}${"}".repeat(levels)}`;

/** Schemas with answers of about so many characters. */
// biome-ignore format: one row a line
const SHAPES: [string, JsonObject, (size: number) => string][] = [
  ["objects without any of 50 fields", { items: fields(50, { type: "string" }) }, (size) => list("{}", size)],
  ["objects without any of 300 fields", { items: fields(300, { type: "string" }) }, (size) => list("{}", size)],
  ["multiples of a decimal", { items: { multipleOf: 0.01 } }, (size) => list("1.1", size)],
  ["multiples of many digits", { items: { multipleOf: 1e-9 } }, (size) => list("1.2345e299", size)],
  ["a text with many patterns", alternatives(20, (at) => ({ pattern: `^b${at}$` })), (size) => JSON.stringify("a".repeat(size))],
  ["a text that begins as many patterns do", alternatives(20, (at) => ({ pattern: `^a*${at}$` })), (size) => JSON.stringify("a".repeat(size))],
  ["a pattern with empty parts", { pattern: `^(?:${"|".repeat(900)}a)*$` }, (size) => JSON.stringify("a".repeat(size))],
  ["a text with many lengths", alternatives(1000, (at) => ({ minLength: 9_950_000 + at })), (size) => JSON.stringify("a".repeat(size))],
  ["names that are counted", alternatives(1000, () => ({ maxProperties: 1 })), (size) => `{${distinct(size / 13, (at) => `"k${at}":1`)}}`],
  ["names that aren't fields", alternatives(1000, () => ({ properties: { k: true }, required: ["k"] })), (size) => `{${distinct(size / 13, (at) => `"k${at}":1`)}}`],
  ["names to sort", { uniqueItems: true }, (size) => `[{${distinct(size / 13, (at) => `"k${at}":1`)}}]`],
  ["a long text that is compared", { allOf: Array(500).fill({ uniqueItems: true }) }, (size) => `["${"a".repeat(size)}"]`],
  ["what names need", { items: { dependentRequired: Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`p${at}`, ["a"]])) } }, (size) => list("{}", size)],
  ["schemas by name", { items: { dependentSchemas: Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`p${at}`, false])) } }, (size) => list("{}", size)],
  ["schemas that are true", { items: { allOf: Array(1000).fill(true) } }, (size) => list("1", size)],
  ["a long message", { items: { anyOf: [{ const: "x".repeat(200_000) }, { const: "y".repeat(200_000) }] } }, (size) => list("1", size)],
  ["nested alternatives with wrong leaves", { items: { not: NULL_OR_N }, $defs }, (size) => list(nest(Math.min(600, size / 8)), Math.min(size, 50_000))],
  ["problems behind a long name", { additionalProperties: { items: { type: "string" } } }, (size) => `{"${"k".repeat(size)}":[${Array(100).fill(1)}]}`],
];

/** The CPU in ms that checking a value takes. */
function cpuOf(output: OutputExport, value: unknown): number {
  const before = process.cpuUsage();
  output["~standard"].validate(value);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Of a check that ends at the bound, in steps that each look at a number. */
async function cpuOfAllSteps(): Promise<number> {
  const schema = { items: { allOf: [{ type: "number" }, { type: "number", minimum: 1 }] } };
  return cpuOf(outputOf(await compileSchema(schema)), Array(2 * MB).fill(1));
}

describe("large answers", () => {
  // The least of some, which is that of the machine when it does little else.
  let all = Number.POSITIVE_INFINITY;
  beforeAll(async () => {
    for (let time = 0; time < 3; time++) all = Math.min(all, await cpuOfAllSteps());
  });

  it.each(SHAPES)(
    "take about the CPU of their steps, in proportion to their length: %s",
    async (_, schema, answer) => {
      const compiled = await compileSchema(schema);
      const value = JSON.parse(`[${answer(9 * MB)}]`)[0];
      // Steps differ, and other programs are in the way. What is not counted takes a hundred times as long.
      expect(cpuOf(outputOf(compiled), value) / all).toBeLessThan(30);

      const output = outputOf(compiled, countingHelper);
      const stepsOf = (size: number) => {
        output["~standard"].validate(JSON.parse(answer(size)));
        return countingHelper.steps();
      };
      const [short, long] = [stepsOf(2000), stepsOf(20_000)];
      // Names are sorted; a square would be a hundred.
      expect(long).toBeLessThan(20 * short);
      expect(long).toBeLessThan(sizeOf(schema) * 20_000);
    },
  );
});

it("a value of an enum of objects is looked up", async () => {
  const kinds = Array.from({ length: 300 }, (_, k) => ({ k }));
  const output = outputOf(await compileSchema({ type: "array", items: { enum: kinds } }));
  const answer = Array.from({ length: 4000 }, () => ({ k: 5 }));
  expect(output.parse(answer)).toBe(answer);
  expect(output.parse(JSON.stringify(answer))).toEqual(answer);
  expect(() => output.parse([...answer, { k: 300 }])).toThrow("$[4000] must be one of the allowed values");
});

it("a check that ran out of stack doesn't affect the next one", async () => {
  const level = (at: number): JsonObject => ({
    anyOf: [{ type: "null" }, { type: "object", properties: { [`c${at}`]: { $ref: `#/$defs/d${at + 1}` } } }],
  });
  const levels = Array.from({ length: 300 }, (_, at) => [`d${at}`, level(at)]);
  const schema = {
    $ref: "#/$defs/d0",
    $defs: { ...Object.fromEntries(levels), d300: { type: "null" } },
  };
  const compiled = await compileSchema(schema);
  const wrap = (at: number): JsonObject | null => (at === 300 ? null : { [`c${at}`]: wrap(at + 1) });
  const answer = wrap(0);
  const atDepth = (depth: number, work: () => void): void =>
    depth === 0 ? work() : atDepth(depth - 1, work);
  let most = 1000;
  try {
    for (; ; most *= 2) atDepth(most, () => {});
  } catch {
    // That deep is too deep.
  }
  let refused = 0;
  for (let depth = 0; depth < most; depth += 50) {
    const output = outputOf(compiled);
    try {
      atDepth(depth, () => output.parse(answer));
    } catch {
      refused += 1;
    }
    expect(output.parse(answer)).toBe(answer);
  }
  expect(refused).toBeGreaterThan(0);
});

it("only an object's own properties are fields", async () => {
  class Ticket {
    readonly summary = "Paid twice";
    get team() {
      return 1;
    }
  }
  const schema = { type: "object", properties: { summary: { type: "string" }, team: { type: "string" } } };
  const ticket = new Ticket();
  expect(outputOf(await compileSchema(schema)).parse(ticket)).toBe(ticket);
  const strict = outputOf(await compileSchema({ ...schema, required: ["team"] }));
  expect(() => strict.parse(ticket)).toThrow("$.team is missing");
});
