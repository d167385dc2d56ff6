import { anyOf, type Field, NEVER, type ObjectType, type OutputType } from "./output-type.ts";

/** Types so large in all are not merged any more: with each step they may grow to twice their size. */
const MOST_TYPES = 20_000;

/** Pairs of alternatives past which two unions are not merged: a list of unions doubles them with each. */
const MOST_PAIRS = 1000;

/**
 * A type that holds what is of both. Where the two cannot be merged it is one of them, which holds that too.
 *
 * @param lookUp what a named type stands for; undefined while it is not known
 */
export function intersect(
  a: OutputType,
  b: OutputType,
  lookUp: (name: string) => OutputType | undefined,
): OutputType {
  if (a.kind === "unknown" || b.kind === "never") return b;
  if (b.kind === "unknown" || a.kind === "never") return a;
  if (a.kind === "any-of" && b.kind === "any-of" && a.types.length * b.types.length > MOST_PAIRS) return a;
  if (a.kind === "any-of") return anyOf(a.types.map((one) => intersect(one, b, lookUp)));
  if (b.kind === "any-of") return anyOf(b.types.map((one) => intersect(a, one, lookUp)));
  if (a.kind === "named" || b.kind === "named") {
    if (a.kind === "named" && b.kind === "named" && a.name === b.name) return a;
    const [first, second] = [a, b].map((one) => (one.kind === "named" ? lookUp(one.name) : one));
    const isSmall = first && second && sizeOf(first) + sizeOf(second) <= MOST_TYPES;
    const isKnown = isSmall && first.kind !== "named" && second.kind !== "named";
    return isKnown ? intersect(first, second, lookUp) : a.kind === "named" ? b : a;
  }
  if (a.kind === "object" && b.kind === "object") return mergeObjects(a, b, lookUp);
  if (a.kind === "array" && b.kind === "array")
    return { kind: "array", items: intersect(a.items, b.items, lookUp) };
  if (baseOf(a) !== baseOf(b)) return NEVER;
  if (a.kind === "literal" && b.kind === "literal") return a.value === b.value ? a : NEVER;
  return a.kind === "literal" || a.kind === "tuple" ? a : b;
}

function mergeObjects(
  a: ObjectType,
  b: ObjectType,
  lookUp: (name: string) => OutputType | undefined,
): ObjectType {
  const others = new Map(b.fields.map((field) => [field.name, field]));
  const fields = a.fields.map((field): Field => {
    const other = others.get(field.name) ?? { ...field, type: b.rest, optional: true };
    others.delete(field.name);
    return {
      name: field.name,
      type: intersect(field.type, other.type, lookUp),
      optional: field.optional && other.optional,
      description: field.description ?? other.description,
    };
  });
  const added = [...others.values()].map((field) => ({
    ...field,
    type: intersect(field.type, a.rest, lookUp),
  }));
  return { kind: "object", fields: [...fields, ...added], rest: intersect(a.rest, b.rest, lookUp) };
}

function baseOf(type: OutputType): string {
  if (type.kind === "literal") return typeof type.value;
  return type.kind === "tuple" ? "array" : type.kind;
}

const sizes = new WeakMap<OutputType, number>();

/** How many types a type is made of. */
function sizeOf(type: OutputType): number {
  let size = sizes.get(type);
  if (size === undefined) {
    size = partsOf(type).reduce((sum, part) => sum + sizeOf(part), 1);
    sizes.set(type, size);
  }
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
