import type { ResolvedOptions } from "../../project/config/types.ts";
import { type FindVersion, needing } from "../../project/versions/find-version.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import { type OverBudget, overBudget } from "../../review/cost/prompt-cost.ts";
import { Tokenizers } from "../../review/cost/tokenizer.ts";
import { type CostSides, costSides, isChanged, renderedTokens } from "../cost/cost-sides.ts";
import { renderSamples } from "../diff/render-samples.ts";
import type { LoadRenderer } from "../render/render-prompt.ts";
import { type CheckedPrompt, hasCost, limitedRequests, type RenderedSamples } from "./verdict.ts";

/** What counts and renders the two versions of a prompt. */
interface Tools {
  readonly options: ResolvedOptions;
  readonly tokenizers: Tokenizers;
  readonly sides: { readonly from: FindVersion; readonly to: FindVersion };
}

/**
 * Adds what prompts cost, where a version changes that or a budget limits it, and what those that differ render to.
 *
 * @param load renders their samples; undefined: these aren't rendered
 * @throws ConfigurationError `tokenizer_missing`; ValidationError `samples_damaged`
 */
export async function measurePrompts(
  options: ResolvedOptions,
  prompts: readonly CheckedPrompt[],
  load: LoadRenderer | undefined,
): Promise<readonly CheckedPrompt[]> {
  const versions = new Map(prompts.map(({ ref, compared }) => [refKey(ref), compared]));
  const from = async (ref: PromptRef) => versions.get(refKey(ref))?.committed;
  const to = async (ref: PromptRef) => versions.get(refKey(ref))?.current ?? (await from(ref));
  const tools: Tools = {
    options,
    tokenizers: new Tokenizers(options.tokens.encoding),
    sides: { from, to },
  };
  const measured: CheckedPrompt[] = [];
  for (const prompt of prompts) {
    const costs = hasCost(prompt) ? await costsOf(prompt, tools) : {};
    const rendered = load && (await renderingsOf(prompt, tools, load));
    measured.push({ ...prompt, ...costs, rendered });
  }
  return measured;
}

async function costsOf(
  prompt: CheckedPrompt,
  { options, sides, tokenizers }: Tools,
): Promise<Pick<CheckedPrompt, "cost" | "overBudget">> {
  const [first] = prompt.compared.requests;
  const limited = limitedRequests(prompt);
  let cost: CostSides | undefined;
  // The requests of a prompt differ in syntax and budget, and two of them can exceed the same limit.
  const exceeded = new Map<string, OverBudget>();
  for (const request of new Set([...(first === undefined ? [] : [first]), ...limited])) {
    const own = await costSides(request, options, sides, tokenizers);
    if (request === first) cost = own;
    const one = own.to && overBudget(request.budget, own.to);
    if (one !== undefined) exceeded.set(`${one.severity} ${one.message}`, one);
  }
  return { cost: cost && isChanged(cost) ? cost : undefined, overBudget: [...exceeded.values()] };
}

/** A prompt that others include is rendered with them. */
async function renderingsOf(
  { compared }: CheckedPrompt,
  { options, sides, tokenizers }: Tools,
  load: LoadRenderer,
): Promise<RenderedSamples | undefined> {
  const { committed: from, current: to, grade, requests, specifiers } = compared;
  const [request] = requests;
  if (grade === "none" || request === undefined || specifiers.length === 0) return undefined;
  if (from === undefined || to === undefined) return undefined;
  const picks = { from: needing(sides.from), to: needing(sides.to) };
  const samples = await renderSamples(request, options, picks, load);
  return { samples, tokens: await renderedTokens(samples, { from, to }, tokenizers) };
}
