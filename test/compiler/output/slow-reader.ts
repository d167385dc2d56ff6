/** Draft 2020-12 of JSON Schema, read again and slowly: one function, which has no code in common with the product. */

export type Schema = Record<string, unknown>;

/** What a schema evaluated of a value: names and positions; undefined where the value does not fit. */
export type Evaluated = ReadonlySet<string> | undefined;

/** A value as JSON whose equal values have the same text. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, one) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );

const isOfType = (value: unknown, type: string): boolean => {
  if (type === "integer") return Number.isInteger(value);
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  return typeof value === type && value !== null && !Array.isArray(value);
};

/** Made decimals have four places at most. */
const isMultiple = (value: number, of: number) => Math.round(value * 1e4) % Math.round(of * 1e4) === 0;

export function evaluate(schema: Schema | boolean, value: unknown, root: Schema): Evaluated {
  if (typeof schema === "boolean") return schema ? new Set() : undefined;
  const evaluated = new Set<string>();
  const fits = (one: unknown, part: unknown) => evaluate(one as Schema, part, root) !== undefined;
  const take = (one: unknown): boolean => {
    const names = evaluate(one as Schema, value, root);
    for (const name of names ?? []) evaluated.add(name);
    return names !== undefined;
  };
  const isList = Array.isArray(value);
  const isMap = typeof value === "object" && value !== null && !isList;
  const parts: [string, unknown][] = isList || isMap ? Object.entries(value as object) : [];
  const check = (name: string, part: unknown, one: unknown): boolean => {
    evaluated.add(name);
    return fits(one, part);
  };
  const others = (one: unknown, seen: ReadonlySet<string>): boolean =>
    parts.filter(([name]) => !seen.has(name)).every(([name, part]) => check(name, part, one));
  const is = (key: string, test: (bound: never) => boolean) =>
    schema[key] === undefined || test(schema[key] as never);
  const { $ref, allOf, anyOf, oneOf, properties, patternProperties, prefixItems } = schema as Record<
    string,
    never
  >;
  const simple =
    is("type", (type: string | string[]) => [type].flat().some((one) => isOfType(value, one))) &&
    is("const", (only) => textOf(only) === textOf(value)) &&
    is("enum", (all: unknown[]) => all.some((one) => textOf(one) === textOf(value)));
  if (!simple) return undefined;
  if (typeof value === "number") {
    const isWithin =
      is("multipleOf", (of) => isMultiple(value, of)) &&
      is("minimum", (least) => value >= least) &&
      is("maximum", (most) => value <= most) &&
      is("exclusiveMinimum", (least) => value > least) &&
      is("exclusiveMaximum", (most) => value < most);
    if (!isWithin) return undefined;
  }
  if (typeof value === "string") {
    const { length } = [...value];
    const isWithin =
      is("minLength", (least) => length >= least) &&
      is("maxLength", (most) => length <= most) &&
      is("pattern", (text: string) => new RegExp(text, "u").test(value));
    if (!isWithin) return undefined;
  }
  if ($ref !== undefined && !take((root.$defs as Schema)[($ref as string).slice("#/$defs/".length)]))
    return undefined;
  if (allOf !== undefined && !(allOf as Schema[]).every(take)) return undefined;
  if (anyOf !== undefined && (anyOf as Schema[]).filter(take).length === 0) return undefined;
  if (oneOf !== undefined && (oneOf as Schema[]).filter(take).length !== 1) return undefined;
  if (schema.not !== undefined && fits(schema.not, value)) return undefined;
  if (schema.if !== undefined) {
    const next = take(schema.if) ? schema.then : schema.else;
    if (next !== undefined && !take(next)) return undefined;
  }
  if (isMap) {
    const has = (name: string) => Object.hasOwn(value, name);
    const isWithin =
      is("required", (names: string[]) => names.every(has)) &&
      is("minProperties", (least) => parts.length >= least) &&
      is("maxProperties", (most) => parts.length <= most) &&
      is("propertyNames", (names) => parts.every(([name]) => fits(names, name))) &&
      is("dependentRequired", (byName: Record<string, string[]>) =>
        Object.entries(byName).every(([name, needed]) => !has(name) || needed.every(has)),
      ) &&
      is("dependentSchemas", (byName: Schema) =>
        Object.entries(byName).every(([name, one]) => !has(name) || take(one)),
      );
    if (!isWithin) return undefined;
    const own = new Set<string>();
    for (const [name, part] of parts) {
      const byName = properties !== undefined && Object.hasOwn(properties, name) ? [properties[name]] : [];
      const byPattern = Object.entries(patternProperties ?? {}).filter(([text]) =>
        new RegExp(text, "u").test(name),
      );
      for (const one of [...byName, ...byPattern.map(([, one]) => one)]) {
        own.add(name);
        if (!check(name, part, one)) return undefined;
      }
    }
    if (schema.additionalProperties !== undefined && !others(schema.additionalProperties, own))
      return undefined;
    if (schema.unevaluatedProperties !== undefined && !others(schema.unevaluatedProperties, evaluated))
      return undefined;
  }
  if (isList) {
    const isWithin =
      is("minItems", (least) => value.length >= least) &&
      is("maxItems", (most) => value.length <= most) &&
      is("uniqueItems", (isWanted) => !isWanted || new Set(value.map(textOf)).size === value.length);
    if (!isWithin) return undefined;
    if (schema.contains !== undefined) {
      const { minContains = 1, maxContains = Infinity } = schema as Record<string, number>;
      const found = parts.filter(([, part]) => fits(schema.contains, part));
      if (found.length < minContains || found.length > maxContains) return undefined;
      for (const [name] of found) evaluated.add(name);
    }
    const first = (prefixItems ?? []) as unknown[];
    for (const [at, one] of first.entries())
      if (at < value.length && !check(String(at), value[at], one)) return undefined;
    if (schema.items !== undefined && !others(schema.items, new Set([...first.keys()].map(String))))
      return undefined;
    if (schema.unevaluatedItems !== undefined && !others(schema.unevaluatedItems, evaluated))
      return undefined;
  }
  return evaluated;
}
