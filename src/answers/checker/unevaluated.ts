import { isObject } from "../../prompt.ts";
import { checkOf, type Keywords, type Schema, type SchemaChecks, targetOf } from "./schema.ts";
import { accepts, attempt, inside, type Key, keysOf, type Look, step } from "./walk.ts";

export function unevaluatedProperties(rest: Schema, checks: SchemaChecks, schema: Keywords): Look {
  return unevaluated(rest, checks, schema, isObject);
}

export function unevaluatedItems(rest: Schema, checks: SchemaChecks, schema: Keywords): Look {
  return unevaluated(rest, checks, schema, Array.isArray);
}

type Parts = Readonly<Record<Key, unknown>>;

function unevaluated(
  rest: Schema,
  checks: SchemaChecks,
  schema: Keywords,
  isOfKind: (value: unknown) => boolean,
): Look {
  const check = checkOf(checks, rest);
  return (value) => {
    if (!isOfKind(value)) return;
    const parts = value as Parts;
    const seen = new Set<Key>();
    const looked = new Set<Schema>();
    const look = (one: Schema) => {
      if (looked.has(one)) return;
      looked.add(one);
      step();
      if (typeof one === "boolean") return;
      for (const key of evaluated(one, checks, parts, one === schema)) seen.add(key);
      for (const part of schemasInPlace(one, checks, parts)) look(part);
    };
    look(schema);
    for (const key of keysOf(parts)) if (!seen.has(key)) inside(key, check, parts[key]);
  };
}

/** The names or positions that the keywords of a schema look at. The keyword that asks doesn't count. */
function evaluated(schema: Keywords, checks: SchemaChecks, parts: Parts, isAsking: boolean): readonly Key[] {
  const { properties = {}, patternProperties = {}, prefixItems = [], contains } = schema;
  const isList = Array.isArray(parts);
  const rest = isList ? schema.items : schema.additionalProperties;
  const others = isList ? schema.unevaluatedItems : schema.unevaluatedProperties;
  const keys = keysOf(parts);
  if (rest !== undefined || (!isAsking && others !== undefined)) return keys;
  const patterns = Object.keys(patternProperties).map((text) => checks.patterns(text));
  return keys.filter((key) =>
    typeof key === "number"
      ? key < prefixItems.length || (contains !== undefined && accepts(checkOf(checks, contains), parts[key]))
      : Object.hasOwn(properties, key) || patterns.some((matches) => matches(key)),
  );
}

/** The schemas for the same value that hold for it. */
function schemasInPlace(schema: Keywords, checks: SchemaChecks, parts: Parts): readonly Schema[] {
  const { $ref, allOf = [], anyOf = [], oneOf = [], dependentSchemas = {} } = schema;
  const found = [
    ...allOf,
    ...[...anyOf, ...oneOf].filter((one) => attempt(checkOf(checks, one), parts).length === 0),
  ];
  if ($ref !== undefined) found.push(targetOf(checks.root, $ref));
  if (schema.if !== undefined) {
    if (accepts(checkOf(checks, schema.if), parts)) found.push(schema.if, schema.then ?? true);
    else found.push(schema.else ?? true);
  }
  for (const name of keysOf(dependentSchemas))
    if (!Array.isArray(parts) && Object.hasOwn(parts, name)) found.push(dependentSchemas[name] as Schema);
  return found;
}
