import { bounded, isMultiple, lengthOf } from "./bounds.ts";
import { contains, dependentRequired, fields, items, propertyNames } from "./part-keywords.ts";
import type { Patterns } from "./patterns.ts";
import { checkOf, type Keywords, type MakeLook, type Schema, type SchemaChecks, TYPES } from "./schema.ts";
import { allOf, anyOf, condition, dependentSchemas, not, oneOf, reference } from "./schema-keywords.ts";
import { unevaluatedItems, unevaluatedProperties } from "./unevaluated.ts";
import { constant, enumeration, pattern, uniqueItems } from "./value-keywords.ts";
import { type Check, keysOf, type Look, report, step } from "./walk.ts";

/**
 * The check of a schema, made with those of all schemas in it.
 *
 * @throws RangeError if the stack ends on the way
 */
export function compile(root: Schema, patterns: Patterns | undefined): Check {
  const checks: SchemaChecks = { root, patterns: patterns as Patterns, made: new Map(), waiting: [] };
  const check = checkOf(checks, root);
  for (let schema = checks.waiting.pop(); schema !== undefined; schema = checks.waiting.pop())
    checkOf(checks, schema).run = lookOf(schema, checks);
  return check;
}

/** A schema as one function. */
function lookOf(schema: Schema, checks: SchemaChecks): Look {
  if (schema === true) return () => step();
  if (schema === false) return () => report("isn't expected");
  const all = looksOf(schema, checks);
  const types = [schema.type ?? []].flat();
  const [type] = types;
  const isOfType =
    type !== undefined && types.length === 1
      ? TYPES[type]
      : (value: unknown) => types.some((one) => TYPES[one](value));
  const message = `must be ${types.join(" or ")}`;
  return (value) => {
    step();
    if (type !== undefined && !isOfType(value)) return report(message);
    // For each value: an iterator takes longer.
    for (let at = 0; at < all.length; at++) all[at]?.(value);
  };
}

/** What the keywords of a schema look at. Those that share a function are looked at together. */
function looksOf(schema: Keywords, checks: SchemaChecks): readonly Look[] {
  const makes = new Map<MakeLook<never>, unknown>();
  for (const [keyword, make] of Object.entries(KEYWORDS)) {
    const value = schema[keyword as keyof Keywords];
    if (value !== undefined) makes.set(make, value);
  }
  return [...makes].map(([make, value]) => make(value as never, checks, schema));
}

type Makes = { readonly [K in keyof Keywords]-?: MakeLook<Exclude<Keywords[K], undefined>> };

/** In this order problems are reported. */
const KEYWORDS: Omit<Makes, "type" | "minContains" | "maxContains" | "then" | "else"> = {
  $ref: reference,
  const: constant,
  enum: enumeration,
  multipleOf: (bound) =>
    bounded("number", (value: number) => isMultiple(value, bound), `must be multiple of ${bound}`),
  maximum: (bound) => bounded("number", (value: number) => value <= bound, `must be <= ${bound}`),
  minimum: (bound) => bounded("number", (value: number) => value >= bound, `must be >= ${bound}`),
  exclusiveMaximum: (bound) => bounded("number", (value: number) => value < bound, `must be < ${bound}`),
  exclusiveMinimum: (bound) => bounded("number", (value: number) => value > bound, `must be > ${bound}`),
  maxLength: (bound) =>
    bounded(
      "string",
      (value: string) => lengthOf(value, bound) <= bound,
      `must NOT have more than ${bound} characters`,
    ),
  minLength: (bound) =>
    bounded(
      "string",
      (value: string) => lengthOf(value, bound) >= bound,
      `must NOT have fewer than ${bound} characters`,
    ),
  maxItems: (bound) =>
    bounded("array", (value: unknown[]) => value.length <= bound, `must NOT have more than ${bound} items`),
  minItems: (bound) =>
    bounded("array", (value: unknown[]) => value.length >= bound, `must NOT have fewer than ${bound} items`),
  maxProperties: (bound) =>
    bounded(
      "object",
      (value: object) => keysOf(value).length <= bound,
      `must NOT have more than ${bound} properties`,
    ),
  minProperties: (bound) =>
    bounded(
      "object",
      (value: object) => keysOf(value).length >= bound,
      `must NOT have fewer than ${bound} properties`,
    ),
  pattern,
  uniqueItems,
  dependentRequired,
  propertyNames,
  properties: fields,
  required: fields,
  patternProperties: fields,
  additionalProperties: fields,
  prefixItems: items,
  items,
  contains,
  allOf,
  anyOf,
  oneOf,
  not,
  if: condition,
  dependentSchemas,
  unevaluatedProperties,
  unevaluatedItems,
};
