// Schemas of every keyword with answers that often fit, and how what the product makes of them is compared with the draft.
import fc from "fast-check";
import { expect } from "vitest";
import type { JsonObject } from "../../../src/prompt.ts";
import { carefulHelper, compileSchema, type OutputExport, outputOf } from "./output-case.ts";
import { evaluate, type Schema } from "./slow-reader.ts";

/** Patterns that repeat parts that repeat, with bounds: what an engine that tries one way after the other is slow with. */
export const madePattern = fc
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
export const madeText = fc
  .array(fc.constantFrom("a", "b", " ", "1", ".", "\n", "é", "\u{1f600}"), { maxLength: 7 })
  .map((all) => all.join(""));

const NAMES = ["a", "b", "xa", "toString", "constructor"];
interface Made {
  readonly schemaOf: unknown;
  readonly keywordsOf: Schema;
  readonly answerOf: unknown;
}
const decimal = fc.oneof(
  // So few that a bound is often met.
  fc.constantFrom(0, 1, 19.99, -0.3),
  fc
    .tuple(fc.integer({ min: -3000, max: 3000 }), fc.constantFrom(1, 10, 100, 1000))
    .map(([whole, parts]) => whole / parts),
);
const count = fc.nat(3);
const { schemaOf, keywordsOf, answerOf } = fc.letrec<Made>((tie) => {
  const name = fc.constantFrom(...NAMES);
  const one = tie("schemaOf");
  const some = fc.array(one, { minLength: 1, maxLength: 2 });
  const names = fc.uniqueArray(name, { maxLength: 2 });
  const byName = <T>(value: fc.Arbitrary<T>) =>
    fc.dictionary(name, value, { minKeys: 1, maxKeys: 2, noNullPrototype: true });
  const answer = tie("answerOf");
  const keyword = (key: string, value: fc.Arbitrary<unknown>) => value.map((made) => ({ [key]: made }));
  const type = fc.constantFrom("string", "number", "integer", "boolean", "null", "array", "object");
  const keywords = fc.oneof(
    keyword("type", fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 }))),
    keyword("const", answer),
    keyword("enum", fc.array(answer, { minLength: 1, maxLength: 3 })),
    keyword("multipleOf", fc.constantFrom(0.01, 0.1, 0.25, 1, 3, 0.003)),
    ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"].map((key) => keyword(key, decimal)),
    ...["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"].map((key) =>
      keyword(key, count),
    ),
    keyword("pattern", madePattern),
    keyword("uniqueItems", fc.boolean()),
    keyword("required", names),
    keyword("dependentRequired", byName(names)),
    keyword("dependentSchemas", byName(one)),
    keyword("propertyNames", one),
    keyword("properties", byName(one)),
    keyword("properties", byName(one)),
    keyword("patternProperties", fc.record({ "^x": one })),
    keyword("additionalProperties", one),
    keyword("unevaluatedProperties", fc.oneof(fc.constant(false), one)),
    keyword("prefixItems", some),
    keyword("items", one),
    fc.record({ contains: one, minContains: count, maxContains: count }, { requiredKeys: ["contains"] }),
    keyword("unevaluatedItems", fc.oneof(fc.constant(false), one)),
    keyword("$ref", fc.constantFrom("#/$defs/n", "#/$defs/m")),
    ...["allOf", "anyOf", "anyOf", "oneOf"].map((key) => keyword(key, some)),
    keyword("not", one),
    // biome-ignore lint/suspicious/noThenProperty: a keyword
    fc.record({ if: one, then: one, else: one }, { requiredKeys: ["if"] }),
  );
  return {
    keywordsOf: fc
      .array(keywords, { minLength: 1, maxLength: 4, size: "max" })
      .map((all) => Object.assign({}, ...all)),
    schemaOf: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Schema | boolean>(true, { type: "number" }, { type: "string" }),
      { arbitrary: tie("keywordsOf"), weight: 2 },
    ),
    answerOf: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<unknown>(1, "x", null, true, 19.99),
      decimal,
      madeText,
      fc.array(answer, { maxLength: 3 }),
      fc.dictionary(name, answer, { maxKeys: 3, noNullPrototype: true }),
    ),
  };
});
const madeRoot = fc
  .record({ root: keywordsOf, n: schemaOf, m: schemaOf })
  .map(({ root, n, m }): Schema => ({ ...root, $defs: { n, m } }));

export const accepts = (output: OutputExport, answer: unknown) =>
  output["~standard"].validate(answer).issues === undefined;

export const sizeOf = (value: unknown): number => JSON.stringify(value).length;

/**
 * The verdict of the product is that of the draft, twice over, with everything kept in mind from the first step on too;
 * and each takes no more steps than schema and answer are large together.
 */
export async function compareWithDraft(numRuns: number): Promise<void> {
  let compared = 0;
  let fitting = 0;
  await fc.assert(
    fc.asyncProperty(
      madeRoot,
      fc.array(answerOf, { minLength: 4, maxLength: 12, size: "max" }),
      async (root, answers) => {
        const compiled = await compileSchema(root as JsonObject).catch((error: { code?: string }) => error);
        // A schema that refers to itself without end, or has too large a pattern.
        if (!("contract" in compiled)) {
          expect(compiled.code).toBe("output_schema_invalid");
          return;
        }
        const expected = answers.map((answer) => evaluate(root, answer, root) !== undefined);
        const output = outputOf(compiled);
        expect(answers.map((answer) => accepts(output, answer))).toEqual(expected);
        expect(answers.map((answer) => accepts(output, answer))).toEqual(expected);
        carefulHelper.setMaxSteps?.(40 * sizeOf(root) * Math.max(...answers.map(sizeOf)));
        const careful = outputOf(compiled, carefulHelper);
        expect(answers.map((answer) => accepts(careful, answer))).toEqual(expected);
        compared += 1;
        fitting += expected.filter(Boolean).length / expected.length;
      },
    ),
    { numRuns },
  );
  expect(compared).toBeGreaterThan(numRuns / 2);
  expect(fitting / compared).toBeGreaterThan(0.1);
}
