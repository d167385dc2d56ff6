import { compileRequest, type PickVersion } from "../../build/compile-request.ts";
import type { ResolvedImport } from "../../config/specifier.ts";
import type { ResolvedOptions } from "../../config/types.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import type { PromptContent } from "../../prompt.ts";
import { loadSamples, type Samples } from "../../snapshot/samples.ts";
import { loadRender, type Render } from "../render-prompt.ts";

/** What came out of one call, or why nothing did. */
export type Rendered =
  | { readonly output: PromptContent; readonly problem?: undefined }
  | { readonly output?: undefined; readonly problem: string };

/** What two versions make of the same values. */
export interface RenderedSample {
  readonly sample: string;
  readonly from: Rendered;
  readonly to: Rendered;
}

/**
 * Renders two versions of a prompt with each of its samples, by the functions that a build would emit.
 *
 * @param sides give the versions of the prompt and of what it includes
 * @throws ValidationError `samples_damaged`
 */
export async function renderSamples(
  request: ResolvedImport,
  options: ResolvedOptions,
  sides: { readonly from: PickVersion; readonly to: PickVersion },
): Promise<readonly RenderedSample[]> {
  const samples = await loadSamples(options.snapshotDir, request.ref.name);
  if (samples.size === 0) return [];
  const from = await renderEach(request, options, sides.from, samples);
  const to = await renderEach(request, options, sides.to, samples);
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
): Promise<readonly Rendered[]> {
  const render = await loading(() => compileRequest(request, options, pick).then(loadRender));
  return [...samples.values()].map((values) =>
    typeof render === "function" ? renderOne(render, values) : render,
  );
}

/** Calls a render function; what it throws is a result. */
export function renderOne(render: Render, values: unknown): Rendered {
  try {
    return { output: render(values as Parameters<Render>[0]) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** A version that does not compile renders nothing, and says why. */
async function loading(load: () => Promise<Render>): Promise<Render | Rendered> {
  try {
    return await load();
  } catch (error) {
    if (isScopeError(error)) return { problem: error.message };
    throw error;
  }
}
