import type { InputType } from "../../contract/input-type.ts";

/** What was typed for each prompt, by specifier, until the page is left. */
export const kept = new Map<string, unknown>();

/** Sections nested deeper than this start without an item. */
const MAX_DEPTH = 2;

/** Initial values: one for everything in the contract. A text is its own variable, so the first rendering is the template. */
export function firstValue(type: InputType, name = "", depth = 0): unknown {
  switch (type.kind) {
    case "value":
      return name === "" ? "" : `{{${name}}}`;
    case "narrowed":
      if (typeof type.type !== "string") return type.type[0] ?? "";
      return { number: 0, boolean: false, bigint: "0" }[type.type] ?? "";
    case "condition":
      return false;
    case "nothing":
      return null;
    case "section":
      return depth < MAX_DEPTH ? [firstValue(type.element, name, depth + 1)] : [];
    case "any-of":
      return type.types[0] && firstValue(type.types[0], name, depth);
    case "object":
      return Object.fromEntries(
        type.inputs
          .filter(({ optional }) => optional !== "outer")
          .map(({ name, type: inner }) => [name, firstValue(inner, name, depth)]),
      );
  }
}

/** The index of the type that fits a value; the first type if none fits. */
export function typeOfValue(types: readonly InputType[], value: unknown): number {
  const kinds: InputType["kind"][] = ["value", "narrowed"];
  if (value === null || value === undefined) kinds.splice(0, 2, "nothing");
  else if (typeof value === "object") kinds.splice(0, 2, Array.isArray(value) ? "section" : "object");
  else if (typeof value === "boolean") kinds.push("condition");
  const fits = (type: InputType): boolean =>
    type.kind === "any-of" ? type.types.some(fits) : kinds.includes(type.kind);
  return Math.max(types.findIndex(fits), 0);
}

/** A few words for one of several types. */
export function typeName(type: InputType): string {
  return {
    value: "text",
    narrowed: "a value",
    condition: "yes or no",
    object: "an object",
    section: "a list",
    nothing: "nothing",
    "any-of": "one of several",
  }[type.kind];
}
