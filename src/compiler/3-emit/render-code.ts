import { stringLiteral } from "./escape-js.ts";

/** The code of a module's `render`. */
export interface RenderCode {
  /** What `render` returns, as an expression over its parameter `v`. */
  readonly body: string;
  /** Names that it uses from the helper module, sorted. */
  readonly helpers: readonly string[];
  /** Functions that it uses, as statements of the module. */
  readonly functions: readonly string[];
}

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

/**
 * What an empty object already has a value for. For these names only an own property counts as a value; checking that
 * for every name would cost a tenth of the speed.
 */
export const INHERITED_NAMES: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));
