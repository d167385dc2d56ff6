import { isObject } from "../../prompt.ts";
import {
  allOf,
  anyOf,
  condition,
  contains,
  dependentRequired,
  dependentSchemas,
  fields,
  items,
  not,
  oneOf,
  propertyNames,
  reference,
  unevaluatedItems,
  unevaluatedProperties,
} from "./applicators.ts";
import type { Patterns } from "./patterns.ts";
import { checkOf, type Keywords, type MakeLook, type Schema, type SchemaChecks } from "./schema.ts";
import { constant, enumeration, isMultiple, lengthOf, pattern, uniqueItems } from "./value-keywords.ts";
import { addProblem, type Check, keysOf, type Look, TYPES } from "./walk.ts";

const ANY_TYPE = -1;

/**
 * The check of a schema, made with those of all schemas in it.
 *
 * @throws RangeError if the stack ends on the way
 */
export function compile(root: Schema, patterns: Patterns | undefined): Check {
  const checks: SchemaChecks = { root, patterns: patterns as Patterns, made: new Map(), waiting: [] };
  const check = checkOf(checks, root);
  for (let schema = checks.waiting.pop(); schema !== undefined; schema = checks.waiting.pop())
    Object.assign(checkOf(checks, schema), partsOf(schema, checks));
  return check;
}

function partsOf(schema: Schema, checks: SchemaChecks): Check {
  if (typeof schema === "boolean")
    return { types: schema ? ANY_TYPE : 0, message: "isn't expected", look: undefined };
  const names = [schema.type ?? []].flat();
  const types = names.reduce((all, name) => all | TYPES[name], 0);
  return {
    types: types || ANY_TYPE,
    message: `must be ${names.join(" or ")}`,
    look: lookOf(schema, checks),
  };
}

/** What the keywords of a schema look at. Those that share a function are looked at together. */
function lookOf(schema: Keywords, checks: SchemaChecks): Look | undefined {
  const makes = new Map<MakeLook<never>, unknown>();
  for (const [keyword, make] of Object.entries(KEYWORDS)) {
    const value = schema[keyword as keyof Keywords];
    if (value !== undefined) makes.set(make, value);
  }
  const looks = [...makes].map(([make, value]) => make(value as never, checks, schema));
  // Most schemas have one at most, which takes less time than the loop; an iterator takes more.
  if (looks.length <= 1) return looks[0];
  return (value) => {
    for (let at = 0; at < looks.length; at++) looks[at]?.(value);
  };
}

const isNumber = (value: unknown): value is number => Number.isFinite(value);

type Makes = { readonly [K in keyof Keywords]-?: MakeLook<Exclude<Keywords[K], undefined>> };

/** In this order problems are reported. */
const KEYWORDS: Omit<Makes, "type" | "minContains" | "maxContains" | "then" | "else"> = {
  $ref: reference,
  const: constant,
  enum: enumeration,
  multipleOf: (bound) => (value) => {
    if (isNumber(value) && !isMultiple(value, bound)) addProblem(`must be multiple of ${bound}`);
  },
  maximum: (bound) => (value) => {
    if (isNumber(value) && value > bound) addProblem(`must be <= ${bound}`);
  },
  minimum: (bound) => (value) => {
    if (isNumber(value) && value < bound) addProblem(`must be >= ${bound}`);
  },
  exclusiveMaximum: (bound) => (value) => {
    if (isNumber(value) && value >= bound) addProblem(`must be < ${bound}`);
  },
  exclusiveMinimum: (bound) => (value) => {
    if (isNumber(value) && value <= bound) addProblem(`must be > ${bound}`);
  },
  maxLength: (bound) => (value) => {
    if (typeof value === "string" && lengthOf(value, bound) > bound)
      addProblem(`must NOT have more than ${bound} characters`);
  },
  minLength: (bound) => (value) => {
    if (typeof value === "string" && lengthOf(value, bound) < bound)
      addProblem(`must NOT have fewer than ${bound} characters`);
  },
  maxItems: (bound) => (value) => {
    if (Array.isArray(value) && value.length > bound) addProblem(`must NOT have more than ${bound} items`);
  },
  minItems: (bound) => (value) => {
    if (Array.isArray(value) && value.length < bound) addProblem(`must NOT have fewer than ${bound} items`);
  },
  maxProperties: (bound) => (value) => {
    if (isObject(value) && keysOf(value).length > bound)
      addProblem(`must NOT have more than ${bound} properties`);
  },
  minProperties: (bound) => (value) => {
    if (isObject(value) && keysOf(value).length < bound)
      addProblem(`must NOT have fewer than ${bound} properties`);
  },
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
