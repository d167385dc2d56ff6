/** A piece of literal text, or a variable's place. `index` counts UTF-16 units from the template's start. */
export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "variable"; readonly name: string; readonly index: number };

/**
 * A variable. What `\w` means to the Python SDK: letters and numbers of every script and the underscore, no combining
 * marks.
 */
const VARIABLE = /\{\{([\p{L}\p{N}_]+)\}\}/gu;

/**
 * Splits a template in the platform's own syntax: `{{name}}` without spaces is a variable, everything else is literal
 * text, byte for byte. Every text is a valid template, so it never throws.
 *
 * @example parseScope("Hello {{name}}!")
 * // [{ kind: "text", text: "Hello " }, { kind: "variable", name: "name", index: 6 }, { kind: "text", text: "!" }]
 */
export function parseScope(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    if (match.index > end) parts.push({ kind: "text", text: text.slice(end, match.index) });
    parts.push({ kind: "variable", name: match[1] as string, index: match.index });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
  return parts;
}

/**
 * The names of a template's variables, without duplicates, in order of first use.
 *
 * @example variablesOf(parseScope("{{b}} {{a}} {{b}}")) // ["b", "a"]
 */
export function variablesOf(parts: readonly TemplatePart[]): readonly string[] {
  const names = new Set<string>();
  for (const part of parts) if (part.kind === "variable") names.add(part.name);
  return [...names];
}

/** Is there nothing in a text but white space and characters that draw nothing? */
export function isBlank(text: string): boolean {
  return /^[\s\p{Cc}\p{Cf}\p{DI}\u2800]*$/u.test(text);
}
