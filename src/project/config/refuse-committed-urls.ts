import { basename } from "node:path";
import { checkUrl, isLoopback, withoutApiPath } from "../../client/connection/check-value.ts";
import {
  CONNECTION_OPTIONS,
  type ConnectionOptions,
  resolveConnection,
} from "../../client/connection/connection.ts";
import { CREDENTIAL_PARTS } from "../../client/connection/credentials.ts";
import { isFunction, isTokenProvider, type ResolvedConnection } from "../../client/connection/types.ts";
import { type Env, readEnv } from "../../environment.ts";
import { ConfigurationError } from "../../errors/classes.ts";
import type { ScopeError } from "../../errors/scope-error.ts";
import { isTracked } from "../../files/run-git.ts";
import { isData, type LoadedEnv } from "./config-files.ts";
import type { LoadedConfig } from "./load-config.ts";

type UrlOption = "baseUrl" | "authApiUrl";
type Urls = Pick<ResolvedConnection, UrlOption | "apiVersion">;

/** Where the options of a run come from. */
interface OptionOrigins {
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
 * How to reach the platform: by the plugin's options, the config file, the environment and `.env` files.
 *
 * @param errors gets a ConfigurationError for each value that can't be used, and for an address that may not be
 */
export async function connectionOf(
  origins: OptionOrigins,
  errors: ScopeError[],
): Promise<ResolvedConnection> {
  const { given, config, written, loadedEnv } = origins;
  const connection = resolveConnection({ ...written, ...given }, loadedEnv.env, {
    file: Object.keys(given).length > 0 ? undefined : config?.file,
    origins: loadedEnv.origins,
    errors,
  });
  await refuseCommittedUrls(connection, origins, errors);
  return connection;
}

/**
 * Refuses to send key and secret to an address from a file that may be committed, unless the same file contains both:
 * anybody who can change that file, for example with a pull request, would receive them. Code can name any address: if
 * you can change code that runs here, you don't need one.
 *
 * @param urls the addresses in use
 * @param errors gets a ConfigurationError `url_from_env_file`
 */
async function refuseCommittedUrls(urls: Urls, origins: OptionOrigins, errors: ScopeError[]): Promise<void> {
  const secrets = secretsOf(origins);
  for (const name of ["baseUrl", "authApiUrl"] as const) {
    const address = urls[name];
    const found = fileOf(name, origins);
    if (address === undefined || found === undefined) continue;
    const { host, hostname } = new URL(address);
    const foreign = secrets.filter(({ file }) => file !== found.file);
    const problems: ScopeError[] = [];
    if (foreign.length === 0 || isLoopback(hostname) || isConfirmed(name, urls, origins, problems)) continue;
    if (found.file.endsWith(".local") && (await isTracked(found.file)) === false) continue;
    const what = foreign.map((secret) => secret.name).join(" and ");
    // One is enough: what's wrong with the other is the same.
    errors.push(
      ...problems,
      new ConfigurationError(`${found.key} in ${basename(found.file)} would send ${what} to ${host}.`, {
        code: "url_from_env_file",
        where: { file: found.file },
        hint: `If that host is yours, set ${CONNECTION_OPTIONS[name].env} in the environment too. scope.config.ts can set an address, and so can a file that has key and secret too, or a .env.local that git doesn't track.`,
      }),
    );
    return;
  }
}

/** The data file that names an address; undefined for the environment, for code, and if nothing names it. */
function fileOf(
  name: UrlOption,
  { given, config, written, loadedEnv }: OptionOrigins,
): { readonly key: string; readonly file: string } | undefined {
  if (given[name] !== undefined) return undefined;
  if (written[name] !== undefined && config !== undefined)
    return isData(config.file) ? { key: name, file: config.file } : undefined;
  const key = CONNECTION_OPTIONS[name].env;
  const file = loadedEnv.origins.get(key);
  return file === undefined ? undefined : { key, file };
}

/** Key and secret in use, each with the data file that contains it, if one does. */
function secretsOf({
  given,
  config,
  written,
  loadedEnv: { env, origins },
}: OptionOrigins): readonly { readonly name: string; readonly file: string | undefined }[] {
  const credentials = given.credentials ?? written.credentials;
  // What it returns is just as secret, and comes from code.
  if (isFunction(credentials)) return [{ name: "credentials()", file: undefined }];
  if (isTokenProvider(credentials)) return [{ name: "credentials.getToken()", file: undefined }];
  const isWritten = given.credentials === undefined && config !== undefined && isData(config.file);
  return CREDENTIAL_PARTS.flatMap((part) => {
    if (part.options[0] === "orgId") return [];
    const option = part.options.find((name) => name && credentials?.[name]);
    if (option !== undefined)
      return { name: `credentials.${option}`, file: isWritten ? config.file : undefined };
    const name = part.env.find((one) => readEnv(env, one) !== undefined);
    return name === undefined ? [] : { name, file: origins.get(name) };
  });
}

/** Does the environment itself name the same address, path included? Reports one that can't be used. */
function isConfirmed(name: UrlOption, urls: Urls, { ownEnv }: OptionOrigins, errors: ScopeError[]): boolean {
  const variable = CONNECTION_OPTIONS[name].env;
  const own = readEnv(ownEnv, variable);
  if (own === undefined) return false;
  const address = checkUrl(own, variable, { errors });
  if (address === undefined) return false;
  return (name === "baseUrl" ? withoutApiPath(address, urls.apiVersion) : address) === urls[name];
}
