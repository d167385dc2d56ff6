import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { compileRequest } from "../../project/compile-request.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { type FindVersion, needing } from "../../project/versions/find-version.ts";
import type { PromptContent, PromptVersionData } from "../../prompt.ts";
import { type Spread, spreadOf } from "../../review/cost/cost-change.ts";
import { countCost, type PromptCost } from "../../review/cost/prompt-cost.ts";
import type { Tokenizers } from "../../review/cost/tokenizer.ts";
import type { Rendered, RenderedSample } from "../compare/render-samples.ts";

/** What each of two versions costs; undefined where there's no version. */
export interface CostSides {
  readonly from: PromptCost | undefined;
  readonly to: PromptCost | undefined;
}

/** The tokens of what a version renders its samples to. */
export interface RenderedTokens extends Spread, Pick<PromptCost, "encoding"> {}

/** The same for two versions; undefined where no sample renders. */
export interface RenderedTokensSides {
  readonly from: RenderedTokens | undefined;
  readonly to: RenderedTokens | undefined;
}

/**
 * What both sides have for a request costs. A version that doesn't compile has no cost; the caller, which
 * compares the two, reports why.
 *
 * @throws ConfigurationError `tokenizer_missing`
 */
export async function costSides(
  request: ResolvedImport,
  options: ResolvedOptions,
  sides: { readonly from: FindVersion; readonly to: FindVersion },
  tokenizers: Tokenizers,
): Promise<CostSides> {
  const side = async (find: FindVersion) => {
    const compiled = await compileIfPossible(request, options, find);
    return compiled && countCost(compiled, tokenizers);
  };
  return { from: await side(sides.from), to: await side(sides.to) };
}

async function compileIfPossible(
  request: ResolvedImport,
  options: ResolvedOptions,
  find: FindVersion,
): Promise<CompiledPrompt | undefined> {
  try {
    if ((await find(request.ref)) === undefined) return undefined;
    return await compileRequest(request, options, needing(find));
  } catch (error) {
    if (isScopeError(error)) return undefined;
    throw error;
  }
}

/** Does a version cost something else than the one before it, or is there only one of them? */
export function isChanged({ from, to }: CostSides): boolean {
  return from?.tokens !== to?.tokens || from?.prefix !== to?.prefix;
}

/** The tokens of the renderings of two versions. */
export async function renderedTokens(
  samples: readonly RenderedSample[],
  versions: { readonly from: PromptVersionData; readonly to: PromptVersionData },
  tokenizers: Tokenizers,
): Promise<RenderedTokensSides> {
  const side = async ({ metadata }: PromptVersionData, rendered: readonly Rendered[]) => {
    const { encoding = null, count } = await tokenizers.forModel(metadata.model);
    const outputs = rendered.flatMap(({ output }) => (output === undefined ? [] : [textsOf(output)]));
    const spread = spreadOf(outputs.map((texts) => texts.reduce((sum, text) => sum + count(text), 0)));
    return spread === undefined ? undefined : { ...spread, encoding };
  };
  return {
    from: await side(
      versions.from,
      samples.map(({ from }) => from),
    ),
    to: await side(
      versions.to,
      samples.map(({ to }) => to),
    ),
  };
}

function textsOf(content: PromptContent): readonly string[] {
  return typeof content === "string" ? [content] : content.map((message) => message.content);
}
