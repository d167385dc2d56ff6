import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { literalText, piecesOf } from "../pieces.ts";
import { countTexts, type Tokenizer, type Tokenizers } from "./tokenizer.ts";

/** What a prompt version costs before any value is filled in. */
export interface PromptCost {
  /** Tokens of the templates as they're stored, tags included, and of each prompt that they include, once. */
  readonly tokens: number;
  /** Tokens of the text that every rendering begins with; all of `tokens` if no value changes anything. */
  readonly prefix: number;
  /** `o200k_base` for example; null: both numbers are estimates. */
  readonly encoding: string | null;
}

/**
 * Counts a prompt's tokens and those of its cacheable prefix. What a provider adds around messages isn't counted.
 *
 * @example promptCost(compiled, await tokenizers.forModel("gpt-5")) // { tokens: 412, prefix: 380, encoding: "o200k_base" }
 */
export function promptCost(compiled: CompiledPrompt, tokenizer: Tokenizer): PromptCost {
  const { content } = compiled.source.version;
  const own = typeof content === "string" ? [content] : content.map((message) => message.content);
  // A partial is a text prompt, and one that includes itself is in the map like any other.
  const included = [...compiled.partials.keys()].map(({ version }) => version.content as string);
  const whole = countTexts(tokenizer, [...own, ...included]);
  const { texts, isWhole } = cacheablePrefix(compiled);
  const prefix = isWhole ? whole : countTexts(tokenizer, texts);
  return { tokens: whole.tokens, prefix: prefix.tokens, encoding: whole.encoding && prefix.encoding };
}

/**
 * The same, counted as the config says, or else as the prompt's own model counts.
 *
 * @throws ConfigurationError `tokenizer_missing`
 */
export async function countCost(compiled: CompiledPrompt, tokenizers: Tokenizers): Promise<PromptCost> {
  return promptCost(compiled, await tokenizers.forModel(compiled.source.version.metadata.model));
}

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
