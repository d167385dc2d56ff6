import type { JsonValue } from "../../prompt.ts";
import { SchemaProblem } from "./schema-problem.ts";

/** By schema: the schemas of the very same value, with their places. A text is a reference. */
export type InPlace = Map<
  JsonValue,
  readonly { readonly schema: JsonValue; readonly path: readonly string[] }[]
>;

/**
 * Refuses a schema that a value has to be checked against before it can be checked against it.
 *
 * @param byRef what references mean: each round leads through one
 * @throws SchemaProblem
 */
export function refuseEndless(inPlace: InPlace, byRef: ReadonlyMap<JsonValue, JsonValue>): void {
  const state = new Map<JsonValue, "open" | "done">();
  const visit = (schema: JsonValue): void => {
    state.set(schema, "open");
    for (const { schema: part, path } of inPlace.get(schema) ?? []) {
      const next = byRef.get(part) ?? part;
      if (state.get(next) === "open") throw new SchemaProblem(path, "it refers to itself without end");
      if (!state.has(next)) visit(next);
    }
    state.set(schema, "done");
  };
  for (const schema of byRef.values()) if (!state.has(schema)) visit(schema);
}
