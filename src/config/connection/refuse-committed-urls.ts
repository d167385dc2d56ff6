import { execFile } from "node:child_process";
import { basename, dirname, extname } from "node:path";
import { promisify } from "node:util";
import { ConfigurationError } from "../../errors/classes.ts";
import { type Env, readEnv } from "../environment.ts";
import type { LoadedConfig } from "../load/load-config.ts";
import type { LoadedEnv } from "../load/load-env-files.ts";
import { isLoopback } from "../validate/check-connection-value.ts";
import { CONNECTION_OPTIONS } from "../validate/connection-schema.ts";
import type { ConnectionOptions } from "./connection.ts";

type UrlOption = "baseUrl" | "authApiUrl";

/** Where the options of a run come from. */
export interface OptionOrigins {
  /** What the plugin was given. */
  readonly given: ConnectionOptions;
  readonly config: LoadedConfig | undefined;
  /** What the config file says. */
  readonly written: ConnectionOptions;
  readonly loadedEnv: LoadedEnv;
  /** The environment without the files. */
  readonly ownEnv: Env;
}

/**
 * Refuses to send a secret to an address from a committed file, unless the same file holds the secret: whoever can
 * change that file, with a pull request say, would be sent the secret. Code may say any address: whoever can change
 * code that runs here needs no address.
 *
 * @param urls the addresses in use
 * @throws ConfigurationError `url_from_env_file`
 */
export async function refuseCommittedUrls(
  urls: Readonly<Record<UrlOption, string>>,
  origins: OptionOrigins,
): Promise<void> {
  const secret = secretOf(origins);
  if (secret === undefined) return;
  for (const name of ["baseUrl", "authApiUrl"] as const) {
    const { env: variable, default: usual } = CONNECTION_OPTIONS[name];
    const found = fileOf(name, origins);
    const { host, hostname } = new URL(urls[name]);
    if (found === undefined || found.file === secret.file) continue;
    if (urls[name] === usual || isLoopback(hostname) || isConfirmed(urls[name], variable, origins)) continue;
    if (found.file.endsWith(".local") && !(await isTracked(found.file))) continue;
    throw new ConfigurationError(
      `${found.key} in ${basename(found.file)} would send the secret, ${secret.name}, to ${host}.`,
      {
        code: "url_from_env_file",
        where: { file: found.file },
        hint: `A file that is committed may not say where a secret from elsewhere goes. If that host is yours, set ${variable} in the environment too, or in .env.local, which is not committed.`,
      },
    );
  }
}

/** The file of data that says an address; undefined for the environment, for code and for the default. */
function fileOf(
  name: UrlOption,
  { given, config, written, loadedEnv }: OptionOrigins,
): { readonly key: string; readonly file: string } | undefined {
  if (given[name] !== undefined) return undefined;
  if (written[name] !== undefined && config !== undefined)
    return isData(config) ? { key: name, file: config.file } : undefined;
  const key = CONNECTION_OPTIONS[name].env;
  const file = loadedEnv.origins.get(key);
  return file === undefined ? undefined : { key, file };
}

/** Which secret is in use, and the file of data that holds it, when one does. */
function secretOf({
  given,
  config,
  written,
  loadedEnv: { env, origins },
}: OptionOrigins): { readonly name: string; readonly file: string | undefined } | undefined {
  const credentials = given.credentials ?? written.credentials;
  if (credentials?.apiSecret || credentials?.clientSecret) {
    const isWritten = given.credentials === undefined && config !== undefined && isData(config);
    return { name: "credentials.apiSecret", file: isWritten ? config.file : undefined };
  }
  const name = ["SCOPE_CLIENT_SECRET", "SCOPE_API_SECRET"].find((one) => readEnv(env, one) !== undefined);
  return name === undefined ? undefined : { name, file: origins.get(name) };
}

function isData({ file }: LoadedConfig): boolean {
  return extname(file) === ".json";
}

/** Does the environment itself name the same address? */
function isConfirmed(url: string, variable: string, { ownEnv }: OptionOrigins): boolean {
  const own = readEnv(ownEnv, variable);
  return own !== undefined && URL.canParse(own) && new URL(own).origin === new URL(url).origin;
}

/** A file whose name says that it is not committed may be all the same. Without git, or outside of it, nothing is. */
async function isTracked(file: string): Promise<boolean> {
  try {
    await promisify(execFile)("git", ["ls-files", "--error-unmatch", "--", basename(file)], {
      cwd: dirname(file),
    });
    return true;
  } catch {
    return false;
  }
}
