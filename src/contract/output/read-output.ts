import { isObject, type JsonObject, type JsonValue } from "../../prompt.ts";
import { resolvePointer } from "../schema/resolve-pointer.ts";
import { intersect, startMerging } from "./intersect.ts";
import { anyOf, type Field, NEVER, type Output, type OutputType, UNKNOWN } from "./output-type.ts";

/**
 * The type of the answers that a JSON Schema accepts. Reads a draft 2020-12 schema as far as a type can express it, and
 * treats what it doesn't understand as `unknown`: it never throws.
 *
 * @example readOutput({ type: "object", properties: { city: { type: "string" } }, required: ["city"] })
 */
export function readOutput(schema: JsonObject): Output {
  const types = new Map<string, OutputType>();
  const open = new Set<string>();
  const merging = startMerging((name) => (open.has(name) ? undefined : types.get(name)));

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
    if (Array.isArray(part.enum)) all.push(anyOf(part.enum.map(valueType)));
    const names = Array.isArray(part.type) ? part.type : [part.type];
    all.push(anyOf(names.map((name) => ofType(name as JsonValue, part))));
    for (const one of listOf(part.allOf)) all.push(read(one));
    for (const key of ["anyOf", "oneOf"]) if (Array.isArray(part[key])) all.push(anyOf(part[key].map(read)));
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
    return {
      kind: "tuple",
      items: first.map(read),
      required: Math.ceil(required),
      rest: isFull ? NEVER : rest,
    };
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

/** The type that only has this value. */
function valueType(value: JsonValue): OutputType {
  if (value === null) return { kind: "null" };
  if (typeof value === "number")
    return Number.isFinite(value) ? { kind: "literal", value } : { kind: "number" };
  if (typeof value !== "object") return { kind: "literal", value };
  if (Array.isArray(value))
    return { kind: "tuple", items: value.map(valueType), required: value.length, rest: NEVER };
  const fields = Object.entries(value).map(([name, item]) => ({
    name,
    type: valueType(item as JsonValue),
    optional: false,
  }));
  return { kind: "object", fields, rest: NEVER };
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}
