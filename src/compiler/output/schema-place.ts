import { findNodeAtLocation, parseTree } from "jsonc-parser";
import { MAX_LEVELS } from "../../contract/schema/check-schema.ts";
import type { Where } from "../../errors/scope-error.ts";
import type { JsonObject } from "../../prompt.ts";
import { whereOf } from "../diagnostic.ts";
import type { PromptSource } from "../prompt-source.ts";

/** Where in a schema something is: line, column and frame of the schema as JSON. */
export function schemaPlace(
  source: Pick<PromptSource, "ref" | "version">,
  schema: JsonObject,
  path: readonly string[],
): Where {
  // Its indentation alone could take a hundred megabytes.
  if (path.length >= MAX_LEVELS) return whereOf(source);
  const text = JSON.stringify(schema, null, 2);
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
