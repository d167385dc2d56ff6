// Answers that are made to cost: a stranger who talks to a model can write what it answers.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePattern, statesOf } from "../../src/answers/parse-pattern.ts";
import type { JsonObject } from "../../src/prompt.ts";
import { inThread } from "../support/in-thread.ts";
import { compileSchema, countingHelper, moduleUrl, outputFor, readInThread, refusal } from "./output-case.ts";

/** Patterns that repeat parts that repeat, with bounds: what an engine that tries one way after the other is slow with. */
const madePattern = fc
  .letrec<{ one: string; all: string }>((tie) => ({
    one: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom("a", "b", " ", "\\w", "\\d", ".", "[ab]", "[^a]", "\\p{L}", "\\.", "\\b", "\u{1f600}"),
      fc
        .tuple(tie("all"), fc.constantFrom("?", "*", "+", "{1,20}", "{2}", "{0,3}", "{2,}", "??", "{1,2}?"))
        .map(([inner, times]) => `(?:${inner})${times}`),
      fc.tuple(tie("all"), tie("all")).map((both) => `(${both.join("|")})`),
    ),
    all: fc.array(tie("one"), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("")),
  }))
  .all.chain((text) => fc.constantFrom(text, `^${text}`, `^${text}$`, `${text}$`));
const madeText = fc
  .array(fc.constantFrom("a", "b", " ", "1", ".", "\n", "é", "\u{1f600}"), { maxLength: 7 })
  .map((all) => all.join(""));

const AFTER_ALL = "!";
const optional = `^${"a?".repeat(60)}${"a".repeat(60)}$`;

describe("a pattern", () => {
  it.each([
    ["^(?:\\w{1,20} ?){1,20}$", "a".repeat(60) + AFTER_ALL],
    ["^(?:[A-Za-z0-9]{1,63}\\.?){1,8}$", "a".repeat(60) + AFTER_ALL],
    [optional, "a".repeat(59)],
    ["^(a+)+$", "a".repeat(60) + AFTER_ALL],
    ["(?:a|a)*b", "a".repeat(10_000)],
    ["^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$", `a@${".".repeat(100_000)} `],
  ])("doesn't take exponential time in a text's length: %s", async (pattern, text) => {
    expect(await readInThread({ type: "string", pattern }, [JSON.stringify(text)])).toEqual([
      "output_invalid",
    ]);
  });

  it.each([
    ["^\\u{1f600}\\x41\\cA\\0[\\]]\\/$", "\u{1f600}A\u0001\0]/"],
    ["^(?<year>\\d{4})-\\p{Lu}$", "2026-Ä"],
    ["\\ud83d\\ude00$", "x\u{1f600}"],
    ["^.$", "\ud800"],
    ["^(?:)$", ""],
    ["^a{0}b{2,}?$", "bbb"],
    ["(?:^|x)(?:^)*\\Bb?$", ""],
    ["^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$", "ada@example.com"],
  ])("matches what the language's own matches: %s", (pattern, text) => {
    expect(new RegExp(pattern, "u").test(text)).toBe(true);
    expect(matches(pattern, text)).toBe(true);
    expect(matches(pattern, `${text}\n`)).toBe(new RegExp(pattern, "u").test(`${text}\n`));
  });

  it("means the same as in the language, in steps proportional to text plus pattern", () => {
    let compared = 0;
    fc.assert(
      fc.property(madePattern, madeText, fc.integer({ min: 50, max: 400 }), (pattern, text, times) => {
        const parsed = readable(pattern);
        if (parsed === undefined) return;
        compared += 1;
        expect(matches(pattern, text)).toBe(new RegExp(pattern, "u").test(text));
        // A state is met at a character once at most: no text takes more than this.
        for (const long of [text.repeat(times), "a".repeat(times) + AFTER_ALL])
          expect(stepsOf(pattern, long)).toBeLessThanOrEqual(
            (statesOf(parsed) + 1) * ([...long].length + 1) + OF_SCHEMA,
          );
      }),
      { numRuns: 300 },
    );
    expect(compared).toBeGreaterThan(150);
  });
});

function readable(pattern: string) {
  try {
    return parsePattern(pattern, []);
  } catch {
    return undefined;
  }
}

function matches(pattern: string, text: string): boolean {
  const { makeOutput, patternsOf } = countingHelper;
  const patterns = patternsOf({ [pattern]: parsePattern(pattern, []) });
  const output = makeOutput({ pattern }, patterns, "triage", 7, "version_01");
  return output["~standard"].validate(text).issues === undefined;
}

/** To look at the schema, and to report what doesn't match. */
const OF_SCHEMA = 20;

function stepsOf(pattern: string, text: string): number {
  matches(pattern, text);
  return countingHelper.steps();
}

/** The heap that checking an answer takes at most, in MB, and the time in ms, in a thread of its own. */
async function costOf(schema: JsonObject, answer: string): Promise<{ code: string; ms: number; mb: number }> {
  return inThread(
    `const { parentPort, workerData } = require("node:worker_threads");
    const { getHeapStatistics } = require("node:v8");
    import(workerData.url).then(({ output }) => {
      const before = getHeapStatistics().used_heap_size;
      const started = performance.now();
      let code = "accepted";
      try {
        output.parse(workerData.answer);
      } catch (error) {
        code = error.code;
      }
      const mb = (getHeapStatistics().used_heap_size - before) / 1e6;
      parentPort.postMessage({ code, ms: performance.now() - started, mb });
    });`,
    { url: moduleUrl(await compileSchema(schema)), answer },
  );
}

describe("a short answer is cheap to check", () => {
  it("objects that must differ: 85 KB", async () => {
    const list = Array.from({ length: 5200 }, (_, at) => ({ a: { b: at } }));
    const schema = { type: "array", uniqueItems: true };
    const answer = JSON.stringify(list);
    expect(answer.length).toBeGreaterThan(85_000);
    expect(await costOf(schema, answer)).toMatchObject({ code: "accepted" });
    const output = await outputFor(schema);
    expect(() => output.parse([...list, { a: { b: 0 } }])).toThrow("must NOT have duplicate items");
    // Keys in another order make no other object.
    expect(() =>
      output.parse([
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ]),
    ).toThrow("must NOT have duplicate items");
    expect(
      output.parse([{ a: 1 }, { a: "1" }, 1, "1", [1], [[1]], null, "null", { a: [1, 2] }, { a: ["1,2"] }]),
    ).toBeDefined();
  });

  it("a list of what no alternative accepts: 88 KB", async () => {
    const anyOf = Array.from({ length: 30 }, (_, at) => ({
      type: "object",
      properties: { [`p${at}`]: { type: "string" } },
      required: [`p${at}`],
    }));
    const answer = JSON.stringify(Array(29_500).fill({}));
    const { code, mb } = await costOf({ type: "array", items: { anyOf } }, answer);
    expect(code).toBe("output_invalid");
    expect(mb).toBeLessThan(100);
    const inUnion = await costOf({ anyOf: [{ type: "array", items: { anyOf } }, { type: "null" }] }, answer);
    expect(inUnion.mb).toBeLessThan(100);
  });

  it("a union in a list that is checked in full, and a text with many characters", async () => {
    const anyOf = Array.from({ length: 500 }, (_, at) => ({ const: at }));
    const { code } = await costOf(
      { not: { items: { not: { anyOf } } } },
      JSON.stringify(Array(40_000).fill(-1)),
    );
    expect(code).toBe("output_invalid");
    for (const long of [JSON.stringify("a".repeat(2_000_001)), `[${"{},".repeat(3_000_000)}{}]`]) {
      const text = refusal(await outputFor({}), long);
      expect(text.message).toContain("$ has more than 2,000,000 characters");
    }
  });
});

describe("numbers", () => {
  it("are multiples as written: 10,000 prices", async () => {
    const output = await outputFor({ type: "number", multipleOf: 0.01 });
    for (let cents = 0; cents < 10_000; cents++) {
      expect(output.parse(`${(cents / 100).toFixed(2)}`)).toBe(cents / 100);
      expect(() => output.parse(`${(cents / 100).toFixed(2)}5`)).toThrow("must be multiple of 0.01");
    }
  });

  it.each([
    [1e-7, 1e-9, true],
    [1e300, 0.1, true],
    [4.35, 0.05, true],
    [0.3, 0.2, false],
    [2 ** 60, 2, true],
    [-1.5, 0.5, true],
    [7, 3.5, true],
    [1e22, 7, false],
  ])("%d is a multiple of %d: %s", async (value, of, is) => {
    const output = await outputFor({ multipleOf: of });
    expect(output["~standard"].validate(value).issues === undefined).toBe(is);
  });

  it("are the ones that JSON can hold", async () => {
    for (const type of ["number", "integer"]) {
      const output = await outputFor({ type });
      expect(() => output.parse("1e999")).toThrow(`must be ${type}`);
      expect(() => output.parse("-1e999")).toThrow(`must be ${type}`);
    }
  });
});

it("an empty list contains nothing, as a condition too", async () => {
  const output = await outputFor({ if: { contains: { const: 1 } }, else: { maxItems: 0 } });
  expect(output.parse("[]")).toEqual([]);
  expect(output.parse("[1, 2]")).toEqual([1, 2]);
  expect(() => output.parse("[2]")).toThrow("must NOT have more than 0 items");
});

it("an error contains no value of an answer, and neither does its cause", async () => {
  const error = refusal(await outputFor({ type: "object" }), 'Sure! {"card": "4111 1111"}');
  expect(error.message).toContain("$ isn't JSON");
  expect(error.cause).toBeUndefined();
  expect(JSON.stringify(error) + error.stack).not.toMatch(/Sure|4111/);
});

it("an unknown keyword gets a warning with the nearest right name and the place", async () => {
  const { diagnostics } = await compileSchema({
    type: "object",
    propertes: { a: {} },
    properties: {
      note: { "x-note": 1, title: "x", requiered: ["a"], contentEncoding: "x" },
    },
  });
  expect(diagnostics).toMatchObject([
    {
      code: "output_keyword_unknown",
      hint: 'Did you mean "properties"?',
      where: { line: 3 },
    },
    { code: "output_keyword_unknown", hint: 'Did you mean "required"?' },
  ]);
});

it("draft-07 is accepted if it means the same", async () => {
  const output = await outputFor({
    $schema: "http://json-schema.org/draft-07/schema#",
    definitions: { a: { type: "string" } },
    type: "object",
    properties: {
      a: { $ref: "#/definitions/a", description: "x" },
      list: { items: { exclusiveMinimum: 0 } },
    },
    if: { required: ["a"] },
    else: { required: ["list"] },
  });
  expect(output.parse({ a: "x" })).toEqual({ a: "x" });
  expect(() => output.parse({ list: [0] })).toThrow("$.list[0] must be > 0");
});
