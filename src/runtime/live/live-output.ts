/**
 * What emitted modules of live prompts with a schema for answers import besides. Bundled to one file, which builds lay
 * beside those modules.
 */

import { compareOutputs } from "../../contract/output/compare-outputs.ts";
import { readOutput } from "../../contract/output/read-output.ts";
import { isObject, type JsonObject } from "../../prompt.ts";
import type { LiveOutput, VersionText } from "./live-prompt.ts";

/** How versions are compared whose metadata holds a schema for answers under a key. */
export function liveOutput(key: string): LiveOutput {
  const withoutSchema = ({ content, metadata: { [key]: _, ...metadata } }: VersionText) => ({
    content,
    metadata,
  });
  return (compare, from, to) => [
    ...compare(withoutSchema(from), withoutSchema(to)),
    ...compareOutputs(outputIn(from.metadata, key), outputIn(to.metadata, key))
      .filter((change) => change.breaks)
      .map((change) => change.message),
  ];
}

function outputIn(metadata: JsonObject, key: string) {
  const schema = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  return isObject(schema) ? readOutput(schema as JsonObject) : undefined;
}
