/** Apart from what reads a schema: a plugin loads this before anything has changed. */

import { isObject } from "../../prompt.ts";

/**
 * The JSON Schema that an object of a schema library gives (Standard JSON Schema: zod, ArkType, valibot by its package);
 * every other value as it is. Throws what the library throws.
 */
export function asJsonSchema(value: unknown): unknown {
  const { jsonSchema } = Object(Object(value)["~standard"]);
  return jsonSchema === undefined ? value : jsonSchema.input({ target: "draft-2020-12" });
}

/**
 * Options whose schemas for metadata are JSON: what a library's object checks isn't in its JSON, so that two of them would
 * have one digest.
 */
export function withJsonSchemas<T>(options: T): T {
  if (!isObject(options)) return options;
  const given: Record<string, unknown> = { ...options };
  const { prompts } = given;
  if (isObject(prompts))
    given.prompts = Object.fromEntries(
      Object.entries(prompts).map(([key, entry]) => [key, withJsonSchemas(entry)]),
    );
  try {
    given.metadata = asJsonSchema(given.metadata);
  } catch {
    // The check of the options says so.
  }
  return given as T;
}
