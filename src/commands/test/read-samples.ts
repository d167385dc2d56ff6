import { isScopeError, locate } from "../../errors/scope-error.ts";
import { loadSample, loadSamples, samplesFile } from "../../project/snapshot/samples.ts";
import { readSample, type Sample } from "../../review/expect/sample.ts";

/** A sample in its file. */
export interface SampleInFile {
  readonly name: string;
  /** Reads it for a version of its prompt. @throws ValidationError `sample_invalid` */
  read(variables: readonly string[]): Sample;
}

/** The samples of a prompt. @throws ValidationError `samples_damaged` */
export async function readSamples(snapshotDir: string, prompt: string): Promise<readonly SampleInFile[]> {
  const samples = await loadSamples(snapshotDir, prompt);
  return [...samples].map(([name, data]) => sampleIn(snapshotDir, prompt, name, data));
}

/** One of {@link readSamples}. @throws ValidationError `sample_unknown` with the nearest name */
export async function readSampleNamed(
  snapshotDir: string,
  prompt: string,
  name: string,
): Promise<SampleInFile> {
  return sampleIn(snapshotDir, prompt, name, await loadSample(snapshotDir, prompt, name));
}

function sampleIn(snapshotDir: string, prompt: string, name: string, data: unknown): SampleInFile {
  return {
    name,
    read(variables) {
      try {
        return readSample(name, data, variables);
      } catch (error) {
        if (isScopeError(error)) locate(error, { file: samplesFile(snapshotDir, prompt), prompt });
        throw error;
      }
    },
  };
}
