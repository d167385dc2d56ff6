import { isObject } from "../prompt.ts";

/** The keywords of draft 2020-12 that decide which values a schema accepts, by what they hold. */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** One schema. */
export const OF_SCHEMA = words(`
  items contains additionalProperties unevaluatedItems unevaluatedProperties propertyNames
  not if then else
`);

/** A list of schemas. */
export const OF_LIST = words("prefixItems allOf anyOf oneOf");

/** Schemas by name; those of the last two are used if a `$ref` says so. */
export const OF_MAP = words("properties patternProperties dependentSchemas $defs definitions");

/** Schemas for the same value as the schema around them. */
export const IN_PLACE = words("allOf anyOf oneOf not if then else dependentSchemas");

/** Keywords of other drafts, and references that only a library of schemas could follow: what to use instead. */
export const REFUSED: Readonly<Record<string, string>> = {
  $dynamicRef: 'Use $ref, such as "#/$defs/name".',
  $recursiveRef: 'Use $ref, such as "#/$defs/name".',
  additionalItems: "Use items, next to prefixItems.",
  dependencies: "Use dependentRequired or dependentSchemas.",
};

/** What decides nothing. */
const ANNOTATIONS = words(`
  $anchor $comment $dynamicAnchor $id $schema $vocabulary contentEncoding contentMediaType
  contentSchema default deprecated description example examples format readOnly title
  writeOnly
`);

const TYPES = ["string", "number", "integer", "boolean", "null", "array", "object"];
const isType = (value: unknown) => TYPES.includes(value as string);
const isNumber = (value: unknown) => Number.isFinite(value);
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isList = Array.isArray;
const areNames = (value: unknown) => isList(value) && value.every((name) => typeof name === "string");

type Rule = readonly [wanted: string, is: (value: unknown) => boolean];
const each = (names: string, ...rule: Rule) => [...words(names)].map((name) => [name, rule] as const);

/** Keywords whose value isn't a schema: what it must be, in words, and a check. */
export const OF_VALUE: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...each("$ref pattern", "string", (value) => typeof value === "string"),
  ...each(
    "type",
    `one of ${TYPES.join(", ")}, or an array of them`,
    (value) => isType(value) || (isList(value) && value.length > 0 && value.every(isType)),
  ),
  ...each("const", "a value", () => true),
  ...each("enum", "array with at least one value", (value) => isList(value) && value.length > 0),
  ...each("multipleOf", "a number above 0", (value) => isNumber(value) && (value as number) > 0),
  ...each("maximum exclusiveMaximum minimum exclusiveMinimum", "number", isNumber),
  ...each(
    "maxLength minLength maxItems minItems maxContains minContains maxProperties minProperties",
    "a whole number of 0 or more",
    isCount,
  ),
  ...each("uniqueItems", "boolean", (value) => typeof value === "boolean"),
  ...each("required", "array of names", areNames),
  ...each(
    "dependentRequired",
    "an object of arrays of names",
    (value) => isObject(value) && Object.values(value).every(areNames),
  ),
]);

/** Everything above that somebody could have meant by an unknown name. */
export const KEYWORDS: readonly string[] = [
  ...OF_SCHEMA,
  ...OF_LIST,
  ...OF_MAP,
  ...OF_VALUE.keys(),
  ...ANNOTATIONS,
];
