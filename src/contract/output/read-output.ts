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
  const reader = new OutputReader(schema);
  const type = reader.named("#");
  return { type, named: reader.types, description: textOf(schema.description) };
}

class OutputReader {
  readonly types = new Map<string, OutputType>();
  readonly #root: JsonObject;
  readonly #open = new Set<string>();
  readonly #merging = startMerging((name) => (this.#open.has(name) ? undefined : this.types.get(name)));

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** What a `$ref` refers to: `unknown` if it's already open. */
  named(ref: string): OutputType {
    const known = this.types.get(ref);
    if (known !== undefined || this.#open.has(ref)) return known ?? UNKNOWN;
    this.#open.add(ref);
    const type = this.#read(resolvePointer(this.#root, ref)?.schema);
    this.#open.delete(ref);
    this.types.set(ref, type);
    return type;
  }

  #read(schema: JsonValue | undefined): OutputType {
    if (schema === false) return NEVER;
    if (!isObject(schema)) return UNKNOWN;
    const types: OutputType[] = [];
    if (typeof schema.$ref === "string") types.push(this.#reference(schema.$ref));
    if (Object.hasOwn(schema, "const")) types.push(valueType(schema.const as JsonValue));
    if (Array.isArray(schema.enum)) types.push(anyOf(schema.enum.map(valueType)));
    types.push(this.#typed(schema));
    for (const one of listOf(schema.allOf)) types.push(this.#read(one));
    for (const key of ["anyOf", "oneOf"])
      if (Array.isArray(schema[key])) types.push(anyOf(schema[key].map((one) => this.#read(one))));
    return types.reduce((all, one) => intersect(all, one, this.#merging));
  }

  #reference(ref: string): OutputType {
    if (resolvePointer(this.#root, ref) === undefined) return UNKNOWN;
    const type = this.named(ref);
    // A name for something that doesn't need one would hide it.
    const isSimple = !this.#open.has(ref) && !["object", "tuple", "array", "any-of"].includes(type.kind);
    return isSimple ? type : { kind: "named", name: ref };
  }

  #typed(schema: JsonObject): OutputType {
    const names = Array.isArray(schema.type) ? schema.type : [schema.type];
    return anyOf(names.map((name) => this.#ofType(name as JsonValue, schema)));
  }

  #ofType(name: JsonValue, schema: JsonObject): OutputType {
    switch (name) {
      case "string":
      case "number":
      case "boolean":
      case "null":
        return { kind: name };
      case "integer":
        return { kind: "number" };
      case "array":
        return this.#array(schema);
      case "object":
        return this.#object(schema);
      default:
        return UNKNOWN;
    }
  }

  #array({ prefixItems, items, minItems, maxItems }: JsonObject): OutputType {
    const rest = this.#read(items);
    const first = listOf(prefixItems);
    if (first.length === 0) return { kind: "array", items: rest };
    const required = typeof minItems === "number" ? Math.max(0, Math.min(minItems, first.length)) : 0;
    const isFull = typeof maxItems === "number" && maxItems <= first.length;
    return {
      kind: "tuple",
      items: first.map((one) => this.#read(one)),
      required: Math.ceil(required),
      rest: isFull ? NEVER : rest,
    };
  }

  #object(schema: JsonObject): OutputType {
    const properties = isObject(schema.properties) ? schema.properties : {};
    const required = new Set(listOf(schema.required).filter((name) => typeof name === "string"));
    const hasPatterns =
      isObject(schema.patternProperties) && Object.keys(schema.patternProperties)[0] !== undefined;
    const rest = hasPatterns ? UNKNOWN : this.#read(schema.additionalProperties);
    const fields = Object.entries(properties).map(
      ([name, property]): Field => ({
        name,
        // If it's left out, a read finds what every object inherits.
        type: !required.has(name) && name in Object.prototype ? UNKNOWN : this.#read(property),
        optional: !required.has(name),
        description: isObject(property) ? textOf(property.description) : undefined,
      }),
    );
    const others = [...required].filter((name) => !Object.hasOwn(properties, name));
    return {
      kind: "object",
      fields: [...fields, ...others.map((name) => ({ name, type: rest, optional: false }))],
      rest,
    };
  }
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
