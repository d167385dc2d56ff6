import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseEnv } from "node:util";
import { ConfigurationError } from "../errors/classes.ts";
import { isLoopback } from "./check-connection-value.ts";
import { CONNECTION_OPTIONS } from "./connection-schema.ts";
import { type Env, readEnv } from "./environment.ts";

export interface LoadedEnv {
  /** The given environment, filled up from the files. */
  readonly env: Env;
  /** The files that were there, absolute, in the order of reading. */
  readonly files: readonly string[];
  /** For each variable that a file gave: which one. Names and files, never values. */
  readonly origins: ReadonlyMap<string, string>;
}

/**
 * Reads `.env`, `.env.local`, `.env.<mode>` and `.env.<mode>.local` of a folder, later ones winning over earlier
 * ones and `env` over all. Only `SCOPE_` variables are taken; an empty one is absent. Nothing is copied into
 * the process's environment.
 *
 * @throws ConfigurationError for a mode that cannot be part of a file name, or a file that cannot be read
 */
export async function loadEnvFiles(folder: string, mode: string, env: Env): Promise<LoadedEnv> {
  if (/[\\/\0]/.test(mode) || mode === "") {
    throw new ConfigurationError(`The mode must be a plain name, and is ${JSON.stringify(mode)}.`, {
      code: "config_invalid",
      hint: "For example --mode production, which reads .env.production.",
    });
  }
  const merged: Record<string, string | undefined> = {};
  const origins = new Map<string, string>();
  const files: string[] = [];
  for (const name of new Set([".env", ".env.local", `.env.${mode}`, `.env.${mode}.local`])) {
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

/**
 * Refuses to send the environment's own secret to an address from a file that is usually committed: whoever can
 * change that file, with a pull request say, would be sent the secret.
 *
 * @param urls the addresses in use; one that an option gave is left out
 * @throws ConfigurationError `url_from_env_file`
 */
export function refuseCommittedUrls(
  { env, origins }: LoadedEnv,
  urls: Readonly<Partial<Record<"baseUrl" | "authApiUrl", string>>>,
): void {
  const secret = ["SCOPE_CLIENT_SECRET", "SCOPE_API_SECRET"].find((name) => readEnv(env, name) !== undefined);
  if (secret === undefined || origins.has(secret)) return;
  for (const name of ["baseUrl", "authApiUrl"] as const) {
    const option = CONNECTION_OPTIONS[name];
    const url = urls[name];
    const file = origins.get(option.env);
    if (url === undefined || file === undefined || basename(file).endsWith(".local")) continue;
    const { host, hostname } = new URL(url);
    if (url === option.default || isLoopback(hostname)) continue;
    throw new ConfigurationError(
      `${option.env} in ${basename(file)} would send the secret that the environment holds, ${secret}, to ${host}.`,
      {
        code: "url_from_env_file",
        where: { file },
        hint: `If that host is yours, set ${option.env} in the environment too, or in .env.local, which is not committed.`,
      },
    );
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Python keeps a folder of this name.
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
    throw new ConfigurationError("This file cannot be read.", {
      code: "config_load_failed",
      where: { file },
      hint: "Make it readable for the user that runs this, or remove it.",
      cause: error,
    });
  }
}
