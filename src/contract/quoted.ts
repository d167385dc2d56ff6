import type { JsonValue } from "../prompt.ts";

/**
 * A name as it may be printed anywhere: whoever edits a prompt chooses it, and must not steer a terminal or a log by it,
 * nor hide in it.
 */
export function quoted(name: string): string {
  return printableJson(name);
}

/** JSON in one line, with escapes for what steers a terminal or cannot be seen. */
export function printableJson(value: JsonValue): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\udb40[\udc00-\udc7f]/g,
    (found) => [...Array(found.length).keys()].map((at) => escaped(found.charCodeAt(at))).join(""),
  );
}

function escaped(codeUnit: number): string {
  return `\\u${codeUnit.toString(16).padStart(4, "0")}`;
}
