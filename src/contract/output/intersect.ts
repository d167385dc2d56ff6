import { anyOf, type Field, NEVER, type ObjectType, type OutputType } from "./output-type.ts";

/** Types with this total size are no longer merged: each step can double their size. */
const MAX_TYPES = 20_000;

/** Unions with more pairs of alternatives aren't merged: a list of unions doubles them with each one. */
const MAX_PAIRS = 1000;

/** For one schema; beyond this, one of the two types is used. */
const MAX_MERGES = 100_000;

/** What the merges of one schema share. */
export interface Merging {
  /** What a named type is; undefined while that isn't known. */
  readonly lookUp: (name: string) => OutputType | undefined;
  /** Pairs being merged: two types that contain themselves each lead back to themselves. */
  readonly open: Map<OutputType, Set<OutputType>>;
  /** How many more merges are allowed: types that contain each other twice double them with each level. */
  left: number;
}

export function startMerging(lookUp: Merging["lookUp"]): Merging {
  return { lookUp, open: new Map(), left: MAX_MERGES };
}

/** A type that contains what is in both. If the two can't be merged it's one of them, which contains that too. */
export function intersect(a: OutputType, b: OutputType, merging: Merging): OutputType {
  if (a.kind === "unknown" || b.kind === "never") return b;
  if (b.kind === "unknown" || a.kind === "never") return a;
  merging.left -= 1;
  if (merging.left < 0) return a;
  if (a.kind === "any-of" && b.kind === "any-of" && a.types.length * b.types.length > MAX_PAIRS) return a;
  if (a.kind === "any-of") return anyOf(a.types.map((one) => intersect(one, b, merging)));
  if (b.kind === "any-of") return anyOf(b.types.map((one) => intersect(a, one, merging)));
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
  const added = [...others.values()].map((field) => ({
    ...field,
    type: intersect(field.type, a.rest, merging),
  }));
  return { kind: "object", fields: [...fields, ...added], rest: intersect(a.rest, b.rest, merging) };
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
