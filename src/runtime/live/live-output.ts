/** What emitted modules of live prompts with a schema for answers import as well: one file next to them. */

import { checkMetadata } from "../../answers/check-metadata.ts";
import { checkSchema } from "../../answers/check-schema.ts";
import { compareOutputs } from "../../answers/compare-outputs.ts";
import { SchemaProblem } from "../../answers/parse-pattern.ts";
import { readOutput } from "../../answers/read-output.ts";
import { printableLine } from "../../errors/printable.ts";
import { isObject, type JsonObject } from "../../prompt.ts";
import type { LiveMetadata, LiveOutput, LiveText } from "./live-prompt.ts";

/** How versions are compared whose metadata has a schema for answers under a key. */
export function liveOutput(key: string): LiveOutput {
  const withoutSchema = ({ content, metadata: { [key]: _, ...metadata } }: LiveText) => ({
    content,
    metadata,
  });
  return (compare, from, to) => {
    const [before, after] = [schemaIn(from.metadata, key), schemaIn(to.metadata, key)];
    const problem = after && problemOf(after);
    if (problem !== undefined) return [`its schema for answers can't be used: ${problem}`];
    return [
      ...compare(withoutSchema(from), withoutSchema(to)),
      ...compareOutputs(before && readOutput(before), after && readOutput(after))
        .filter((change) => change.breaks)
        .map((change) => change.message),
    ];
  };
}

/** What a project's own schema says about the metadata of versions: see {@link checkMetadata}. */
export function liveMetadata(schema: JsonObject, without: string | null): LiveMetadata {
  return (metadata) => {
    const { keys, refused } = checkMetadata(schema, metadata, without);
    return { keys, refused: refused.map(({ message }) => message) };
  };
}

function schemaIn(metadata: JsonObject, key: string): JsonObject | undefined {
  const schema = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  return isObject(schema) ? schema : undefined;
}

/** Why a build would refuse it. */
function problemOf(schema: JsonObject): string | undefined {
  try {
    checkSchema(schema);
    return undefined;
  } catch (error) {
    if (!(error instanceof SchemaProblem)) throw error;
    return printableLine(error.message);
  }
}
