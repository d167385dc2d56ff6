import type { JsonObject, JsonValue } from "../../prompt.ts";

/** A place in a schema: the keys that lead to it, and what is there. */
export interface Pointed {
  readonly path: readonly string[];
  readonly schema: JsonValue;
}

/**
 * What a `$ref` inside its own schema points at: `#`, or `#/` and keys, escaped like a JSON pointer in a URL.
 *
 * @returns undefined for every other reference, and if nothing is there
 */
export function resolvePointer(root: JsonObject, ref: string): Pointed | undefined {
  if (ref === "#") return { path: [], schema: root };
  if (!ref.startsWith("#/")) return undefined;
  const path: string[] = [];
  let at: JsonValue | undefined = root;
  for (const part of ref.slice("#/".length).split("/")) {
    const key = decoded(part)?.replaceAll("~1", "/").replaceAll("~0", "~");
    if (key === undefined || typeof at !== "object" || at === null || !Object.hasOwn(at, key))
      return undefined;
    path.push(key);
    at = (at as JsonObject)[key];
  }
  return at === undefined ? undefined : { path, schema: at };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
