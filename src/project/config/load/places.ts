import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { type Env, isSecret } from "../../../environment.ts";
import { readRegularFileSync } from "../../../files/read-file.ts";
import { digestOf } from "../../../files/stable-json.ts";
import type { Options } from "../options.ts";
import type { LoadedEnv } from "./load-env-files.ts";
import { loadFailed } from "./load-failed.ts";

/** Absolute paths that decide what a config is, in order, each with its text; undefined if there's no file. */
export type Places = ReadonlyMap<string, string | undefined>;

/** @throws as {@link readConfigText} does */
export function readPlaces(files: Iterable<string>): Map<string, string | undefined> {
  return new Map([...files].map((file) => [file, isThere(file) ? readConfigText(file) : undefined]));
}

/** Is there something other than a folder? Not below a folder that can't be read: that isn't part of the project. */
export function isThere(path: string): boolean {
  return existsSync(path) && !statSync(path).isDirectory();
}

/** Far above any config. */
const MAX_BYTES = 10_000_000;

/**
 * The text of a config or of an `.env` file.
 *
 * @throws ConfigurationError `config_load_failed` for anything but a regular file, or one larger than 10 MB; file
 * system errors
 */
export function readConfigText(file: string): string {
  try {
    return readRegularFileSync(file, MAX_BYTES);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTREG" && code !== "EFBIG") throw error;
    const problem = code === "ENOTREG" ? "This isn't a regular file." : "This file is larger than 10 MB.";
    throw loadFailed(file, `${problem} It isn't read.`, {
      hint: "Check where it comes from, or remove it.",
      cause: error,
    });
  }
}

/**
 * Everything that options come from, except the plugin's own, as a digest of what was read. For secrets it only counts
 * that they exist: a secret must not be stored in any file.
 */
export function digestSources(root: string, places: Places, { env, origins }: LoadedEnv): string {
  const variables = Object.entries(env)
    .filter(([name]) => name.startsWith("SCOPE_"))
    .map(([name, value]) => [name, isSecret(name) ? "" : value, basename(origins.get(name) ?? "")])
    .sort();
  // Where the types are by default depends on the folder.
  const sources = [[...places], variables, existsSync(join(root, "src"))];
  return digestOf(JSON.stringify(sources));
}

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
