import type { PromptCost } from "./prompt-cost.ts";
import { tokensText } from "./tokens-text.ts";

/**
 * What a change does to the cost, in a line: `tokens 412 → 298, cacheable prefix 1,310 → 12 tokens`. A number that
 * stays the same is left out; undefined: both do.
 */
export function costChange(before: PromptCost, after: PromptCost): string | undefined {
  const parts: string[] = [];
  if (before.tokens !== after.tokens)
    parts.push(`tokens ${tokensText(before.tokens, before)} → ${tokensText(after.tokens, after)}`);
  if (before.prefix !== after.prefix)
    parts.push(
      `cacheable prefix ${tokensText(before.prefix, before)} → ${tokensText(after.prefix, after)} tokens`,
    );
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** The spread of several numbers, such as the tokens of a prompt's rendered samples. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Two spreads in a line: `min 120 → 90, median 140 → 99, max 180 → 130`. */
export function spreadChange(
  before: Spread & Pick<PromptCost, "encoding">,
  after: Spread & Pick<PromptCost, "encoding">,
): string {
  return (["min", "median", "max"] as const)
    .map((key) => `${key} ${tokensText(before[key], before)} → ${tokensText(after[key], after)}`)
    .join(", ");
}

/** Smallest, middle and largest; undefined if there are none. The median of an even count is the lower middle. */
export function spreadOf(numbers: readonly number[]): Spread | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  return min === undefined || median === undefined || max === undefined ? undefined : { min, median, max };
}
