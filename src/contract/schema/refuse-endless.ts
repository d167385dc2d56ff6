import type { JsonValue } from "../../prompt.ts";
import { SchemaProblem } from "./schema-problem.ts";

/** By schema: the schemas for the very same value, with their places. */
export type InPlace = ReadonlyMap<
  JsonValue,
  readonly { readonly schema: JsonValue; readonly path: readonly string[] }[]
>;

/**
 * Refuses a schema that can only check a value by first checking the same value against itself again.
 *
 * @throws SchemaProblem
 */
export function refuseEndless(inPlace: InPlace): void {
  const state = new Map<JsonValue, "open" | "done">();
  const visit = (schema: JsonValue): void => {
    state.set(schema, "open");
    for (const { schema: part, path } of inPlace.get(schema) ?? []) {
      if (state.get(part) === "open") throw new SchemaProblem(path, "it refers to itself without end");
      if (!state.has(part)) visit(part);
    }
    state.set(schema, "done");
  };
  for (const schema of inPlace.keys()) if (!state.has(schema)) visit(schema);
}
