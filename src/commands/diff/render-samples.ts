import { isScopeError } from "../../errors/scope-error.ts";
import { compileRequest, type PickVersion } from "../../project/compile-request.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { readSamples, type SampleInFile } from "../../project/snapshot/samples.ts";
import type { LoadRenderer, Rendered } from "../render/render-prompt.ts";

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
 * @throws ValidationError `samples_damaged`
 */
export async function renderSamples(
  request: ResolvedImport,
  options: ResolvedOptions,
  sides: { readonly from: PickVersion; readonly to: PickVersion },
  load: LoadRenderer,
): Promise<readonly RenderedSample[]> {
  const samples = await readSamples(options.snapshotDir, request.ref.name);
  if (samples.length === 0) return [];
  const from = await sampleRenderer(request, options, sides.from, load);
  const to = await sampleRenderer(request, options, sides.to, load);
  const rendered: RenderedSample[] = [];
  // One by one: a sample that takes too long must not end the others.
  for (const sample of samples)
    rendered.push({ sample: sample.name, from: await from(sample), to: await to(sample) });
  return rendered;
}

/** Returns what renders one sample. A version that doesn't compile, or a sample that can't be read, says why. */
async function sampleRenderer(
  request: ResolvedImport,
  options: ResolvedOptions,
  pick: PickVersion,
  load: LoadRenderer,
): Promise<(sample: SampleInFile) => Promise<Rendered>> {
  try {
    const compiled = await compileRequest(request, options, pick);
    const render = load(compiled);
    return async (sample) => {
      try {
        return await render(sample.read(compiled.variables).values);
      } catch (error) {
        return problemOf(error);
      }
    };
  } catch (error) {
    return async () => problemOf(error);
  }
}

function problemOf(error: unknown): Rendered {
  if (isScopeError(error)) return { problem: error.message };
  throw error;
}
