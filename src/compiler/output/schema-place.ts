import { findNodeAtLocation, parseTree } from "jsonc-parser";
import type { Where } from "../../errors/scope-error.ts";
import type { JsonObject, JsonValue } from "../../prompt.ts";
import { whereOf } from "../diagnostic.ts";
import type { PromptSource } from "../prompt-source.ts";

/** Anything deeper is left out of the text: its indentation alone would take a hundred megabytes. */
const MAX_LEVELS = 100;

/** Where in a schema something is: line, column and frame of the schema as JSON. */
export function schemaPlace(
  source: Pick<PromptSource, "ref" | "version">,
  schema: JsonObject,
  path: readonly string[],
): Where {
  const text = JSON.stringify(cut(schema, MAX_LEVELS), null, 2);
  const root = parseTree(text);
  if (root === undefined) return whereOf(source);
  let found = root;
  for (const key of path) {
    const next = findNodeAtLocation(found, [found.type === "array" ? Number(key) : key]);
    if (next === undefined) break;
    found = next;
  }
  // The name leads to the value, and comes before it.
  const { offset, length } =
    found.parent?.type === "property" ? (found.parent.children?.[0] ?? found) : found;
  return whereOf(source, { text, index: offset, length });
}

function cut(value: JsonValue, levels: number): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (levels === 0) return "…";
  if (Array.isArray(value)) return value.map((item) => cut(item, levels - 1));
  const entries = Object.entries(value as JsonObject);
  return Object.fromEntries(entries.map(([key, item]) => [key, cut(item, levels - 1)]));
}
