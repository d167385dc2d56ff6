import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { compileRequest, type PickVersion } from "../../project/compile-request.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { loadSamples, type Samples } from "../../project/snapshot/samples.ts";
import type { PromptContent } from "../../prompt.ts";
import { loadRender } from "../render-prompt.ts";

/** What came out of one call, or why nothing did. */
export type Rendered =
  | { readonly output: PromptContent; readonly problem?: undefined }
  | { readonly output?: undefined; readonly problem: string };

/** Returns what renders a version with one set of values. */
export type LoadRenderer = (compiled: CompiledPrompt) => Promise<(values: unknown) => Promise<Rendered>>;

/** What two versions make of the same values. */
export interface RenderedSample {
  readonly sample: string;
  readonly from: Rendered;
  readonly to: Rendered;
}

/**
 * Renders two versions of a prompt with each of its samples, using the functions that a build would emit.
 *
 * @param sides the versions of the prompt and of what it includes
 * @param load by default both versions are imported into this process, for good
 * @throws ValidationError `samples_damaged`
 */
export async function renderSamples(
  request: ResolvedImport,
  options: ResolvedOptions,
  sides: { readonly from: PickVersion; readonly to: PickVersion },
  load: LoadRenderer = loadHere,
): Promise<readonly RenderedSample[]> {
  const samples = await loadSamples(options.snapshotDir, request.ref.name);
  if (samples.size === 0) return [];
  const from = await renderEach(request, options, sides.from, samples, load);
  const to = await renderEach(request, options, sides.to, samples, load);
  return [...samples.keys()].map((sample, at) => ({
    sample,
    from: from[at] as Rendered,
    to: to[at] as Rendered,
  }));
}

async function renderEach(
  request: ResolvedImport,
  options: ResolvedOptions,
  pick: PickVersion,
  samples: Samples,
  load: LoadRenderer,
): Promise<readonly Rendered[]> {
  const values = [...samples.values()];
  try {
    const render = await load(await compileRequest(request, options, pick));
    return await Promise.all(values.map(render));
  } catch (error) {
    // A version that doesn't compile renders nothing, and says why.
    if (isScopeError(error)) return values.map(() => ({ problem: error.message }));
    throw error;
  }
}

/** What the render function throws is a result. */
async function loadHere(compiled: CompiledPrompt): ReturnType<LoadRenderer> {
  const render = await loadRender(compiled);
  return async (values) => {
    try {
      return { output: render(values as Parameters<typeof render>[0]) };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  };
}
