import { resolveSpecifier } from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { needing } from "../../project/versions/find-version.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import type { Tokenizers } from "../../review/cost/tokenizer.ts";
import { type RenderedSample, renderSamples } from "../compare/render-samples.ts";
import { type RenderedTokensSides, renderedTokens } from "../cost/cost-sides.ts";
import type { CheckedPrompt, Verdict } from "./verdict.ts";

/** What a prompt's samples render to, with the committed version and with the other one. */
export interface RenderedPrompt {
  readonly samples: readonly RenderedSample[];
  readonly tokens: RenderedTokensSides;
}

/** Of the prompts that differ. */
export type RenderedPrompts = ReadonlyMap<CheckedPrompt, RenderedPrompt>;

/**
 * Renders the prompts of a verdict that differ, with each of their samples.
 *
 * @throws ValidationError `samples_damaged`; ConfigurationError `tokenizer_missing`
 */
export async function renderedPrompts(
  options: ResolvedOptions,
  { prompts }: Verdict,
  tokenizers: Tokenizers,
): Promise<RenderedPrompts> {
  const versions = new Map(prompts.map(({ ref, compared }) => [refKey(ref), compared]));
  const committed = async (ref: PromptRef) => versions.get(refKey(ref))?.committed;
  const current = async (ref: PromptRef) => versions.get(refKey(ref))?.current ?? (await committed(ref));
  const sides = { from: needing(committed), to: needing(current) };
  const rendered = new Map<CheckedPrompt, RenderedPrompt>();
  for (const prompt of prompts) {
    const { compared } = prompt;
    // A prompt that others include is rendered with them.
    const [specifier] = compared.specifiers;
    if (compared.grade === "none" || specifier === undefined) continue;
    const { committed: from, current: to } = compared;
    if (from === undefined || to === undefined) continue;
    const samples = await renderSamples(resolveSpecifier(specifier, options), options, sides);
    rendered.set(prompt, { samples, tokens: await renderedTokens(samples, { from, to }, tokenizers) });
  }
  return rendered;
}
