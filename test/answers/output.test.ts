import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { compileOutput } from "../../src/answers/compile-output.ts";
import { emitModule } from "../../src/compiler/3-emit/emit-module.ts";
import { emitModuleTypes } from "../../src/compiler/3-emit/types/emit-module-types.ts";
import { outputTypes } from "../../src/compiler/3-emit/types/output-types.ts";
import { OutputError } from "../../src/errors/render-errors.ts";
import { isScopeError, type ScopeError } from "../../src/errors/scope-error.ts";
import type { JsonObject } from "../../src/prompt.ts";
import { promptSource } from "../compiler/prompts.ts";
import { compileSchema, isOfType, outputFor, readInThread, refusal, runCompiled } from "./output-case.ts";

/** The declarations without comments, in one line. */
async function typeText(schema: JsonObject): Promise<string> {
  const lines = outputTypes(await compileSchema(schema))?.types ?? [];
  const code = lines.filter((line) => !/^\s*(?:\/\*\*| \*)/.test(line));
  return code.join(" ").replace(/\s+/g, " ").replace("export type Output = ", "");
}

const TEXT = { type: "string" };
const NUMBER = { type: "number" };
const NULL = { type: "null" };
const object = (
  properties: JsonObject,
  required: readonly string[] = Object.keys(properties),
): JsonObject => ({
  type: "object",
  properties,
  required,
});
const list = (items: JsonObject): JsonObject => ({ type: "array", items });
const closed = (schema: JsonObject): JsonObject => ({ ...schema, additionalProperties: false });

type Answers = readonly unknown[];
// biome-ignore format: one row a line
const ROWS: readonly [what: string, schema: JsonObject, type: string, accepted: Answers, refused: Answers][] = [
  ["an object of OpenAI's strict subset", closed(object({ a: TEXT, b: { type: "integer" } })), "{ a: string; b: number; };", [{ a: "", b: 1 }], [{ a: "", b: 1.5 }, { a: "" }, { a: "", b: 1, c: 1 }, [], null, "{}"]],
  ["a field that may be left out", object({ a: { type: ["string", "null"] } }, []), "{ a?: string | null; };", [{}, { a: null }, { a: "x", other: 1 }], [{ a: 1 }]],
  ["names that objects inherit", object({ constructor: TEXT }, ["constructor", "toString"]), "{ constructor: string; toString: unknown; };", [{ constructor: "x", toString: 1 }], [{}, { constructor: "x" }, { toString: 1 }]],
  ["a record", { type: "object", additionalProperties: NUMBER }, "{ [key: string]: number; };", [{}, { a: 1 }], [{ a: "1" }]],
  ["a record with fields", { ...object({ a: TEXT }), additionalProperties: NUMBER }, "{ a: string; [key: string]: number | string; };", [{ a: "", b: 1 }], [{ a: "", b: "" }]],
  ["a list", { ...list({ enum: ["a", "b", null] }), minItems: 1, uniqueItems: true }, '("a" | "b" | null)[];', [["a"], ["a", null]], [[], ["c"], ["a", "a"]]],
  ["a tuple", { type: "array", prefixItems: [NUMBER, { type: ["string", "null"] }], items: false, minItems: 1 }, "[number, (string | null)?];", [[1], [1, "a"], [1, null]], [[], ["a"], [1, "a", 2]]],
  ["a tuple with more behind it", { ...list({ type: "boolean" }), prefixItems: [NUMBER] }, "[number?, ...boolean[]];", [[], [1], [1, true]], [[true], [1, 1]]],
  ["a constant, and values that are objects", { enum: [{ kind: "a", list: [1, true] }, 2] }, '{ kind: "a"; list: [1, true]; } | 2;', [{ kind: "a", list: [1, true] }, 2], [{ kind: "b", list: [1, true] }, { kind: "a", list: [true, 1] }, 3]],
  ["a union that a constant decides", { anyOf: [object({ kind: { const: "a" }, n: NUMBER }), object({ kind: { const: "b" } })] }, '{ kind: "a"; n: number; } | { kind: "b"; };', [{ kind: "a", n: 1 }, { kind: "b" }], [{ kind: "a" }, { kind: "c" }]],
  ["all of several", { allOf: [{ $ref: "#/$defs/base" }, object({ b: NUMBER })], unevaluatedProperties: false, $defs: { base: object({ a: TEXT }) } }, "{ a: string; b: number; };", [{ a: "", b: 1 }], [{ a: "" }, { a: "", b: 1, c: 1 }]],
  ["a type that holds itself", { $ref: "#/$defs/tree", $defs: { tree: closed(object({ children: list({ $ref: "#/$defs/tree" }) })) } }, "OutputTree; type OutputTree = { children: OutputTree[]; };", [{ children: [] }, { children: [{ children: [] }] }], [{ children: [{}] }]],
  ["the answer in itself", object({ next: { anyOf: [{ $ref: "#" }, NULL] } }), "{ next: Output | null; };", [{ next: null }, { next: { next: null } }], [{ next: {} }]],
  ["what no type says", { properties: { a: TEXT }, minProperties: 1, if: { required: ["a"] }, else: { required: ["b"] } }, "unknown;", [{ a: "" }, { b: 1 }, 5], [{ a: 1 }, { c: 1 }, {}]],
  ["lengths in characters, and a pattern", { ...TEXT, maxLength: 2, pattern: "^\\p{Emoji}+$" }, "string;", ["😀😀"], ["😀😀😀", "a", 1]],
  ["what depends on others", { type: "object", dependentRequired: { a: ["b"] }, propertyNames: { maxLength: 1 }, minProperties: 1 }, "{ [key: string]: unknown; };", [{ a: 1, b: 1 }, { c: 1 }], [{ a: 1 }, { long: 1 }, {}]],
  ["what a list holds at least", { type: "array", contains: { const: 1 }, minContains: 2 }, "unknown[];", [[1, 1]], [[1]]],
];

it.each(ROWS)("%s is typed, and accepts and refuses answers", async (_, schema, type, accepted, refused) => {
  expect(await typeText(schema)).toBe(type);
  const compiled = await compileSchema(schema);
  const { output } = await runCompiled(compiled);
  const read = compiled.output?.type;
  for (const answer of accepted) {
    expect(output.parse(JSON.stringify(answer))).toEqual(answer);
    if (typeof answer !== "string") expect(output.parse(answer)).toBe(answer);
    expect(read && isOfType(answer, read.type, read)).toBe(true);
  }
  for (const answer of refused) expect(refusal(output, JSON.stringify(answer))).toBeInstanceOf(OutputError);
});

const TICKET = closed(
  object({
    team: { enum: ["billing", "support"] },
    steps: list(object({ "in short": { type: "string", minLength: 2 } })),
    owner: { anyOf: [object({ id: NUMBER }), NULL] },
  }),
);

describe("an answer that doesn't fit", () => {
  it("is refused with every place and reason, prompt and version", async () => {
    const error = refusal(
      await outputFor(TICKET),
      '{"steps":[{"in short":"a"},{}],"owner":{"id":"x"},"more":1}',
    );
    expect(error).toMatchObject({
      name: "OutputError",
      code: "output_invalid",
      where: { prompt: "triage", versionNumber: 7, versionId: "version_01" },
    });
    expect(error.message).toMatch(/^The answer for prompt "triage" \(version 7\) doesn't fit its schema: /);
    expect([...error.problems].sort((a, b) => (`${a.path}` < `${b.path}` ? -1 : 1))).toEqual([
      { path: ["more"], message: "isn't expected" },
      { path: ["owner", "id"], message: "must be number" },
      { path: ["steps", 0, "in short"], message: "must NOT have fewer than 2 characters" },
      { path: ["steps", 1, "in short"], message: "is missing" },
      { path: ["team"], message: "is missing" },
    ]);
    expect(error.message).toContain('$.steps[0]["in short"] must NOT have fewer than 2 characters');
  });

  it("has its problems in the order of the schema, whatever order the fields are in", async () => {
    const properties = { a: { type: "string" }, b: { enum: ["one", "two"] }, c: { type: "null" }, d: false };
    const output = await outputFor({ properties, required: ["c", "e"], additionalProperties: false });
    const problems = (text: string) => refusal(output, text).problems.map(({ path }) => path.join("."));
    expect(problems('{ "a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1 }')).toEqual([..."abcdef"]);
    expect(problems('{ "f": 1, "e": 1, "d": 1, "c": 1, "b": 1, "a": 1 }')).toEqual([..."abcdfe"]);
    expect(problems('{ "f": 1, "b": 1, "d": 1 }')).toEqual([..."bcdef"]);
  });

  it("isn't JSON, is nested too deep, or contains what would control a terminal", async () => {
    const output = await outputFor({ type: "array", items: { $ref: "#" } });
    expect(refusal(output, "Sure! []")).toMatchObject({ problems: [{ path: [], message: "isn't JSON" }] });
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect(refusal(output, deep).problems).toEqual([
      { path: [], message: "is nested too deep, or takes too long to check" },
    ]);
    const steering = refusal(await outputFor(TICKET), { "\u001b[2J\n##[error]": 1 });
    expect(steering.message).not.toMatch(/[\p{Cc}]|##\[/u);
  });

  it("is shown with its first ten problems of a hundred", async () => {
    const error = refusal(await outputFor({ type: "array", items: { type: "string" } }), Array(500).fill(1));
    expect(error.message).toMatch(/\$\[9\] must be string and 90 more\.$/);
    expect(error.problems.length).toBe(100);
  });
});

it("the Standard Schema validates values, and returns the schema as a copy", async () => {
  const module = await runCompiled(await compileSchema(TICKET));
  const standard = module.output["~standard"];
  expect(standard).toMatchObject({ version: 1, vendor: "unplugin-scope" });
  const value = { team: "billing", steps: [], owner: null };
  expect(standard.validate(value)).toEqual({ value });
  expect(standard.validate({ ...value, team: "x" })).toEqual({
    issues: [{ path: ["team"], message: 'must be one of "billing", "support"' }],
  });
  const copy = standard.jsonSchema.input({ target: "draft-07" });
  expect(copy).toEqual(TICKET);
  copy.type = "changed";
  expect(module.outputSchema).toEqual(TICKET);
  expect(module.metadata).toEqual({ model: "small-1", output_schema: TICKET });
  expect(() => standard.jsonSchema.input({ target: "openapi-3.0" })).toThrow("openapi-3.0");
});

const nested = (levels: number): JsonObject =>
  levels === 0 ? { type: "string" } : { type: "array", items: nested(levels - 1) };
const properties = (count: number): JsonObject =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, { type: "string" }]));

describe("a schema that can't be used", () => {
  // biome-ignore format: one row a line
  it.each<[string, JsonObject, string, { line?: number; column?: number; frame?: string; hint?: string }]>([
    ["an unknown type", { type: "object", properties: { a: { type: "strin" } } }, "type must be", { line: 5, frame: '"type": "strin"' }],
    ["a keyword of another type", { type: "object", required: "a" }, "required must be array", { line: 3, column: 3, frame: "\n    |   ^^^^^^^^^^\n" }],
    ["a reference outside", { $ref: "https://example.com/x.json" }, "leads to no schema inside this one", { line: 2, hint: 'A $ref can name "#" or a place such as "#/$defs/name".' }],
    ["a dangling reference", { items: { $ref: "#/$defs/gone" } }, '"#/$defs/gone" leads to no schema', { line: 3 }],
    ["a reference to something that isn't a schema", { $ref: "#/examples/0", examples: [{}] }, "leads to no schema", { line: 2 }],
    ["endless recursion", { $ref: "#" }, "refers to itself without end", { line: 2 }],
    ["endless recursion, indirectly", { anyOf: [{ $ref: "#/$defs/a" }], $defs: { a: { not: { $ref: "#/$defs/a" } } } }, "without end", {}],
    ["a dynamic reference", { $dynamicRef: "#node" }, "$dynamicRef isn't supported", { line: 2, hint: 'Use $ref, such as "#/$defs/name".' }],
    ["another draft", { $schema: "http://json-schema.org/draft-04/schema#" }, "isn't of draft 2020-12", { line: 2, hint: "Convert it, or leave out the $schema." }],
    ["a list of schemas as in draft-07", { $schema: "http://json-schema.org/draft-07/schema#", items: [{}] }, "items is an array", { line: 3 }],
    ["a keyword that is only in draft-07", { $schema: "http://json-schema.org/draft-07/schema#", dependencies: { a: ["b"] } }, "dependencies isn't supported", { line: 3 }],
    ["OpenAI's wrapper", { name: "triage", strict: true, schema: { type: "object" } }, "a wrapper around a schema", { line: 4 }],
    ["OpenAI's response_format", { type: "json_schema", json_schema: { name: "triage", schema: { type: "object" } } }, "a wrapper around a schema", { line: 3 }],
    ["an invalid value, deep inside", { properties: { a: { items: { enum: [] } } } }, "enum must be array", { line: 5, column: 9 }],
    ["no alternatives", { anyOf: [] }, "anyOf must be array with at least one schema", { line: 2 }],
    ["something that isn't a schema", { properties: { a: [] } }, "a must be a schema", { line: 3 }],
    ["a negative length", { maxLength: -1 }, "maxLength must be a whole number", { line: 2, hint: "Fix it and save a new version. Draft 2020-12 of JSON Schema is supported." }],
    ["a step of zero", { multipleOf: 0 }, "multipleOf must be a number above 0", { line: 2 }],

    ["an invalid pattern", { pattern: "(" }, "isn't a regular expression", { line: 2 }],
    ["a pattern with a back reference", { pattern: "^(a)\\1$" }, "refers back to a group", { line: 2, frame: "^(a)" }],
    ["a pattern of names with a lookahead", { patternProperties: { "^(?=a)": true } }, "looks ahead", { line: 3 }],
    ["a pattern that repeats too much", { pattern: "^(?:a{1,100}){1,100}$" }, "repeats more than 5,000 parts", {}],
    ["a name that sets something else", JSON.parse('{"properties":{"__proto__":{}}}'), "__proto__", { line: 3 }],
    ["a name that sets something else, in a list", JSON.parse('{"required":["__proto__"]}'), "__proto__", { line: 3, hint: "Choose another name." }],
    ["a name that sets something else, needed by another", JSON.parse('{"dependentRequired":{"a":["__proto__"]}}'), "__proto__", {}],
    ["a nested schema with another $id", { properties: { a: { $id: "https://example.com/a" } } }, "a schema inside another one has an $id", { line: 4, hint: "Leave out the $id." }],
    ["a long pattern", { pattern: `^${"a".repeat(1000)}` }, "more than 100 patterns, or one of more than 1000 characters", { line: 2 }],
    ["a name that no text can hold", { properties: { "\ud800": {} } }, "half of a character", { line: 2 }],
    ["many levels", nested(200), "more than 100 levels deep", {}],
    ["many properties", { type: "object", properties: properties(7000) }, "more than 6,000 schemas", {}],
    ["many characters", { description: "x".repeat(500_001) }, "more than 500,000 characters", {}],
    ["many patterns", { allOf: Array.from({ length: 101 }, (_, i) => ({ pattern: `^${i}$` })) }, "more than 100 patterns", {}],
  ])("is an error with its place: %s", async (_, schema, message, { frame, hint, ...place }) => {
    const error: ScopeError = await compileSchema(schema).then(
      () => Promise.reject(new Error("It was compiled.")),
      (reason) => reason,
    );
    expect(error.message).toContain(message);
    expect(isScopeError(error, "output_schema_invalid")).toBe(true);
    const version = { prompt: "triage", versionNumber: 7, versionId: "version_01" };
    expect(error).toMatchObject({ where: { ...version, ...place } });
    if (frame !== undefined) expect(error.where?.frame).toContain(frame);
    if (hint !== undefined) expect(error.hint).toBe(hint);
    expect(error.where?.frame?.length ?? 0).toBeLessThan(1000);
  });

  it("can have its own $id, and values for keywords of other types", async () => {
    const schema = {
      $id: "https://example.com/own",
      $schema: "https://json-schema.org/draft/2020-12/schema",
    };
    const output = await outputFor({ ...schema, type: "object", title: "x", pattern: "^a" });
    expect(output.parse({})).toEqual({});
  });

  it("is only one if the config names its key, it's an own property, and an object", async () => {
    const source = promptSource("x", { metadata: { output_schema: "text", answers: TICKET } });
    expect(await compileOutput(source, false)).toBeUndefined();
    for (const metadataKey of ["toString", "output_schema"])
      expect(await compileOutput(source, { metadataKey }), metadataKey).toBeUndefined();
    expect(await compileOutput(source, { metadataKey: "answers" })).toMatchObject({
      key: "answers",
      schema: TICKET,
    });
  });
});

describe("hostile text in a schema", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom(
      ...["</script><!--", "*/ alert(1) /*", '"+globalThis.hacked+"', "//# sourceMappingURL=x", "a~1b/c%25d"],
      ...["`${1}`", "\\u2028\u2028", "\ud800", "'", "require", "constructor", "hasOwnProperty"],
      "module.exports = a;module.exports.default = a;",
      'const a = require("ajv/dist/runtime/equal").default;',
    ),
  );

  it("never becomes code: it's text in types, messages and values", async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (name, value, description) => {
        fc.pre(name !== "__proto__" && name.isWellFormed());
        const schema: JsonObject = {
          type: "object",
          description,
          properties: { [name]: { enum: [value, { [name]: value }], description, title: value } },
          required: [name],
          additionalProperties: false,
          dependentRequired: { [name]: [name] },
        };
        const compiled = await compileSchema(schema, value.isWellFormed() && value !== "" ? value : "triage");
        const { output } = await runCompiled(compiled);
        expect(output.parse({ [name]: value })).toEqual({ [name]: value });
        expect(output.parse({ [name]: { [name]: value } })).toEqual({ [name]: { [name]: value } });
        expect(refusal(output, {}).problems).toContainEqual({ path: [name], message: "is missing" });
        expect(refusal(output, { [name]: `${value}x` }).problems[0]?.path).toEqual([name]);
        expect((globalThis as { hacked?: unknown }).hacked).toBeUndefined();
        const code = emitModule(compiled, { development: false, helper: "./helper.js" });
        expect(code).not.toMatch(
          /<\/?script|<!--|-->|# sourceMappingURL|[\u2028\u2029]|\ud800(?![\udc00-\udfff])/i,
        );
      }),
      { numRuns: 150 },
    );
  });

  it("gives declarations that TypeScript can read", async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (name, value) => {
        fc.pre(name !== "__proto__" && name.isWellFormed());
        const item = { type: "object", properties: { [name]: { const: value, description: value } } };
        const pointer = encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
        const schema = {
          description: name,
          type: "array",
          items: { $ref: `#/$defs/${pointer}` },
          $defs: { [name]: item },
        };
        const code = emitModuleTypes(await compileSchema(schema));
        const file = ts.createSourceFile("a.d.ts", code, ts.ScriptTarget.Latest);
        expect((file as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe("names that every object inherits, in an answer", () => {
  const INHERITED = ["toString", "constructor", "hasOwnProperty", "valueOf", "__proto__", "__defineGetter__"];
  const withKey = (name: string, value: unknown = 1) =>
    JSON.parse(`{ ${JSON.stringify(name)}: ${JSON.stringify(value)} }`);
  const others = { anyOf: [{ properties: { a: {} } }, { properties: { b: {} } }] };
  const nine = Object.fromEntries([..."abcdefghi"].map((name) => [name, {}]));

  it.each<[string, JsonObject]>([
    ["additionalProperties", { properties: { a: {} }, additionalProperties: false }],
    ["additionalProperties next to many", { properties: nine, additionalProperties: false }],
    ["unevaluatedProperties", { properties: { a: {} }, unevaluatedProperties: false }],
    ["unevaluatedProperties next to alternatives", { ...others, unevaluatedProperties: false }],
    [
      "unevaluatedProperties next to a reference",
      {
        $ref: "#/$defs/x",
        unevaluatedProperties: false,
        $defs: { x: { ...others, oneOf: [{ required: ["a"], properties: { c: {} } }, { required: ["b"] }] } },
      },
    ],
    ["propertyNames", { propertyNames: { enum: ["a"] } }],
  ])("are refused like any other: %s", async (_, schema) => {
    const output = await outputFor(schema);
    expect(output.parse({ a: 1 })).toEqual({ a: 1 });
    for (const name of [...INHERITED, "other"]) {
      expect(() => output.parse(withKey(name)), name).toThrow("doesn't fit its schema");
      expect(output["~standard"].validate(withKey(name)).issues, name).toBeDefined();
    }
  });

  it("are refused next to a reference to their parent", async () => {
    const output = await outputFor({
      $ref: "#/$defs/n",
      $defs: {
        n: { type: "object", properties: { kid: { $ref: "#/$defs/m" } } },
        m: { $ref: "#/$defs/n", unevaluatedProperties: false },
      },
    });
    expect(output.parse({ kid: { kid: {} } })).toEqual({ kid: { kid: {} } });
    for (const name of [...INHERITED, "other"])
      expect(() => output.parse({ kid: withKey(name) }), name).toThrow("doesn't fit its schema");
  });

  it.each<[string, JsonObject]>([
    ["a pattern", { patternProperties: { "^[_a-zA-Z]+$": { type: "number" } } }],
    ["the schema of all others", { additionalProperties: { type: "number" } }],
  ])("are evaluated by %s", async (_, schema) => {
    const output = await outputFor({
      anyOf: [{ properties: { other: {} } }, schema],
      unevaluatedProperties: false,
    });
    for (const name of INHERITED) {
      expect(Object.keys(output.parse(withKey(name)) as object)).toEqual([name]);
      expect(() => output.parse(withKey(name, "text")), name).toThrow("doesn't fit its schema");
    }
  });

  it("are missing if an answer only has them from Object", async () => {
    const names = INHERITED.filter((name) => name !== "__proto__");
    for (const name of names) {
      const output = await outputFor({
        properties: { [name]: { type: "number" }, a: {} },
        dependentRequired: { [name]: ["a"], a: [name] },
        dependentSchemas: { [name]: { minProperties: 2 } },
      });
      expect(output.parse({})).toEqual({});
      expect(() => output.parse({ a: 1 })).toThrow(`$.${name} is missing next to a`);
      expect(() => output.parse(withKey(name))).toThrow(`$.a is missing next to ${name}`);
      expect(() => output.parse({ ...withKey(name, "x"), a: 1 })).toThrow(`$.${name} must be number`);
      const needed = await outputFor({ required: [name] });
      expect(() => needed.parse({})).toThrow(`$.${name} is missing`);
      expect(needed.parse(withKey(name))).toEqual(withKey(name));
    }
  });

  it.each(INHERITED)("are texts of a list like any other: %s", async (name) => {
    const output = await outputFor({ items: { type: "string" }, uniqueItems: true });
    expect(output.parse([name, "other"])).toEqual([name, "other"]);
    expect(() => output.parse([name, "other", name])).toThrow("must NOT have duplicate items");
    const loose = await outputFor({ items: { type: ["string", "number"] }, uniqueItems: true });
    expect(() => loose.parse([name, name])).toThrow("must NOT have duplicate items");
  });
});

describe("no answer and no schema takes exponential time", () => {
  const limit = { timeout: 60_000 };
  const node = (op: string) => object({ op: { const: op }, of: { $ref: "#/$defs/e" } });
  const alike = { $defs: { e: { anyOf: [node("neg"), node("not"), NUMBER] } }, $ref: "#/$defs/e" };
  const nested = (depth: number, leaf: unknown): unknown =>
    depth === 0 ? leaf : { op: "not", of: nested(depth - 1, leaf) };

  it("a recursive union whose alternatives look alike", limit, async () => {
    const tangled = [nested(500, 1), nested(500, "x"), nested(14, "x")];
    const [yes, no] = ["accepted", "output_invalid"];
    expect(await readInThread(alike, [nested(5, 1), ...tangled, nested(5, 1)])).toEqual([
      yes,
      yes,
      no,
      no,
      yes,
    ]);
  });

  it("references that lead to references twice", limit, async () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [
        `d${i}`,
        i === 59
          ? { type: "string", minLength: 1, maxLength: 9, pattern: "^a", description: "x" }
          : { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
      ]),
    );
    const schema = { $defs, $ref: "#/$defs/d0" };
    expect(await readInThread(schema, ['"a"', '"b"'])).toEqual(["accepted", "output_invalid"]);
  });

  it("very many errors", limit, async () => {
    const output = await outputFor(list({ anyOf: [TEXT, NULL] }));
    expect(() => output.parse(Array(50_000).fill(1))).toThrow(OutputError);
  });

  it("a list of unions, and optional tuples in tuples", limit, async () => {
    const union = (i: number) => ({ anyOf: [0, 1].map((j) => object({ [`p${i}_${j}`]: TEXT })) });
    await typeText({ allOf: Array.from({ length: 25 }, (_, i) => union(i)) });
    let tuple: JsonObject = TEXT;
    for (let i = 0; i < 23; i++) tuple = { type: "array", prefixItems: [{ anyOf: [tuple, NUMBER] }] };
    await typeText(tuple);
  });
});

it("a key with a percent sign is found", async () => {
  const schema = { type: "object", properties: { "100%": { type: 5 } } };
  await expect(compileSchema(schema)).rejects.toMatchObject({ code: "output_schema_invalid" });
});

it("an answer whose getter reads another answer is checked to its end", async () => {
  const output = await outputFor({ properties: { first: TEXT, second: TEXT } });
  const answer = {
    first: 1,
    get second() {
      return output.parse("{}") && "read";
    },
  };
  expect(refusal(output, answer).problems).toEqual([{ path: ["first"], message: "must be string" }]);
});
