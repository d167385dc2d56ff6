import { isScopeError } from "../errors/scope-error.ts";
import { compileOrError, type FindVersion } from "../project/compile-request.ts";
import type { ResolvedImport } from "../project/config/specifier.ts";
import type { ResolvedOptions } from "../project/config/types.ts";
import { readSamples, type SampleInFile } from "../project/snapshot/samples.ts";
import { type CostSides, countCost, type RenderedTokens, type Sides } from "../review/cost/prompt-cost.ts";
import { countTexts, type Tokenizers } from "../review/cost/tokenizer.ts";
import type { LoadRenderer, Rendered } from "./render/render-prompt.ts";

/** What two versions make of the same values. */
export interface RenderedSample extends Sides<Rendered> {
  readonly sample: string;
}

/** What the samples of a prompt render to, and the tokens of that; undefined where no sample renders. */
export interface RenderedSamples {
  readonly samples: readonly RenderedSample[];
  readonly renderedTokens?: Sides<RenderedTokens | undefined> | undefined;
}

/** What both sides have for a request costs; nothing for a version that doesn't compile: the comparison says why. */
export async function costSides(
  request: ResolvedImport,
  options: ResolvedOptions,
  find: Sides<FindVersion>,
  tokenizers: Tokenizers,
): Promise<CostSides> {
  const side = async (one: FindVersion) => {
    const compiled = await compileOrError(request, options, one);
    return isScopeError(compiled) ? undefined : countCost(compiled, tokenizers);
  };
  return { from: await side(find.from), to: await side(find.to) };
}

/**
 * Renders two versions of a prompt with each of its samples, using the functions that a build would emit. A version
 * that doesn't compile, and a sample that can't be read, say why.
 */
export async function renderSamples(
  request: ResolvedImport,
  options: ResolvedOptions,
  find: Sides<FindVersion>,
  load: LoadRenderer,
  tokenizers: Tokenizers,
): Promise<RenderedSamples> {
  const files = await readSamples(options.snapshotDir, request.ref.name);
  if (files.length === 0) return { samples: [] };
  const side = async (one: FindVersion) => {
    const compiled = await compileOrError(request, options, one);
    const render = isScopeError(compiled) ? undefined : load(compiled);
    return async (sample: SampleInFile): Promise<Rendered> => {
      try {
        if (isScopeError(compiled) || render === undefined) throw compiled;
        return await render(sample.read(compiled.variables).values);
      } catch (error) {
        if (isScopeError(error)) return { problem: error.message };
        throw error;
      }
    };
  };
  const [from, to] = [await side(find.from), await side(find.to)];
  const samples: RenderedSample[] = [];
  // One by one: a sample that takes too long must not end the others.
  for (const one of files) samples.push({ sample: one.name, from: await from(one), to: await to(one) });
  const tokens = async (which: keyof Sides<unknown>): Promise<RenderedTokens | undefined> => {
    const model = (await find[which](request.ref))?.metadata.model;
    const tokenizer = await tokenizers.forModel(model);
    const counts = samples.flatMap(({ [which]: { output } }) => {
      if (output === undefined) return [];
      return countTexts(tokenizer, typeof output === "string" ? [output] : output.map((one) => one.content));
    });
    if (counts.length === 0) return undefined;
    const sorted = counts.map((one) => one.tokens).sort((a, b) => a - b);
    const at = (index: number) => sorted.at(index) as number;
    const isExact = counts.every(({ encoding }) => encoding !== null);
    const encoding = isExact ? (counts[0]?.encoding ?? null) : null;
    return { min: at(0), median: at(Math.floor((sorted.length - 1) / 2)), max: at(-1), encoding };
  };
  return { samples, renderedTokens: { from: await tokens("from"), to: await tokens("to") } };
}
