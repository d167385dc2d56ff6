import { type Env, isSecret } from "../environment.ts";
import { digestOf } from "../files/digest.ts";
import type { Options } from "./config/options.ts";

/** What a build starts with, before any file is read. */
export interface BuildInput {
  readonly cwd: string;
  readonly mode: string;
  readonly options: Options;
  readonly env: Env;
}

/**
 * The name of the record of builds that start with the same folder, mode, options and `SCOPE_` variables. For secrets
 * it only counts that they exist, as they do for a build from the snapshot.
 *
 * @returns undefined if there's no record: a store is an object of the process, and credentials aren't stored in any
 *   file
 */
export function recordName({ cwd, mode, options, env }: BuildInput): string | undefined {
  if (options.cacheStore !== undefined || options.credentials !== undefined) return undefined;
  const variables = Object.entries(env)
    .filter(([name]) => name.startsWith("SCOPE_"))
    .map(([name, value]) => [name, isSecret(name) ? value !== "" : value])
    .sort();
  const input = JSON.stringify([cwd, mode, options, variables]);
  return `${digestOf(input).slice(0, 16)}.json`;
}
