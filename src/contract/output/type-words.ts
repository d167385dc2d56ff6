import { quoted } from "../quoted.ts";
import type { OutputType } from "./output-type.ts";

/** For a union of many alternatives, only the first ones are shown. */
const MAX_ALTERNATIVES = 6;
const MAX_TEXT_LENGTH = 40;

/** A type in words, in one line that is safe to print: `string or null`. Doesn't say what an object contains. */
export function typeWords(type: OutputType): string {
  if (type.kind === "any-of") {
    const words = [...new Set(type.types.map(typeWords))];
    const rest = words.length - MAX_ALTERNATIVES;
    const shown = rest > 1 ? [...words.slice(0, MAX_ALTERNATIVES), `${rest} more`] : words;
    return `${shown.slice(0, -1).join(", ")}${shown.length > 1 ? " or " : ""}${shown.at(-1)}`;
  }
  if (type.kind === "literal") {
    const { value } = type;
    const isLong = typeof value === "string" && value.length > MAX_TEXT_LENGTH;
    return quoted(isLong ? `${[...value.slice(0, MAX_TEXT_LENGTH)].slice(0, -1).join("")}…` : value);
  }
  if (type.kind === "tuple") return "array";
  if (type.kind === "named") return "object";
  return type.kind === "unknown" ? "anything" : type.kind === "never" ? "nothing" : type.kind;
}
