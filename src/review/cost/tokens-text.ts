import type { PromptCost } from "./prompt-cost.ts";

/** A number of tokens: `1,310`, or `≈1,310` where it's an estimate. */
export function tokensText(tokens: number, { encoding }: Pick<PromptCost, "encoding">): string {
  return `${encoding === null ? "≈" : ""}${withCommas(tokens)}`;
}

/** What to do about an estimate. */
export const HOW_TO_COUNT = "to count exactly, install gpt-tokenizer and set tokens.encoding";

/** `1,310`. */
export function withCommas(value: number): string {
  return value.toLocaleString("en-US");
}
