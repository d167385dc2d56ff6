import pMap from "p-map";
import { ConfigurationError } from "../errors/classes.ts";
import type { Label } from "../prompt.ts";
import { refuseUnknown } from "./connection/check-value.ts";
import { type Cancel, cancelOf } from "./http/cancel.ts";
import type { AnyPromptVersion } from "./prompt-version.ts";

/** One of many prompts: its name, and the label or version if it isn't the production version. */
export interface VersionRef {
  readonly name: string;
  readonly label?: Label | undefined;
  readonly version?: string | undefined;
}

/** The progress at a {@link ManyOptions.onProgress} call. */
export interface Progress {
  /** Finished so far, including this one. */
  readonly done: number;
  readonly total: number;
  /** The one that has just finished, and its index in the refs. */
  readonly ref: VersionRef;
  readonly index: number;
  readonly result: PromiseSettledResult<AnyPromptVersion>;
}

export interface ManyOptions {
  /** Maximum number of requests at once. Default 16. */
  readonly concurrency?: number | undefined;
  /** Called as each one finishes, in the order of finishing. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Gives up, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** As for one version. */
  readonly cache?: boolean | undefined;
  readonly cacheTtl?: number | undefined;
}

/** Runs `fetchOne` for each ref, at most `concurrency` at once, and returns the result of each, in order. */
export async function fetchMany(
  refs: readonly (string | VersionRef)[],
  options: ManyOptions,
  fetchOne: (ref: VersionRef, cancel: Cancel | undefined) => Promise<AnyPromptVersion>,
): Promise<PromiseSettledResult<AnyPromptVersion>[]> {
  refuseUnknown(options, ["concurrency", "onProgress", "signal", "cache", "cacheTtl"]);
  const { concurrency = 16, onProgress, signal } = options;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1)
    throw new ConfigurationError("concurrency must be a whole number of at least 1.", {
      code: "config_invalid",
    });
  signal?.throwIfAborted();
  const cancel = cancelOf(signal);
  let done = 0;
  const results = await pMap(
    refs,
    async (given, index) => {
      const ref = typeof given === "string" ? { name: given } : given;
      const fetched = async () => {
        refuseUnknown(ref, ["name", "label", "version"]);
        return fetchOne(ref, cancel);
      };
      const [result] = await Promise.allSettled([fetched()]);
      done += 1;
      if (signal?.aborted !== true) onProgress?.({ done, total: refs.length, ref, index, result });
      return result;
    },
    // If `onProgress` throws, nothing more is started.
    { concurrency },
  );
  signal?.throwIfAborted();
  return results;
}
