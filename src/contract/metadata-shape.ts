import type { JsonObject, JsonValue } from "../prompt.ts";

/**
 * The kind of a metadata value. An array whose items have the same shape has that shape as `items`; an array without
 * items has `empty`, and one whose items differ `mixed`. Keys are sorted. Plain data.
 */
export type Shape =
  | { readonly kind: "string" | "number" | "boolean" | "null" | "empty" | "mixed" }
  | { readonly kind: "array"; readonly items: Shape }
  | { readonly kind: "object"; readonly keys: readonly (readonly [key: string, shape: Shape])[] };

/** The shape of a JSON value. */
export function shapeOf(value: JsonValue): Shape {
  if (value === null) return { kind: "null" };
  if (Array.isArray(value)) return { kind: "array", items: commonShape(value.map(shapeOf)) };
  if (typeof value === "object") {
    const keys = Object.entries(value as JsonObject)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, shapeOf(item)] as const);
    return { kind: "object", keys };
  }
  return { kind: typeof value as "string" | "number" | "boolean" };
}

/** The kind in words: empty and mixed arrays are separate kinds. */
export function kindText(shape: Shape): string {
  const items = shape.kind === "array" && shape.items.kind;
  return items === "empty" || items === "mixed" ? `${items} array` : shape.kind;
}

function commonShape([first, ...rest]: readonly Shape[]): Shape {
  if (first === undefined) return { kind: "empty" };
  return rest.every((shape) => isSameShape(first, shape)) ? first : { kind: "mixed" };
}

function isSameShape(a: Shape, b: Shape): boolean {
  if (a.kind === "array" && b.kind === "array") return isSameShape(a.items, b.items);
  if (a.kind !== "object" || b.kind !== "object") return a.kind === b.kind;
  return (
    a.keys.length === b.keys.length &&
    a.keys.every(([key, shape], at) => {
      const [otherKey, other] = b.keys[at] as (typeof b.keys)[number];
      return key === otherKey && isSameShape(shape, other);
    })
  );
}
