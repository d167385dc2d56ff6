import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { compileRequest } from "../../project/compile-request.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { FindVersion } from "../../project/versions/find-version.ts";
import type { PromptContent, PromptVersionData } from "../../prompt.ts";
import { countCost, type PromptCost } from "../../review/cost/prompt-cost.ts";
import { countTexts, type Tokenizers } from "../../review/cost/tokenizer.ts";
import type { RenderedSample } from "../diff/render-samples.ts";

/** What each of two versions costs; undefined where there's no version. */
export interface CostSides {
  readonly from: PromptCost | undefined;
  readonly to: PromptCost | undefined;
}

/** The tokens of what a version renders its samples to. The median of an even count is the lower middle. */
export interface RenderedTokens extends Pick<PromptCost, "encoding"> {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

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
    return await compileRequest(request, options, find);
  } catch (error) {
    if (isScopeError(error)) return undefined;
    throw error;
  }
}

/** Does a version cost something else than the one before it, or is there only one of them? */
export function isChanged({ from, to }: CostSides): boolean {
  return from?.tokens !== to?.tokens || from?.prefix !== to?.prefix;
}

/** The tokens of the renderings of two versions; undefined if there are no samples. */
export async function renderedTokens(
  samples: readonly RenderedSample[],
  versions: { readonly [Side in "from" | "to"]: PromptVersionData | undefined },
  tokenizers: Tokenizers,
): Promise<RenderedTokensSides | undefined> {
  if (samples.length === 0) return undefined;
  const side = async (which: "from" | "to") => {
    const tokenizer = await tokenizers.forModel(versions[which]?.metadata.model);
    const outputs = samples.flatMap(({ [which]: { output } }) => (output === undefined ? [] : [output]));
    const counts = outputs.map((output) => countTexts(tokenizer, textsOf(output)));
    if (counts.length === 0) return undefined;
    const sorted = counts.map(({ tokens }) => tokens).sort((a, b) => a - b);
    const at = (index: number) => sorted.at(index) as number;
    const encoding = counts.reduce<PromptCost["encoding"]>(
      (all, one) => all && one.encoding,
      counts[0]?.encoding ?? null,
    );
    return { min: at(0), median: at(Math.floor((sorted.length - 1) / 2)), max: at(-1), encoding };
  };
  return { from: await side("from"), to: await side("to") };
}

function textsOf(content: PromptContent): readonly string[] {
  return typeof content === "string" ? [content] : content.map((message) => message.content);
}
