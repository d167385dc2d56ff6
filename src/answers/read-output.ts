import { isObject, type JsonObject, type JsonValue } from "../prompt.ts";
import { resolvePointer } from "./check-schema.ts";
import {
  type Field,
  NEVER,
  type ObjectType,
  type Output,
  type OutputType,
  UNKNOWN,
  unionOf,
} from "./output-type.ts";

/**
 * The type of the answers that a JSON Schema accepts. Reads a draft 2020-12 schema as far as a type can express it, and
 * treats what it doesn't understand as `unknown`: it never throws.
 *
 * @example readOutput({ type: "object", properties: { city: { type: "string" } }, required: ["city"] })
 */
export function readOutput(schema: JsonObject): Output {
  const types = new Map<string, OutputType>();
  const open = new Set<string>();
  const merging: Merging = {
    lookUp: (name) => (open.has(name) ? undefined : types.get(name)),
    open: new Map(),
    left: MAX_MERGES,
  };

  /** What a `$ref` refers to: `unknown` if it's already open. */
  const named = (ref: string): OutputType => {
    const known = types.get(ref);
    if (known !== undefined || open.has(ref)) return known ?? UNKNOWN;
    open.add(ref);
    const type = read(resolvePointer(schema, ref)?.schema);
    open.delete(ref);
    types.set(ref, type);
    return type;
  };
  const read = (part: JsonValue | undefined): OutputType => {
    if (part === false) return NEVER;
    if (!isObject(part)) return UNKNOWN;
    const all: OutputType[] = [];
    if (typeof part.$ref === "string") all.push(reference(part.$ref));
    if (Object.hasOwn(part, "const")) all.push(valueType(part.const as JsonValue));
    if (Array.isArray(part.enum)) all.push(unionOf(part.enum.map(valueType)));
    const names = Array.isArray(part.type) ? part.type : [part.type];
    all.push(unionOf(names.map((name) => ofType(name as JsonValue, part))));
    for (const one of listOf(part.allOf)) all.push(read(one));
    for (const key of ["anyOf", "oneOf"])
      if (Array.isArray(part[key])) all.push(unionOf(part[key].map(read)));
    return all.reduce((one, other) => intersect(one, other, merging));
  };
  const reference = (ref: string): OutputType => {
    if (resolvePointer(schema, ref) === undefined) return UNKNOWN;
    const type = named(ref);
    // A name for something that doesn't need one would hide it.
    const isSimple = !open.has(ref) && !["object", "tuple", "array", "any-of"].includes(type.kind);
    return isSimple ? type : { kind: "named", name: ref };
  };
  const ofType = (name: JsonValue, part: JsonObject): OutputType => {
    switch (name) {
      case "string":
      case "number":
      case "boolean":
      case "null":
        return { kind: name };
      case "integer":
        return { kind: "number" };
      case "array":
        return arrayType(part);
      case "object":
        return objectType(part);
      default:
        return UNKNOWN;
    }
  };
  const arrayType = ({ prefixItems, items, minItems, maxItems }: JsonObject): OutputType => {
    const rest = read(items);
    const first = listOf(prefixItems);
    if (first.length === 0) return { kind: "array", items: rest };
    const required = typeof minItems === "number" ? Math.max(0, Math.min(minItems, first.length)) : 0;
    const isFull = typeof maxItems === "number" && maxItems <= first.length;
    const types = first.map(read);
    return { kind: "tuple", items: types, required: Math.ceil(required), rest: isFull ? NEVER : rest };
  };
  const objectType = (part: JsonObject): OutputType => {
    const properties = isObject(part.properties) ? part.properties : {};
    const required = new Set(listOf(part.required).filter((name) => typeof name === "string"));
    const hasPatterns = isObject(part.patternProperties) && Object.keys(part.patternProperties).length > 0;
    const rest = hasPatterns ? UNKNOWN : read(part.additionalProperties);
    const fields = Object.entries(properties).map(
      ([name, property]): Field => ({
        name,
        // If it's left out, a read finds what every object inherits.
        type: !required.has(name) && name in Object.prototype ? UNKNOWN : read(property),
        optional: !required.has(name),
        description: isObject(property) ? textOf(property.description) : undefined,
      }),
    );
    const others = [...required]
      .filter((name) => !Object.hasOwn(properties, name))
      .map((name) => ({ name, type: rest, optional: false }));
    return { kind: "object", fields: [...fields, ...others], rest };
  };
  return { type: named("#"), named: types, description: textOf(schema.description) };
}

function valueType(value: JsonValue): OutputType {
  if (value === null) return { kind: "null" };
  if (typeof value === "number")
    return Number.isFinite(value) ? { kind: "literal", value } : { kind: "number" };
  if (typeof value !== "object") return { kind: "literal", value };
  if (Array.isArray(value))
    return { kind: "tuple", items: value.map(valueType), required: value.length, rest: NEVER };
  const fields = Object.entries(value as JsonObject).map(([name, item]) => {
    return { name, type: valueType(item), optional: false };
  });
  return { kind: "object", fields, rest: NEVER };
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** Types with this total size are no longer merged: each step can double their size. */
const MAX_TYPES = 20_000;

/** Unions with more pairs of alternatives aren't merged: a list of unions doubles them with each one. */
const MAX_PAIRS = 1000;

/** For one schema; beyond this, one of the two types is used. */
const MAX_MERGES = 100_000;

interface Merging {
  /** What a named type is; undefined while that isn't known. */
  readonly lookUp: (name: string) => OutputType | undefined;
  /** Pairs being merged: two types that contain themselves each lead back to themselves. */
  readonly open: Map<OutputType, Set<OutputType>>;
  /** How many more merges are allowed: types that contain each other twice double them with each level. */
  left: number;
}

/** A type that contains what is in both. If the two can't be merged it's one of them, which contains that too. */
function intersect(a: OutputType, b: OutputType, merging: Merging): OutputType {
  if (a.kind === "unknown" || b.kind === "never") return b;
  if (b.kind === "unknown" || a.kind === "never") return a;
  merging.left -= 1;
  if (merging.left < 0) return a;
  if (a.kind === "any-of" && b.kind === "any-of" && a.types.length * b.types.length > MAX_PAIRS) return a;
  if (a.kind === "any-of") return unionOf(a.types.map((one) => intersect(one, b, merging)));
  if (b.kind === "any-of") return unionOf(b.types.map((one) => intersect(a, one, merging)));
  if (a.kind === "named" || b.kind === "named") return intersectNamed(a, b, merging);
  if (a.kind === "object" && b.kind === "object") return mergeObjects(a, b, merging);
  if (a.kind === "array" && b.kind === "array")
    return { kind: "array", items: intersect(a.items, b.items, merging) };
  if (baseOf(a) !== baseOf(b)) return NEVER;
  if (a.kind === "literal" && b.kind === "literal") return a.value === b.value ? a : NEVER;
  return a.kind === "literal" || a.kind === "tuple" ? a : b;
}

function intersectNamed(a: OutputType, b: OutputType, merging: Merging): OutputType {
  if (a.kind === "named" && b.kind === "named" && a.name === b.name) return a;
  const one = a.kind === "named" ? b : a;
  const [first, second] = [a, b].map((type) => (type.kind === "named" ? merging.lookUp(type.name) : type));
  if (first === undefined || second === undefined || first.kind === "named" || second.kind === "named")
    return one;
  const open = merging.open.get(first) ?? new Set();
  if (open.has(second) || sizeOf(first) + sizeOf(second) > MAX_TYPES) return one;
  merging.open.set(first, open.add(second));
  const merged = intersect(first, second, merging);
  open.delete(second);
  return merged;
}

function mergeObjects(a: ObjectType, b: ObjectType, merging: Merging): ObjectType {
  const others = new Map(b.fields.map((field) => [field.name, field]));
  const fields = a.fields.map((field): Field => {
    const other = others.get(field.name) ?? { ...field, type: b.rest, optional: true };
    others.delete(field.name);
    return {
      name: field.name,
      type: intersect(field.type, other.type, merging),
      optional: field.optional && other.optional,
      description: field.description ?? other.description,
    };
  });
  const added = [...others.values()].map((field) => {
    return { ...field, type: intersect(field.type, a.rest, merging) };
  });
  return { kind: "object", fields: [...fields, ...added], rest: intersect(a.rest, b.rest, merging) };
}

function baseOf(type: OutputType): string {
  if (type.kind === "literal") return typeof type.value;
  return type.kind === "tuple" ? "array" : type.kind;
}

const sizes = new WeakMap<OutputType, number>();

function sizeOf(type: OutputType): number {
  const size = sizes.get(type) ?? partsOf(type).reduce((sum, part) => sum + sizeOf(part), 1);
  sizes.set(type, size);
  return size;
}

function partsOf(type: OutputType): readonly OutputType[] {
  switch (type.kind) {
    case "array":
      return [type.items];
    case "tuple":
      return [...type.items, type.rest];
    case "object":
      return [...type.fields.map((field) => field.type), type.rest];
    case "any-of":
      return type.types;
    default:
      return [];
  }
}
