import { type CompiledPrompt, partsOf } from "../../compiler/compiled-prompt.ts";
import type { Sides } from "../../prompt.ts";
import { constantTexts } from "../../template/cache-prefix.ts";

/** What a prompt version costs before any value is filled in. Estimates: within a tenth for most prompts. */
export interface PromptCost {
  /** Tokens of the templates as they're stored, tags included. */
  readonly tokens: number;
  /** Tokens of the text that every rendering begins with; all of `tokens` if no value changes anything. */
  readonly prefix: number;
}

/** Characters for each token in sentences of prompts, where `tokenx` is off by a third or more. */
const CHARACTERS_PER_TOKEN = [
  { script: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu, characters: 1.45 },
  // Arabic, Hebrew, Thai, those of India, and so on.
  {
    script: /[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Common}\p{Script=Inherited}]/gu,
    characters: 2.7,
  },
];

/** Estimates a prompt's tokens and those of its cacheable prefix. What a provider adds around messages isn't counted. */
export async function countCost(compiled: CompiledPrompt): Promise<PromptCost> {
  const { estimateTokenCount } = await import("tokenx");
  const count = (texts: readonly string[]) => texts.reduce((sum, text) => sum + estimate(text), 0);
  const estimate = (text: string) => {
    let rest = text;
    let tokens = 0;
    for (const { script, characters } of CHARACTERS_PER_TOKEN) {
      const others = rest.replace(script, "");
      tokens += (rest.length - others.length) / characters;
      rest = others;
    }
    return Math.round(tokens) + estimateTokenCount(rest);
  };
  const { content } = compiled.source.version;
  const tokens = count(typeof content === "string" ? [content] : content.map((message) => message.content));
  const parts = partsOf(compiled);
  const isConstant = parts.flat().every(({ kind }) => kind === "text");
  return { tokens, prefix: isConstant ? tokens : count(constantTexts(parts)) };
}

/** What each of two versions costs; undefined where there's no version, or one that doesn't compile. */
export type CostSides = Sides<PromptCost | undefined>;

/** What both versions cost for a request, as far as they compile. */
export async function costSides({ from, to }: Sides<CompiledPrompt | undefined>): Promise<CostSides> {
  return { from: from && (await countCost(from)), to: to && (await countCost(to)) };
}

/** By how much a version exceeds its budget: `has ≈4,312 tokens; its budget is 4,000`. Undefined if it keeps within it. */
export function overBudget(budget: number | undefined, { tokens }: PromptCost): string | undefined {
  if (budget === undefined || tokens <= budget) return undefined;
  return `has ${tokensText(tokens)} tokens; its budget is ${budget.toLocaleString("en-US")}`;
}

/** An estimated number of tokens: `≈1,310`. */
export function tokensText(tokens: number): string {
  return tokens === 0 ? "0" : `≈${tokens.toLocaleString("en-US")}`;
}

/** A number that changes by a smaller part of itself says little: estimates are that far off. */
const NOTABLE = 0.1;

/**
 * What a version changes in the cost: `tokens ≈412 → ≈298, cacheable prefix ≈1,310 → ≈12 tokens`. A number that changes by
 * a tenth or less is left out. Empty if both do, or if it isn't known.
 *
 * @param isAsked somebody asks for the cost: every change is named, and what a new version costs. Default false
 */
export function costText(cost: CostSides | undefined, isAsked = false): string {
  if (cost?.to === undefined || (cost.from === undefined && !isAsked)) return "";
  const { from, to } = cost;
  const shown = (key: "tokens" | "prefix") => {
    if (from === undefined) return tokensText(to[key]);
    if (Math.abs(to[key] - from[key]) <= (isAsked ? 0 : from[key] * NOTABLE)) return undefined;
    return `${tokensText(from[key])} → ${tokensText(to[key])}`;
  };
  const [tokens, prefix] = [shown("tokens"), shown("prefix")];
  return [tokens && `tokens ${tokens}`, prefix && `cacheable prefix ${prefix} tokens`]
    .filter(Boolean)
    .join(", ");
}
