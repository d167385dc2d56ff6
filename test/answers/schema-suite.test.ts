// The JSON-Schema-Test-Suite, as far as npm has it: draft 4, whose keywords mean the same in draft 2020-12 but for those
// below. What came later is in the table of output.test.ts. The tests of draft 2020-12 are in no package: of
// `json-schema-test-suite` 0.0.10 is the last, `@json-schema-org/tests` 2.0.0 holds none and has npm fetch a commit of the
// suite from GitHub, and the validators (ajv, z-schema, jsonschema, djv, @hyperjump/json-schema, @exodus/schemasafe,
// @cfworker/json-schema, json-schema-library) publish theirs without it.
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { isScopeError } from "../../src/errors/scope-error.ts";
import type { JsonObject } from "../../src/prompt.ts";
import { compileSchema, isOfType, runCompiled } from "./output-case.ts";

const SUITE = join(dirname(createRequire(import.meta.url).resolve("json-schema-test-suite")), "tests/draft4");

interface Group {
  readonly description: string;
  readonly schema: JsonObject;
  readonly tests: readonly {
    readonly description: string;
    readonly data: unknown;
    readonly valid: boolean;
  }[];
}

/** Whole files that are left out. */
const LEFT_OUT_FILES: Readonly<Record<string, string>> = {
  "additionalItems.json": "Draft 2020-12 says items and prefixItems instead.",
  "definitions.json": "Its schema names the schema of draft 4 by its address.",
  "refRemote.json": "Only references inside the schema are followed.",
  "dependencies.json": "Draft 2020-12 says dependentRequired and dependentSchemas instead.",
};

/** By file and group. */
// biome-ignore format: one row a line
const LEFT_OUT: readonly (readonly [file: string, group: string, reason: string])[] = [
  ["items.json", "an array of schemas for items", "Draft 2020-12 says prefixItems instead."],
  ["maximum.json", "exclusiveMaximum validation", "In draft 2020-12 exclusiveMaximum is a number."],
  ["minimum.json", "exclusiveMinimum validation", "In draft 2020-12 exclusiveMinimum is a number."],
  ["patternProperties.json", "patternProperties validates properties matching a regex", "Its pattern f.*o takes quadratic time, and is refused."],
  ["ref.json", "relative pointer ref to array", "Draft 2020-12 says prefixItems instead."],
  ["ref.json", "escaped pointer ref", "Its schemas are under names that are no keywords."],
  ["ref.json", "remote ref, containing refs itself", "Only references inside the schema are followed."],
];

/** Whose verdict is another in draft 2020-12, or with the numbers of JavaScript. */
const OTHERWISE: readonly (readonly [file: string, test: string, reason: string])[] = [
  ["ref.json", "mismatch, ref ignores siblings", "In draft 2020-12 a $ref has siblings."],
  ["type.json", "a float is not an integer even without fractional part", "1.0 is an integer since draft 6."],
];

const files = (await readdir(SUITE)).filter((file) => file.endsWith(".json"));
const suite = await Promise.all(
  files.map(async (file) => ({
    file,
    groups: JSON.parse(await readFile(join(SUITE, file), "utf8")) as Group[],
  })),
);
const used = suite
  .filter(({ file }) => !(file in LEFT_OUT_FILES))
  .flatMap(({ file, groups }) => groups.map((group) => ({ file, ...group })))
  .filter((one) => !LEFT_OUT.some(([file, group]) => one.file === file && one.description === group));

describe("the test suite of JSON Schema", () => {
  it("is complete, and so is the list of what is left out", () => {
    expect(used.flatMap(({ tests }) => tests).length).toBeGreaterThan(150);
    for (const file of Object.keys(LEFT_OUT_FILES)) expect(files).toContain(file);
    for (const [file, group] of LEFT_OUT) {
      const groups = suite.find((one) => one.file === file)?.groups ?? [];
      expect(groups.map(({ description }) => description)).toContain(group);
    }
  });

  it.each(used.map((one) => [one.file, one.description, one] as const))("%s: %s", async (file, _, group) => {
    const compiled = await compileSchema(group.schema);
    const { output } = await runCompiled(compiled);
    const type = compiled.output?.type;
    if (type === undefined) throw new Error("There's no type.");
    for (const { description, data, valid } of group.tests) {
      if (OTHERWISE.some(([one, test]) => one === file && test === description)) continue;
      const { issues } = output["~standard"].validate(data);
      expect([description, issues === undefined], JSON.stringify(issues)).toEqual([description, valid]);
      // A type may take more than the schema, and never less.
      if (valid) expect([description, isOfType(data, type.type, type)]).toEqual([description, true]);
    }
  });

  it("is refused if it leads outside", async () => {
    for (const { schema } of suite.find(({ file }) => file === "refRemote.json")?.groups ?? []) {
      const refused = await compileSchema(schema).catch((error: unknown) => error);
      expect(isScopeError(refused, "output_schema_invalid")).toBe(true);
    }
  });
});
