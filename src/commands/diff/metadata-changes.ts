import type { JsonObject } from "../../prompt.ts";

/** A metadata key whose value changed. */
export interface MetadataChange {
  readonly key: string;
  /** As JSON, with sorted keys; undefined: the key is missing. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** The metadata keys whose values differ, by key. */
export function metadataChanges(from: JsonObject, to: JsonObject): readonly MetadataChange[] {
  const text = (metadata: JsonObject, key: string) =>
    Object.hasOwn(metadata, key) ? JSON.stringify(metadata[key]) : undefined;
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .sort()
    .map((key) => ({ key, from: text(from, key), to: text(to, key) }))
    .filter((change) => change.from !== change.to);
}
