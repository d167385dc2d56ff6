import { existsSync, statSync } from "node:fs";
import { lstat, readFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import util from "node:util";
import type { Env } from "../../environment.ts";
import { ConfigurationError } from "../../errors/classes.ts";
import { readRegularFileSync } from "../../files/read-file.ts";
import type { PackageManager } from "./package-manager.ts";

/** Where a config can be, in the order in which a folder is searched. */
export const CONFIG_PLACES: readonly string[] = [
  ...["ts", "mts", "js", "mjs", "cjs", "json"].map((ending) => `scope.config.${ending}`),
  "package.json",
];

/** Is a config file with this name data? Every other is code, and is run. */
export function isData(file: string): boolean {
  return extname(file) === ".json";
}

/** Does the folder have its own config? Doesn't look into a package.json. */
export function hasConfig(folder: string): boolean {
  return CONFIG_PLACES.some((place) => place !== "package.json" && existsSync(join(folder, place)));
}

/** What each package manager writes next to the package.json of a project or workspace. */
export const LOCK_FILES: readonly (readonly [string, PackageManager])[] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
];

/** The search ends at the folder that contains one of these: the project, or the monorepo around it. */
const BOUNDARIES = [".git", "deno.lock", ...LOCK_FILES.map(([name]) => name)];

/** From `cwd` upwards to the end of the project, that folder included. Without an end, to the nearest package.json. */
export function searchedFolders(cwd: string): string[] {
  const folders: string[] = [];
  let lastPackage = 0;
  for (let folder = cwd; ; folder = dirname(folder)) {
    folders.push(folder);
    if (BOUNDARIES.some((name) => existsSync(join(folder, name)))) return folders;
    if (lastPackage === 0 && existsSync(join(folder, "package.json"))) lastPackage = folders.length;
    if (dirname(folder) === folder) return folders.slice(0, Math.max(1, lastPackage));
  }
}

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

export interface LoadedEnv {
  /** The given environment, completed from the files. */
  readonly env: Env;
  /** The files that exist, absolute, in the order of reading. */
  readonly files: readonly string[];
  /** For each variable that a file gave: which one. Names and files, never values. */
  readonly origins: ReadonlyMap<string, string>;
}

/**
 * Reads `.env`, `.env.local`, `.env.<mode>` and `.env.<mode>.local` of a folder. Later ones override earlier ones, and
 * `env` overrides them all. Only `SCOPE_` variables are used; an empty one counts as absent. Nothing is copied into the
 * process's environment.
 *
 * @throws ConfigurationError for a mode that can't be part of a file name, or a file that can't be read
 */
export async function loadEnvFiles(folder: string, mode: string, env: Env): Promise<LoadedEnv> {
  if (/[\\/\0]/.test(mode) || mode === "") {
    throw new ConfigurationError(`The mode must be a plain name, but is ${JSON.stringify(mode)}.`, {
      code: "config_invalid",
      hint: "For example --mode production, which reads .env.production.",
    });
  }
  const merged: Record<string, string | undefined> = {};
  const origins = new Map<string, string>();
  const files: string[] = [];
  for (const name of new Set([".env", ".env.local", `.env.${mode}`, `.env.${mode}.local`])) {
    const file = join(folder, name);
    const text = await readEnvFile(file);
    if (text === undefined) continue;
    files.push(file);
    for (const [key, value] of Object.entries(util.parseEnv(text.replace(/^\uFEFF/, "")))) {
      if (!key.startsWith("SCOPE_") || value === undefined || value === "") continue;
      merged[key] = value;
      origins.set(key, file);
    }
  }
  for (const [key, value] of Object.entries(env)) {
    if (value === undefined || value === "") continue;
    merged[key] = value;
    origins.delete(key);
  }
  return { env: merged, files, origins };
}

async function readEnvFile(file: string): Promise<string | undefined> {
  try {
    // A password manager provides `.env` as a pipe, which git can't hold, and may ask you before it writes.
    return (await lstat(file)).isFIFO() ? await readFile(file, "utf8") : readConfigText(file);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    // Python creates a folder with this name.
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
    throw loadFailed(file, "This file can't be read.", {
      hint: "Make it readable for the user who runs this command, or remove it.",
      cause: error,
    });
  }
}

export interface Place {
  readonly line?: number;
  readonly column?: number;
}

/** A config that can't be used, and where. */
export function loadFailed(
  file: string,
  message: string,
  {
    cause,
    hint,
    place = placeIn(file, cause),
  }: { cause?: unknown; hint?: string; place?: Place | undefined } = {},
): ConfigurationError {
  return new ConfigurationError(message, {
    code: "config_load_failed",
    where: { file, ...place },
    hint,
    cause,
  });
}

/** Line and column of an error within the config, from a syntax error's place or the thrown error's stack. */
function placeIn(file: string, error: unknown): Place {
  if (!(error instanceof Error)) return {};
  const loc = (error as { loc?: { line?: unknown; column?: unknown } }).loc;
  if (typeof loc?.line === "number" && typeof loc.column === "number") {
    return { line: loc.line, column: loc.column + 1 };
  }
  const at = error.stack?.split(file).find((rest, index) => index > 0 && /^:\d+:\d+/.test(rest));
  const [, line, column] = /^:(\d+):(\d+)/.exec(at ?? "") ?? [];
  if (line === undefined) return {};
  // A parser counts columns from 0. A thrown error has the column of compiled code, which helps nobody.
  const isParsed = /^ParseError\b/.test(error.message);
  return { line: Number(line), ...(isParsed ? { column: Number(column) + 1 } : {}) };
}
