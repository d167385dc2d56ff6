import type { ResolvedOptions } from "../../project/config/types.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import { type OverBudget, overBudget } from "../../review/cost/budget.ts";
import type { Tokenizers } from "../../review/cost/tokenizer.ts";
import { type CheckedPrompt, hasCost, limitedRequests, type Verdict } from "../check/verdict.ts";
import { costSides, isChanged } from "./cost-sides.ts";

/**
 * A verdict with what its prompts cost: where a version changes that, and where a budget limits it.
 *
 * @throws ConfigurationError `tokenizer_missing`
 */
export async function withCosts(
  options: ResolvedOptions,
  verdict: Verdict,
  tokenizers: Tokenizers,
): Promise<Verdict> {
  const versions = new Map(verdict.prompts.map(({ ref, compared }) => [refKey(ref), compared]));
  const committed = async (ref: PromptRef) => versions.get(refKey(ref))?.committed;
  const current = async (ref: PromptRef) => versions.get(refKey(ref))?.current ?? (await committed(ref));
  const sides = { from: committed, to: current };
  const withCost = async (prompt: CheckedPrompt): Promise<CheckedPrompt> => {
    const [first] = prompt.compared.requests;
    if (first === undefined || !hasCost(prompt)) return prompt;
    const cost = await costSides(first, options, sides, tokenizers);
    // The requests of a prompt differ in syntax and budget, and two of them can exceed the same limit.
    const exceeded = new Map<string, OverBudget>();
    for (const request of limitedRequests(prompt)) {
      const { from, to } = await costSides(request, options, sides, tokenizers);
      const found = to === undefined ? [] : overBudget(request.budget, to, from);
      for (const one of found) exceeded.set(`${one.severity} ${one.message}`, one);
    }
    return { ...prompt, cost: isChanged(cost) ? cost : undefined, overBudget: [...exceeded.values()] };
  };
  const prompts: CheckedPrompt[] = [];
  for (const prompt of verdict.prompts) prompts.push(await withCost(prompt));
  return { ...verdict, prompts };
}
