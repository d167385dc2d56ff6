import { escapedJson } from "../errors/printable.ts";
import type { JsonValue } from "../prompt.ts";

/**
 * A name or value as it may be printed anywhere: whoever edits a prompt chooses it, and must not steer a terminal or a
 * log by it, nor hide in it. JSON in one line.
 */
export function quoted(value: JsonValue): string {
  return escapedJson(JSON.stringify(value));
}
