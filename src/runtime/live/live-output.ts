/**
 * What emitted modules of live prompts with a schema for answers import besides. Bundled to one file, which builds lay
 * beside those modules.
 */

import { compareOutputs } from "../../contract/output/compare-outputs.ts";
import { readOutput } from "../../contract/output/read-output.ts";
import { isObject, type JsonObject } from "../../prompt.ts";
import type { LiveOutput } from "./live-prompt.ts";

/** The schema of the compiled version, for the live client. It is read when it is first compared. */
export function liveOutput(key: string, schema: JsonObject): LiveOutput {
  return {
    key,
    breaches(metadata) {
      const other = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
      return compareOutputs(readOutput(schema), isObject(other) ? readOutput(other as JsonObject) : undefined)
        .filter((change) => change.breaks)
        .map((change) => change.message);
    },
  };
}
