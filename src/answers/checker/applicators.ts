import { isObject } from "../../prompt.ts";
import { type ByName, checkOf, type Keywords, type Schema, type SchemaChecks, targetOf } from "./schema.ts";
import {
  accepts,
  addProblem,
  attempt,
  cut,
  inside,
  type Key,
  keysOf,
  type Look,
  MAX_SHOWN,
  type PlacedMessage,
  refer,
  run,
  shownName,
  step,
  walk,
} from "./walk.ts";

/** The keywords about the fields of an object, which one look at it checks together. */
export function fields(_: unknown, checks: SchemaChecks, schema: Keywords): Look {
  const { properties = {}, required = [], patternProperties = {}, additionalProperties } = schema;
  const named = new Set(Object.keys(properties));
  const needed = new Set(required);
  const fields = [...new Set([...named, ...needed])].map((name) => ({
    name,
    isInherited: name in Object.prototype,
    isNeeded: needed.has(name),
    check: named.has(name) ? checkOf(checks, properties[name] as Schema) : undefined,
  }));
  const byPattern = Object.entries(patternProperties).map(
    ([text, one]) => [checks.patterns(text), checkOf(checks, one)] as const,
  );
  const rest = additionalProperties === undefined ? undefined : checkOf(checks, additionalProperties);
  const hasOthers = byPattern.length > 0 || rest !== undefined;
  const others = (value: Record<string, unknown>) => {
    for (const name of keysOf(value) as string[]) {
      let isKnown = named.has(name);
      for (const [matches, check] of byPattern) {
        if (!matches(name)) continue;
        isKnown = true;
        inside(name, check, value[name]);
      }
      if (!isKnown && rest !== undefined) inside(name, rest, value[name]);
    }
  };
  /** Is it there, with a schema of its own? */
  const look = (value: Record<string, unknown>, field: (typeof fields)[number]) => {
    const { name, isInherited, isNeeded, check } = field;
    const one = value[name];
    const isThere = walk.isRead && !isInherited ? one !== undefined : Object.hasOwn(value, name);
    if (!isThere && isNeeded) addProblem("is missing", { key: name });
    if (!isThere || check === undefined) return false;
    inside(name, check, one);
    return true;
  };
  return (value) => {
    if (!isObject(value)) return;
    step(fields.length >> 2);
    let at = 0;
    let left = 0;
    // In the order of the schema, as problems are. Most answers have it too: the engine knows then where each field is.
    if (hasOthers)
      for (const name in value) {
        left++;
        while (at < fields.length) {
          const next = fields[at++] as (typeof fields)[number];
          if (next.name === name && walk.isRead && !next.isInherited && next.check !== undefined) {
            inside(name, next.check, value[name]);
            left--;
            break;
          }
          if (look(value, next)) left--;
        }
      }
    while (at < fields.length) if (look(value, fields[at++] as (typeof fields)[number])) left--;
    if (left > 0 || byPattern.length > 0) others(value);
  };
}

export function items(_: unknown, checks: SchemaChecks, { prefixItems = [], items = true }: Keywords): Look {
  const first = prefixItems.map((one) => checkOf(checks, one));
  const rest = checkOf(checks, items);
  return (value) => {
    if (!Array.isArray(value)) return;
    const end = items === true ? Math.min(value.length, first.length) : value.length;
    for (let at = 0; at < end; at++) inside(at, first[at] ?? rest, value[at]);
  };
}

export function contains(
  one: Schema,
  checks: SchemaChecks,
  { minContains = 1, maxContains = Infinity }: Keywords,
): Look {
  const check = checkOf(checks, one);
  return (value) => {
    if (!Array.isArray(value)) return;
    const count = value.filter((item) => accepts(check, item)).length;
    if (count < minContains) addProblem(`must have at least ${minContains} items that fit "contains"`);
    if (count > maxContains) addProblem(`must have at most ${maxContains} items that fit "contains"`);
  };
}

export function propertyNames(names: Schema, checks: SchemaChecks): Look {
  const check = checkOf(checks, names);
  return (value) => {
    if (!isObject(value)) return;
    for (const name of keysOf(value))
      for (const { message } of attempt(check, name)) addProblem(`has a name that ${message}`, { key: name });
  };
}

export function dependentRequired(byName: ByName<readonly string[]>): Look {
  const pairs = Object.entries(byName).flatMap(([name, needed]) => {
    const message = shownName(`is missing next to ${name}`);
    return needed.map((one) => ({ name, one, message }));
  });
  return (value) => {
    if (!isObject(value)) return;
    step(pairs.length);
    for (const { name, one, message } of pairs)
      if (Object.hasOwn(value, name) && !Object.hasOwn(value, one)) addProblem(message, { key: one });
  };
}

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

export function reference(ref: string, checks: SchemaChecks): Look {
  const check = checkOf(checks, targetOf(checks.root, ref));
  return (value) => refer(check, value);
}

export function allOf(schemas: readonly Schema[], checks: SchemaChecks): Look {
  const parts = checksOf(schemas, checks);
  return (value) => {
    for (const part of parts) run(part, value);
  };
}

export function anyOf(schemas: readonly Schema[], checks: SchemaChecks): Look {
  const parts = checksOf(schemas, checks);
  return (value) => {
    const failures: (readonly PlacedMessage[])[] = [];
    for (const part of parts) {
      const problems = attempt(part, value);
      if (problems.length === 0) return;
      failures.push(problems);
    }
    explain(failures);
  };
}

export function oneOf(schemas: readonly Schema[], checks: SchemaChecks): Look {
  const parts = checksOf(schemas, checks);
  return (value) => {
    const failures = parts.map((part) => attempt(part, value)).filter((problems) => problems.length > 0);
    if (failures.length === parts.length) explain(failures);
    else if (failures.length < parts.length - 1) addProblem("must match exactly one schema in oneOf");
  };
}

function checksOf(schemas: readonly Schema[], checks: SchemaChecks) {
  return schemas.map((one) => checkOf(checks, one));
}

/** Where alternatives are of the right type but for something inside them, that something is what is wrong. */
function explain(failures: readonly (readonly PlacedMessage[])[]): void {
  const all = failures.flat();
  step(all.length);
  const near = failures.filter((problems) => problems.some((one) => one.place !== undefined));
  for (const { message, place } of near.flat()) addProblem(message, place);
  if (near.length > 0) return;
  const messages = [...new Set(all.map((one) => one.message))];
  const more = messages.length > MAX_SHOWN ? ` or ${messages.length - MAX_SHOWN} more` : "";
  addProblem(cut(messages.slice(0, MAX_SHOWN).join(" or ")) + more);
}

export function not(one: Schema, checks: SchemaChecks): Look {
  const check = checkOf(checks, one);
  return (value) => {
    if (accepts(check, value)) addProblem("must NOT be valid");
  };
}

export function condition(one: Schema, checks: SchemaChecks, schema: Keywords): Look {
  const check = checkOf(checks, one);
  const yes = checkOf(checks, schema.then ?? true);
  const no = checkOf(checks, schema.else ?? true);
  return (value) => run(accepts(check, value) ? yes : no, value);
}

export function dependentSchemas(byName: ByName<Schema>, checks: SchemaChecks): Look {
  const parts = Object.entries(byName).map(([name, one]) => [name, checkOf(checks, one)] as const);
  return (value) => {
    if (!isObject(value)) return;
    step(parts.length);
    for (const [name, check] of parts) if (Object.hasOwn(value, name)) run(check, value);
  };
}
