import type { JsonValue } from "../../prompt.ts";

// Starts or ends something for a tool that looks into our strings: an HTML parser, a comment, a search for source maps.
// A template literal gets a backslash between its two halves, which the language drops.
const LOOKED_INTO = /<(?=!--|\/?script)|\*(?=\/)|\/(?=\*)|source(?=MappingURL)|--(?=>)/gi;
// Control characters and marks of direction, which Node would print with a line of code; line separators, the byte order
// mark, and halves of surrogate pairs, which UTF-8 cannot hold.
const NOT_AS_IS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be escaped
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A piece of a template literal: text that comes out as it is, or an expression whose value does. */
export type LiteralPiece = { readonly text: string } | { readonly code: string };

/**
 * A template literal; the only way that a prompt's text becomes code. Adjacent texts are joined before they're escaped:
 * what must be escaped can start in one and end in the next, like `$` and `{`.
 */
export function templateLiteral(pieces: readonly LiteralPiece[]): string {
  let code = "";
  let text = "";
  for (const piece of pieces) {
    if ("text" in piece) {
      text += piece.text;
      continue;
    }
    code += `${templateText(text)}\${${piece.code}}`;
    text = "";
  }
  return `\`${code}${templateText(text)}\``;
}

/**
 * A whole run of text as the inside of a template literal. Line feeds stay, so that the code reads like the prompt; a
 * carriage return doesn't, because the language would turn it into a line feed.
 */
function templateText(text: string): string {
  return text
    .replace(/[\\`]|\$(?=\{)/g, "\\$&")
    .replace(LOOKED_INTO, "$&\\")
    .replace(NOT_AS_IS, escapeUnit);
}

/** A text as a string literal in double quotes, with escapes that JSON has too: other programs read it back. */
export function stringLiteral(text: string): string {
  return JSON.stringify(text)
    .replace(LOOKED_INTO, (found) => found.slice(0, -1) + escapeUnit(found.at(-1) as string))
    .replace(NOT_AS_IS, escapeUnit);
}

export function jsonLiteral(value: JsonValue): string {
  if (typeof value === "string") return stringLiteral(value);
  if (value === null || typeof value !== "object") return Object.is(value, -0) ? "-0" : String(value);
  if (Array.isArray(value)) return `[${value.map(jsonLiteral).join(", ")}]`;
  const entries = Object.entries(value).map(([key, item]) => `${propertyKey(key)}: ${jsonLiteral(item)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** A name as the key of an object literal; `__proto__` without brackets would set the prototype. */
export function propertyKey(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return isPlainName(name) ? name : stringLiteral(name);
}

/** A name as the key of a type, where `__proto__` is a name like any other. */
export function memberKey(name: string): string {
  return name === "__proto__" ? stringLiteral(name) : propertyKey(name);
}

/** `.name`, or `["name"]` if necessary; `?.name` and `?.["name"]`. */
export function propertyAccess(name: string, link: "." | "?." = "."): string {
  if (isPlainName(name)) return `${link}${name}`;
  return `${link === "?." ? link : ""}[${stringLiteral(name)}]`;
}

/** ASCII only: which other letters can be part of a name depends on the age of the tool that reads the code. */
function isPlainName(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
