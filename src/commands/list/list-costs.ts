import type { ResolvedOptions } from "../../project/config/types.ts";
import { refKey } from "../../prompt.ts";
import { countCost, type PromptCost } from "../../review/cost/prompt-cost.ts";
import { Tokenizers } from "../../review/cost/tokenizer.ts";
import type { ListedPrompt } from "./list-prompts.ts";

/** A prompt with what its committed version costs. */
export interface PricedPrompt extends ListedPrompt {
  /** Undefined when nothing is committed that compiles. */
  readonly cost: PromptCost | undefined;
}

/**
 * What prompts cost, the most expensive first; each prompt and pin once.
 *
 * @throws ConfigurationError `tokenizer_missing`
 */
export async function listCosts(
  options: ResolvedOptions,
  prompts: readonly ListedPrompt[],
): Promise<readonly PricedPrompt[]> {
  const tokenizers = new Tokenizers(options.tokens.encoding);
  const priced = new Map<string, PricedPrompt>();
  for (const prompt of prompts) {
    const key = refKey(prompt.request.ref);
    const { compiled } = prompt;
    if (!priced.has(key))
      priced.set(key, { ...prompt, cost: compiled && (await countCost(compiled, tokenizers)) });
  }
  return [...priced.values()].sort((a, b) => (b.cost?.tokens ?? -1) - (a.cost?.tokens ?? -1));
}
