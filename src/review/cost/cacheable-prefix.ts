import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { literalText, piecesOf } from "../pieces.ts";

/** What every rendering of a prompt begins with, whatever its values are. */
export interface CacheablePrefix {
  /** A text prompt's literal beginning; or one text for each message that it reaches, the last one maybe cut short. */
  readonly texts: readonly string[];
  /** The prompt depends on no value: every rendering is the same. */
  readonly isWhole: boolean;
}

/**
 * The literal text before the first variable, over the messages in order. Providers cache a request by its beginning,
 * so this is what two calls with different values can share. In mustache syntax it ends at the first tag that depends
 * on a value, sections included; the text of a partial counts like the prompt's own.
 *
 * @example cacheablePrefix(compiled) // { texts: ["Hello "], isWhole: false } for "Hello {{name}}!"
 */
export function cacheablePrefix(compiled: CompiledPrompt): CacheablePrefix {
  const texts: string[] = [];
  for (const { pieces, isComplete } of piecesOf(compiled)) {
    const end = pieces.findIndex(({ kind }) => kind === "value");
    texts.push(literalText(end === -1 ? pieces : pieces.slice(0, end)));
    if (end !== -1 || !isComplete) return { texts, isWhole: false };
  }
  return { texts, isWhole: true };
}
