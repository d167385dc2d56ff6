import { join } from "node:path";
import { ValidationError } from "../errors/classes.ts";
import { isTooDeep } from "../errors/is-too-deep.ts";
import { didYouMean } from "../errors/nearest-name.ts";
import { namingFile, namingUnreadable } from "../files/naming-file.ts";
import { safeName } from "../files/safe-name.ts";
import { prettyStableJson } from "../files/stable-json.ts";
import { readTextIfThere, writeFileIfChanged } from "../files/write-file.ts";
import { isObject } from "../prompt.ts";

/** Values for a prompt's render call, by the name of the sample. */
export type Samples = ReadonlyMap<string, unknown>;

/** Absolute path of the file that holds the samples of a prompt, under whichever pin. */
export function samplesFile(snapshotDir: string, prompt: string): string {
  return join(snapshotDir, "samples", `${safeName(prompt)}.json`);
}

/**
 * The samples of a prompt, by name; none where there is no file.
 *
 * @throws ValidationError `samples_damaged`; ScopeError `snapshot_unreadable`
 */
export async function loadSamples(snapshotDir: string, prompt: string): Promise<Samples> {
  const file = samplesFile(snapshotDir, prompt);
  const text = await namingUnreadable(file, () => readTextIfThere(file));
  if (text === undefined) return new Map();
  const value = parse(text);
  if (isObject(value)) return new Map(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  throw new ValidationError("This file of samples is not a JSON object of values by sample.", {
    code: "samples_damaged",
    where: { file, prompt },
    hint: 'It looks like this: { "short": { "name": "Ada" } }',
  });
}

/**
 * The values of one sample.
 *
 * @throws ValidationError `sample_unknown` with the nearest name; as {@link loadSamples}
 */
export async function loadSample(snapshotDir: string, prompt: string, sample: string): Promise<unknown> {
  const samples = await loadSamples(snapshotDir, prompt);
  if (samples.has(sample)) return samples.get(sample);
  const known = [...samples.keys()].map((name) => JSON.stringify(name)).join(", ");
  throw new ValidationError(`This prompt has no sample "${sample}".`, {
    code: "sample_unknown",
    where: { file: samplesFile(snapshotDir, prompt), prompt },
    hint:
      samples.size === 0
        ? "It has none yet. Save one with: scope-gen ui"
        : didYouMean(sample, [...samples.keys()], `It has ${known}.`),
  });
}

/**
 * Writes one sample beside the others of its prompt; `undefined` for values removes it.
 *
 * @throws as {@link loadSamples}; ScopeError `snapshot_unwritable`
 */
export async function writeSample(
  snapshotDir: string,
  prompt: string,
  sample: string,
  values: unknown,
): Promise<void> {
  const samples = new Map(await loadSamples(snapshotDir, prompt));
  if (values === undefined) samples.delete(sample);
  else samples.set(sample, values);
  const file = samplesFile(snapshotDir, prompt);
  // fromEntries defines own properties, `__proto__` among them.
  const text = `${prettyStableJson(Object.fromEntries(samples))}\n`;
  await namingFile(file, () => writeFileIfChanged(file, text));
}

function parse(text: string): unknown {
  // To render it or to write it again would overflow the stack.
  if (isTooDeep(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
