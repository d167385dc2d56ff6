import { lstatSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Env } from "../../../environment.ts";
import { ConfigurationError } from "../../../errors/classes.ts";
import { loadFailed } from "./load-failed.ts";
import { readConfigText } from "./places.ts";

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
  for (const name of envFileNames(mode)) {
    const file = join(folder, name);
    const text = await readIfThere(file);
    if (text === undefined) continue;
    files.push(file);
    for (const [key, value] of Object.entries(parseEnv(text.replace(/^\uFEFF/, "")))) {
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

/** Later ones win. */
function envFileNames(mode: string): ReadonlySet<string> {
  return new Set([".env", ".env.local", `.env.${mode}`, `.env.${mode}.local`]);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    // A password manager provides `.env` as a pipe, which git can't hold, and may ask you before it writes.
    return lstatSync(file).isFIFO() ? await readFile(file, "utf8") : readConfigText(file);
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
