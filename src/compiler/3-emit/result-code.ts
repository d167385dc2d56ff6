import { stringLiteral } from "./escape-js.ts";

/**
 * What `render` returns, and what `content` is: the one text, or one message per text.
 *
 * @param texts expressions
 * @param roles of a chat prompt's messages; `null` for a text prompt
 */
export function resultCode(texts: readonly string[], roles: readonly string[] | null): string {
  if (roles === null) return texts[0] as string;
  if (roles.length === 0) return "[]";
  const messages = texts.map(
    (text, i) => `  { role: ${stringLiteral(roles[i] as string)}, content: ${text} },\n`,
  );
  return `[\n${messages.join("")}]`;
}
