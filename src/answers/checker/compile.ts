import { isObject, type JsonValue } from "../../prompt.ts";
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
import {
  addProblem,
  type Check,
  idOf,
  keysOf,
  type Look,
  MAX_SHOWN,
  shownName,
  step,
  TYPES,
  walk,
} from "./walk.ts";

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

function constant(only: JsonValue): Look {
  return oneOfValues([only], `must be ${JSON.stringify(only)}`);
}

function enumeration(values: readonly JsonValue[]): Look {
  const isLong = values.length > MAX_SHOWN;
  const shown = isLong ? "the allowed values" : values.map((one) => JSON.stringify(one)).join(", ");
  return oneOfValues(values, `must be one of ${shown}`);
}

function oneOfValues(values: readonly unknown[], words: string): Look {
  const message = shownName(words);
  const simple = new Set(values.filter((one) => typeof one !== "object" || one === null));
  const others = values.filter((one) => !simple.has(one));
  // A text has to be hashed to be looked up, which takes longer than some comparisons.
  if (others.length === 0 && values.length <= MAX_SHOWN)
    return (value) => {
      if (!values.includes(value)) addProblem(message);
    };
  return (value) => {
    if (simple.has(value)) return;
    const mayBe = typeof value === "object" && value !== null && others.length > 0;
    if (!mayBe || !isOneOf(others, value)) addProblem(message);
  };
}

function isOneOf(others: readonly unknown[], value: object): boolean {
  walk.allowed ??= new Map();
  let ids = walk.allowed.get(others);
  if (ids === undefined) {
    ids = new Set(others.map((one) => idOf(one)));
    walk.allowed.set(others, ids);
  }
  return ids.has(idOf(value));
}

function pattern(text: string, { patterns }: SchemaChecks): Look {
  const message = shownName(`must match pattern ${JSON.stringify(text)}`);
  const matches = patterns(text);
  return (value) => {
    if (typeof value === "string" && !matches(value)) addProblem(message);
  };
}

function uniqueItems(isWanted: boolean): Look {
  return (value) => {
    if (!isWanted || !Array.isArray(value)) return;
    if (new Set(value.map((item) => idOf(item))).size < value.length)
      addProblem("must NOT have duplicate items");
  };
}

/** Of decimals as they're written: 19.99 is a multiple of 0.01, and divided as JavaScript has them it's none. */
function isMultiple(value: number, of: number): boolean {
  // Fifteen digits are exact: a number has them as they are written, or has more places than that.
  let scale = 1;
  while (scale < 1e22 && Math.round(of * scale) / scale !== of) scale *= 10;
  const wholes = Math.round(value * scale);
  const ofs = Math.round(of * scale);
  if (Math.abs(wholes) < 1e15 && ofs < 1e15 && ofs / scale === of)
    return wholes / scale === value && wholes % ofs === 0;
  step(100);
  const [one, other] = [exact(value), exact(of)];
  const least = Math.min(one.exponent, other.exponent);
  const whole = ({ digits, exponent }: typeof one) => BigInt(digits + "0".repeat(exponent - least));
  return whole(one) % whole(other) === BigInt(0);
}

function exact(number: number) {
  const [digits = "", exponent] = number.toExponential().split("e");
  const [whole, fraction = ""] = digits.split(".");
  return { digits: whole + fraction, exponent: Number(exponent) - fraction.length };
}

/** How many characters, a pair of surrogates being one; counted only where it could be on both sides of the bound. */
function lengthOf(text: string, bound: number): number {
  if (text.length < bound || text.length > 2 * bound) return text.length;
  step(text.length >> 6);
  let length = text.length;
  for (let at = 0; at + 1 < text.length; at++) {
    if ((text.charCodeAt(at) & 0xfc00) !== 0xd800 || (text.charCodeAt(at + 1) & 0xfc00) !== 0xdc00) continue;
    length -= 1;
    at += 1;
  }
  return length;
}
