import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { compileRequest, type PickVersion } from "../../project/compile-request.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { PromptContent } from "../../prompt.ts";
import { loadModule, type Render } from "../render-prompt.ts";
import { readSamples, type SampleInFile } from "../test-samples/read-samples.ts";

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
  const samples = await readSamples(options.snapshotDir, request.ref.name);
  if (samples.length === 0) return [];
  const from = await renderEach(request, options, sides.from, samples, load);
  const to = await renderEach(request, options, sides.to, samples, load);
  return samples.map(({ name }, at) => ({
    sample: name,
    from: from[at] as Rendered,
    to: to[at] as Rendered,
  }));
}

async function renderEach(
  request: ResolvedImport,
  options: ResolvedOptions,
  pick: PickVersion,
  samples: readonly SampleInFile[],
  load: LoadRenderer,
): Promise<readonly Rendered[]> {
  try {
    const compiled = await compileRequest(request, options, pick);
    const values = samples.map(({ read }) => read(compiled.variables).values);
    const render = await load(compiled);
    return await Promise.all(values.map(render));
  } catch (error) {
    // A version that doesn't compile renders nothing, and says why; so does a sample that can't be read.
    if (isScopeError(error)) return samples.map(() => ({ problem: error.message }));
    throw error;
  }
}

/** What the render function throws is a result. */
async function loadHere(compiled: CompiledPrompt): ReturnType<LoadRenderer> {
  const { render } = await loadModule(compiled);
  return async (values) => rendered(render, values);
}

/** What one call of a module's `render` gives. */
export function rendered(render: Render, values: unknown): Rendered {
  try {
    return { output: render(values as Parameters<Render>[0]) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
