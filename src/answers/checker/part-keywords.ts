import { isObject } from "../../prompt.ts";
import { type ByName, checkOf, type Keywords, type Schema, type SchemaChecks } from "./schema.ts";
import { attempt, fits, inside, keysOf, type Look, report, step, walk } from "./walk.ts";
import { printable } from "./words.ts";

/** The keywords about the fields of an object, which one look at it checks together. */
export function fields(_: unknown, checks: SchemaChecks, schema: Keywords): Look {
  const { properties = {}, required = [], patternProperties = {}, additionalProperties } = schema;
  const isNamed = (name: string) => Object.hasOwn(properties, name);
  const needed = new Set(required);
  const fields = [...new Set([...Object.keys(properties), ...required])].map((name) => ({
    name,
    isInherited: name in Object.prototype,
    isNeeded: needed.has(name),
    isNamed: isNamed(name),
    check: checkOf(checks, isNamed(name) ? (properties[name] as Schema) : true),
  }));
  const byPattern = Object.entries(patternProperties).map(
    ([text, one]) => [checks.patterns(text), checkOf(checks, one)] as const,
  );
  const rest = additionalProperties === undefined ? undefined : checkOf(checks, additionalProperties);
  const hasOthers = byPattern.length > 0 || rest !== undefined;
  const others = (value: Record<string, unknown>) => {
    for (const name of keysOf(value) as string[]) {
      let isKnown = isNamed(name);
      for (const [matches, check] of byPattern) {
        if (!matches(name)) continue;
        isKnown = true;
        inside(name, check, value[name]);
      }
      if (!isKnown && rest !== undefined) inside(name, rest, value[name]);
    }
  };
  return (value) => {
    if (!isObject(value)) return;
    step(fields.length >> 2);
    let left = 0;
    if (hasOthers) for (const _ in value) left++;
    for (const { name, isInherited, isNeeded, isNamed, check } of fields) {
      const one = value[name];
      if ((one === undefined || isInherited || !walk.isRead) && !Object.hasOwn(value, name)) {
        if (isNeeded) report("is missing", { keys: [name] });
        continue;
      }
      if (isNamed) left--;
      inside(name, check, one);
    }
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
    const count = value.filter((item) => fits(check, item)).length;
    if (count < minContains) report(`must have at least ${minContains} items that fit "contains"`);
    if (count > maxContains) report(`must have at most ${maxContains} items that fit "contains"`);
  };
}

export function propertyNames(names: Schema, checks: SchemaChecks): Look {
  const check = checkOf(checks, names);
  return (value) => {
    if (!isObject(value)) return;
    for (const name of keysOf(value))
      for (const { message } of attempt(check, name)) report(`has a name that ${message}`, { keys: [name] });
  };
}

export function dependentRequired(byName: ByName<readonly string[]>): Look {
  const pairs = Object.entries(byName).flatMap(([name, needed]) => {
    const message = printable(`is missing next to ${name}`);
    return needed.map((one) => ({ name, one, message }));
  });
  return (value) => {
    if (!isObject(value)) return;
    step(pairs.length);
    for (const { name, one, message } of pairs)
      if (Object.hasOwn(value, name) && !Object.hasOwn(value, one)) report(message, { keys: [one] });
  };
}
