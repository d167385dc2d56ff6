import { isObject } from "../../prompt.ts";
import { type ByName, checkOf, type Keywords, type Schema, type SchemaChecks } from "./schema.ts";
import { accepts, addProblem, attempt, inside, keysOf, type Look, step, walk } from "./walk.ts";
import { shownName } from "./words.ts";

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
