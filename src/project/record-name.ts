import { createHash } from "node:crypto";
import { type Env, isSecret } from "../environment.ts";
import type { Options } from "./config/options.ts";

/** What a build is begun with, before any file is read. */
export interface BuildInput {
  readonly cwd: string;
  readonly mode: string;
  readonly options: Options;
  readonly env: Env;
}

/**
 * The name of the record of builds that are begun with the same: folder, mode, options, `SCOPE_` variables. Of secrets
 * it counts that they are there, as it does for a build from the snapshot.
 *
 * @returns undefined where there is no record: a store is an object of the process, and credentials are kept in no file
 */
export function recordName({ cwd, mode, options, env }: BuildInput): string | undefined {
  if (options.cacheStore !== undefined || options.credentials !== undefined) return undefined;
  const variables = Object.entries(env)
    .filter(([name]) => name.startsWith("SCOPE_"))
    .map(([name, value]) => [name, isSecret(name) ? value !== "" : value])
    .sort();
  const input = JSON.stringify([cwd, mode, options, variables]);
  return `${createHash("sha256").update(input).digest("hex").slice(0, 16)}.json`;
}
