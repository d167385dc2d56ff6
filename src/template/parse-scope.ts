import type { TemplatePart } from "./parts.ts";

/**
 * A variable. What `\w` means to the Python SDK: letters and numbers of every script and the underscore, no combining
 * marks.
 */
export const VARIABLE = /\{\{([\p{L}\p{N}_]+)\}\}/gu;

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
