/** The keywords of draft 2020-12 that decide which values a schema accepts. All others are annotations. */

/** One schema. */
export const OF_SCHEMA: ReadonlySet<string> = new Set([
  "items",
  "contains",
  "additionalProperties",
  "unevaluatedItems",
  "unevaluatedProperties",
  "propertyNames",
  "not",
  "if",
  "then",
  "else",
]);

/** A list of schemas. */
export const OF_LIST: ReadonlySet<string> = new Set(["prefixItems", "allOf", "anyOf", "oneOf"]);

/** Schemas by name. */
export const OF_MAP: ReadonlySet<string> = new Set(["properties", "patternProperties", "dependentSchemas"]);

/** Schemas by name that are used where a `$ref` says so. */
export const OF_DEFINITIONS: ReadonlySet<string> = new Set(["$defs", "definitions"]);

/** Schemas of the very value that the schema around them is about. */
export const IN_PLACE: ReadonlySet<string> = new Set([
  "allOf",
  "anyOf",
  "oneOf",
  "not",
  "if",
  "then",
  "else",
  "dependentSchemas",
]);

/** What is no schema. */
export const OF_VALUE: ReadonlySet<string> = new Set([
  "type",
  "const",
  "enum",
  "multipleOf",
  "maximum",
  "exclusiveMaximum",
  "minimum",
  "exclusiveMinimum",
  "maxLength",
  "minLength",
  "pattern",
  "maxItems",
  "minItems",
  "uniqueItems",
  "maxContains",
  "minContains",
  "maxProperties",
  "minProperties",
  "required",
  "dependentRequired",
]);

/** References that only a library of schemas could follow. */
export const REFUSED: ReadonlySet<string> = new Set(["$dynamicRef", "$recursiveRef"]);
