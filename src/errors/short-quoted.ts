import type { JsonValue } from "../prompt.ts";
import { quoted } from "./printable.ts";

/** A value can be as long as a prompt. */
const MAX_VALUE_LENGTH = 60;

/** The beginning of what {@link quoted} returns. */
export function shortQuoted(value: JsonValue): string {
  const text = quoted(value);
  if (text.length <= MAX_VALUE_LENGTH) return text;
  // By characters: half of a surrogate pair can't be written.
  return `${[...text.slice(0, 2 * MAX_VALUE_LENGTH)].slice(0, MAX_VALUE_LENGTH).join("")}…`;
}
