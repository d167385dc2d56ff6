import { resolveSpecifier } from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { needing } from "../../project/versions/find-version.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import { type RenderedSample, renderSamples } from "../compare/render-samples.ts";
import type { CheckedPrompt, Verdict } from "./verdict.ts";

/** What each prompt's samples render to, with the committed version and with the other one. */
export type RenderedPrompts = ReadonlyMap<CheckedPrompt, readonly RenderedSample[]>;

/**
 * Renders the prompts of a verdict that differ, with each of their samples.
 *
 * @throws ValidationError `samples_damaged`
 */
export async function renderedPrompts(
  options: ResolvedOptions,
  { prompts }: Verdict,
): Promise<RenderedPrompts> {
  const versions = new Map(prompts.map(({ ref, compared }) => [refKey(ref), compared]));
  const committed = async (ref: PromptRef) => versions.get(refKey(ref))?.committed;
  const current = async (ref: PromptRef) => versions.get(refKey(ref))?.current ?? (await committed(ref));
  const sides = { from: needing(committed), to: needing(current) };
  const rendered = new Map<CheckedPrompt, readonly RenderedSample[]>();
  for (const prompt of prompts) {
    const { compared } = prompt;
    // A prompt that others include is rendered with them.
    const [specifier] = compared.specifiers;
    if (compared.grade === "none" || specifier === undefined) continue;
    if (compared.committed === undefined || compared.current === undefined) continue;
    rendered.set(prompt, await renderSamples(resolveSpecifier(specifier, options), options, sides));
  }
  return rendered;
}
