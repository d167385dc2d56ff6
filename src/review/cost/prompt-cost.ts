import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { piecesOf } from "../../compiler/pieces.ts";
import type { Sides } from "../../prompt.ts";
import { constantTexts } from "../../template/cache-prefix.ts";
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

/** Counts a prompt's tokens and those of its cacheable prefix. What a provider adds around messages isn't counted. */
export function promptCost(compiled: CompiledPrompt, tokenizer: Tokenizer): PromptCost {
  const { content } = compiled.source.version;
  const own = typeof content === "string" ? [content] : content.map((message) => message.content);
  // A partial is a text prompt, and one that includes itself is in the map like any other.
  const included = [...compiled.partials.keys()].map(({ version }) => version.content as string);
  const whole = countTexts(tokenizer, [...own, ...included]);
  const pieces = piecesOf(compiled);
  const isConstant = pieces.flat().every(({ kind }) => kind === "text");
  const prefix = isConstant ? whole : countTexts(tokenizer, constantTexts(pieces));
  return { tokens: whole.tokens, prefix: prefix.tokens, encoding: whole.encoding && prefix.encoding };
}

/** The same, counted as the config says, or else as the prompt's own model counts. Throws `tokenizer_missing`. */
export async function countCost(compiled: CompiledPrompt, tokenizers: Tokenizers): Promise<PromptCost> {
  return promptCost(compiled, await tokenizers.forModel(compiled.source.version.metadata.model));
}

/** A limit on what a prompt costs. */
export interface Budget {
  /** The most tokens that the template has. At least 1. */
  readonly tokens?: number | undefined;
  /** How bad it is to exceed it; `"error"` only counts for exact counts, and an estimate stays a warning. Default `"warn"`. */
  readonly severity?: BudgetSeverity | undefined;
}

/** How bad it is to exceed a budget. */
export type BudgetSeverity = "warn" | "error";

export interface OverBudget {
  readonly severity: BudgetSeverity;
  /** One sentence: `has 4,312 tokens; its budget is 4,000`. */
  readonly message: string;
}

/** Undefined if a version keeps within its budget. */
export function overBudget({ tokens, severity = "warn" }: Budget, cost: PromptCost): OverBudget | undefined {
  if (tokens === undefined || cost.tokens <= tokens) return undefined;
  const message = `has ${tokensText(cost.tokens, cost)} tokens; its budget is ${withCommas(tokens)}`;
  if (cost.encoding !== null) return { severity, message };
  return { severity: "warn", message: `${message} (an estimate, which is only a warning; ${HOW_TO_COUNT})` };
}

/** A number of tokens: `1,310`, or `≈1,310` where it's an estimate. */
export function tokensText(tokens: number, { encoding }: Pick<PromptCost, "encoding">): string {
  return `${encoding === null ? "≈" : ""}${withCommas(tokens)}`;
}

/** What to do about an estimate. */
export const HOW_TO_COUNT = "to count exactly, install gpt-tokenizer and set tokens.encoding";

export function withCommas(value: number): string {
  return value.toLocaleString("en-US");
}

/** What each of two versions costs; undefined where there's no version, or one that doesn't compile. */
export type CostSides = Sides<PromptCost | undefined>;

/** A number that changes by a smaller part of itself says little: estimates are that far off. */
const NOTABLE = 0.1;

/**
 * What a version changes in the cost: `tokens 412 → 298, cacheable prefix 1,310 → 12 tokens`. A number that changes by a
 * tenth or less is left out. Empty if both do, or if it isn't known.
 *
 * @param isAsked somebody asks for the cost: every change is named, and what a new version costs. Default false
 */
export function costText(cost: CostSides | undefined, isAsked = false): string {
  if (cost?.to === undefined || (cost.from === undefined && !isAsked)) return "";
  const { from, to } = cost;
  const shown = (key: "tokens" | "prefix") => {
    if (from === undefined) return tokensText(to[key], to);
    if (Math.abs(to[key] - from[key]) <= (isAsked ? 0 : from[key] * NOTABLE)) return undefined;
    return `${tokensText(from[key], from)} → ${tokensText(to[key], to)}`;
  };
  const [tokens, prefix] = [shown("tokens"), shown("prefix")];
  return [tokens && `tokens ${tokens}`, prefix && `cacheable prefix ${prefix} tokens`]
    .filter(Boolean)
    .join(", ");
}
