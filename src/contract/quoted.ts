import { escapedJson } from "../errors/printable.ts";
import type { JsonValue } from "../prompt.ts";

/**
 * A name or value that is safe to print anywhere, as JSON in one line: it comes from people who edit prompts, and must
 * not be able to control a terminal or a log, or hide in it.
 */
export function quoted(value: JsonValue): string {
  return escapedJson(JSON.stringify(value));
}
