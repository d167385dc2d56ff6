import { join } from "node:path";
import { ValidationError } from "../../errors/classes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { isScopeError, locate } from "../../errors/scope-error.ts";
import { withFileLock } from "../../files/critical-section.ts";
import { insideOf } from "../../files/inside.ts";
import { readTextIfThere } from "../../files/read-file.ts";
import { safeName } from "../../files/safe-name.ts";
import { prettyStableJson } from "../../files/stable-json.ts";
import { explainUnreadable, explainUnwritable, writeFileIfChanged } from "../../files/write-file.ts";
import { isObject, isTooDeep } from "../../prompt.ts";
import { readSample, type Sample } from "../../review/expect/sample.ts";

export function samplesFile(snapshotDir: string, prompt: string): string {
  return join(snapshotDir, "samples", `${safeName(prompt)}.json`);
}

/**
 * The samples of a prompt, by name: values for its render call. None if there's no file.
 *
 * @throws ValidationError `samples_damaged`; ScopeError `snapshot_unreadable`; ConfigurationError `leads_outside`
 */
export async function loadSamples(
  snapshotDir: string,
  prompt: string,
): Promise<ReadonlyMap<string, unknown>> {
  const file = samplesFile(snapshotDir, prompt);
  const text = await explainUnreadable(file, async () => readTextIfThere(await insideOf(snapshotDir, file)));
  if (text === undefined) return new Map();
  let value: unknown;
  try {
    // Rendering it or writing it again would overflow the stack.
    if (!isTooDeep(text)) value = JSON.parse(text);
  } catch {
    // Reported below.
  }
  if (isObject(value)) return new Map(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  throw new ValidationError("This file of samples isn't a JSON object with values by sample.", {
    code: "samples_damaged",
    where: { file, prompt },
    hint: 'It looks like this: { "short": { "name": "Ada" } }',
  });
}

/**
 * Writes one sample and keeps the prompt's others; `undefined` for values removes it. Samples that another process
 * writes at the same time are kept.
 *
 * @param keep returns what of the sample as it was is written again, next to the values
 * @throws like {@link loadSamples}; ValidationError `sample_too_deep`; ScopeError `snapshot_unwritable`
 */
export async function writeSample(
  snapshotDir: string,
  prompt: string,
  sample: string,
  values: unknown,
  keep: (before: unknown) => object = () => ({}),
): Promise<void> {
  const file = samplesFile(snapshotDir, prompt);
  if (!canBeRead(values)) {
    throw new ValidationError(`The sample "${sample}" is nested too deep to be read back.`, {
      code: "sample_too_deep",
      where: { file, prompt },
      hint: "Values can be nested up to 199 levels deep.",
    });
  }
  await explainUnwritable(file, async () => {
    const place = await insideOf(snapshotDir, file);
    await withFileLock(place, async () => {
      const samples = new Map(await loadSamples(snapshotDir, prompt));
      if (values === undefined) samples.delete(sample);
      else samples.set(sample, isObject(values) ? { ...values, ...keep(samples.get(sample)) } : values);
      // fromEntries defines own properties, including `__proto__`.
      await writeFileIfChanged(place, `${prettyStableJson(Object.fromEntries(samples))}\n`);
    });
  });
}

function canBeRead(values: unknown): boolean {
  try {
    // In the file they are one level deeper.
    return !isTooDeep(JSON.stringify({ values }));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A sample in its file. */
export interface SampleInFile {
  readonly name: string;
  /** Reads it for a version of its prompt. @throws ValidationError `sample_invalid` */
  read(variables: readonly string[]): Sample;
}

/**
 * The samples of a prompt, or the one with a name.
 *
 * @throws ValidationError `sample_unknown` with the nearest name; like {@link loadSamples}
 */
export async function readSamples(
  snapshotDir: string,
  prompt: string,
  named?: string,
): Promise<readonly SampleInFile[]> {
  const samples = await loadSamples(snapshotDir, prompt);
  const where = { file: samplesFile(snapshotDir, prompt), prompt };
  if (named !== undefined && !samples.has(named)) {
    const names = [...samples.keys()];
    const known = names.map((name) => JSON.stringify(name)).join(", ");
    throw new ValidationError(`This prompt has no sample "${named}".`, {
      code: "sample_unknown",
      where,
      hint:
        names.length === 0
          ? "It has none yet. Save one with: scope-gen ui"
          : didYouMean(named, names, `It has ${known}.`),
    });
  }
  const chosen = [...samples].filter(([name]) => named === undefined || name === named);
  return chosen.map(([name, data]) => ({
    name,
    read(variables) {
      try {
        return readSample(name, data, variables);
      } catch (error) {
        if (isScopeError(error)) locate(error, where);
        throw error;
      }
    },
  }));
}
