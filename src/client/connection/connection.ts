import { type Env, readEnv } from "../../environment.ts";
import { isScopeError, locate } from "../../errors/scope-error.ts";
import { isObject, rolesOf } from "../../prompt.ts";
import { withoutApiPath } from "./base-url.ts";
import {
  checkValue,
  invalid,
  parseEnv,
  refuseInsecure,
  refuseUnknown,
  show,
} from "./check-connection-value.ts";
import {
  CONNECTION_OPTION_NAMES,
  CONNECTION_OPTIONS,
  type ConnectionOption,
  type ConnectionValues,
  type InMilliseconds,
} from "./connection-schema.ts";
import { checkCredentials, resolveCredentials } from "./credentials.ts";
import type { CredentialsSource } from "./credentials-source.ts";
import type { CacheStore, ConnectionOrigins, ResolvedConnection } from "./types.ts";

/**
 * How to reach the platform, as you write it. Times are in seconds, as in the official SDKs. An explicit value
 * overrides the environment, which overrides the default.
 */
export interface ConnectionOptions {
  /**
   * Organisation, key and secret; each missing one comes from `SCOPE_ORG_ID`, `SCOPE_API_KEY`, `SCOPE_API_SECRET`. For
   * credentials that rotate, use an async function that returns all three, or an object with `getToken()`.
   */
  readonly credentials?: CredentialsSource | undefined;
  /**
   * Where prompts are served, with or without `/api/{apiVersion}` at the end; environment `SCOPE_API_URL`. There's no
   * default.
   */
  readonly baseUrl?: string | undefined;
  /** Where to log in; environment `SCOPE_AUTH_API_URL`. Default: `baseUrl`, without its `/api/{apiVersion}`. */
  readonly authApiUrl?: string | undefined;
  /** Default `v1`. */
  readonly apiVersion?: string | undefined;
  /** Sent as `X-Scope-Environment`. Default `production`; environment `SCOPE_ENVIRONMENT`. */
  readonly environment?: string | undefined;
  /** Seconds for one attempt, including connection and body. Default 30, at most 600. */
  readonly timeout?: number | undefined;
  /** Seconds to open a connection. Default 10, at most 300. */
  readonly openTimeout?: number | undefined;
  /** Seconds for all attempts of one call together. Default 120, at most 3600. */
  readonly deadline?: number | undefined;
  /**
   * Maps a role stored on the platform (in any case) to the role of a rendered message. Adds to `{ human: "user", ai:
   * "assistant" }`. Roles that model SDKs know are written in lower case. `false`: as stored.
   */
  readonly roles?: Readonly<Record<string, string>> | false | undefined;
  /** Default true. */
  readonly cacheEnabled?: boolean | undefined;
  /** Seconds for which a cached version is served without asking. Default 300, at most 86400. */
  readonly cacheTtl?: number | undefined;
  /**
   * Seconds after `cacheTtl` in which a version is served while a new one is fetched in the background. Default 3600,
   * at most 604800.
   */
  readonly cacheMaxStale?: number | undefined;
  /** Versions kept in memory. Default 1000. */
  readonly cacheMaxEntries?: number | undefined;
  /** A Keyv store shared by a fleet. Default none. */
  readonly cacheStore?: CacheStore | undefined;
  /** Attempts after the first. Default 3, at most 20. */
  readonly maxRetries?: number | undefined;
  /** Seconds before the first retry, doubled for each further one. Default 0.5, at most 60. */
  readonly retryBaseDelay?: number | undefined;
  /** Longest wait between attempts in seconds, including a server's `Retry-After`. Default 30, at most 600. */
  readonly retryMaxDelay?: number | undefined;
  /** Default true. */
  readonly telemetryEnabled?: boolean | undefined;
  /**
   * Seconds before a token expires at which it's renewed. Default 60, at most 3600; environment
   * `SCOPE_TOKEN_REFRESH_BUFFER`.
   */
  readonly tokenRefreshBuffer?: number | undefined;
  /** Largest response in bytes. Default 10 MB. */
  readonly maxBodyBytes?: number | undefined;
  /** Allow `http://` to hosts other than this machine. Default false. */
  readonly allowInsecure?: boolean | undefined;
}

/**
 * Fills in environment and defaults, checks every value, and turns seconds into milliseconds.
 *
 * @throws ConfigurationError naming the key, the file and the closest valid name; `insecure_url` for an `http://`
 * address of another machine. MissingApiKeyError for incomplete credentials.
 * @example resolveConnection({ timeout: 5 }, processEnv()).timeoutMs // 5000
 */
export function resolveConnection(
  options: ConnectionOptions,
  env: Env,
  from: ConnectionOrigins = {},
): ResolvedConnection {
  inFile(from.file, () => checkOthers(options));
  return Object.freeze({
    ...inMilliseconds(resolveConnectionValues(options, env, from)),
    roles: rolesOf(options.roles),
    cacheStore: options.cacheStore,
    credentials: resolveCredentials(options.credentials, env, from),
  });
}

/** The options that have a value: an explicit undefined overrides nothing. */
export function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** What `work` returns. If that throws, its error names the file. */
function inFile<T>(file: string | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw file !== undefined && isScopeError(error) ? locate(error, { file }) : error;
  }
}

function checkOthers({ cacheStore, roles, credentials, ...others }: ConnectionOptions): void {
  refuseUnknown(others, CONNECTION_OPTION_NAMES);
  if (cacheStore !== undefined && !isCacheStore(cacheStore))
    throw invalid("cacheStore must be a Keyv store with get, set and delete.");
  checkRoles(roles);
  checkCredentials(credentials);
}

/** The one place that turns seconds into milliseconds: `timeout` is `timeoutMs` from here on. */
function inMilliseconds(values: ConnectionValues): InMilliseconds {
  const entries = Object.entries<ConnectionOption>(CONNECTION_OPTIONS).map(([name, { kind }]) => {
    const value = values[name as keyof ConnectionValues];
    return kind === "seconds" ? [`${name}Ms`, (value as number) * 1000] : [name, value];
  });
  return Object.fromEntries(entries) as InMilliseconds;
}

/**
 * The plain values in the user's own units, checked; without credentials and store.
 *
 * @throws ConfigurationError as {@link resolveConnection} does.
 */
export function resolveConnectionValues(
  options: ConnectionOptions,
  env: Env,
  { file, origins }: ConnectionOrigins = {},
): ConnectionValues {
  const values: Record<string, unknown> = {};
  const variables = new Map<string, string>();
  /** Checks an option under the name that the user set: its own, or the variable's. */
  const checked = <T>(name: string, check: (what: string) => T): T => {
    const variable = variables.get(name);
    return inFile(variable === undefined ? file : origins?.get(variable), () => check(variable ?? name));
  };
  for (const [name, option] of Object.entries<ConnectionOption>(CONNECTION_OPTIONS)) {
    let value = options[name as keyof ConnectionOptions] as unknown;
    if (value === undefined && option.env !== undefined) {
      const text = readEnv(env, option.env);
      if (text !== undefined) variables.set(name, option.env);
      value = text && parseEnv(option, text);
    }
    if (value === undefined) value = option.default;
    if (value !== undefined) value = checked(name, (what) => checkValue(what, option, value));
    values[name] = value;
  }
  const result = values as unknown as ConnectionValues;
  const { baseUrl, apiVersion, allowInsecure } = result;
  if (baseUrl !== undefined)
    values.baseUrl = checked("baseUrl", (what) => checkApiPath(what, baseUrl, apiVersion));
  for (const name of ["baseUrl", "authApiUrl"] as const) {
    const address = result[name];
    if (address !== undefined && !allowInsecure) checked(name, (what) => refuseInsecure(what, address));
  }
  return Object.freeze(result);
}

/** `baseUrl` in its normal form; `name` is what the user set. */
function checkApiPath(name: string, baseUrl: string, apiVersion: string): string {
  const address = withoutApiPath(baseUrl, apiVersion);
  if (address !== undefined) return address;
  const path = baseUrl.slice(baseUrl.lastIndexOf("/api/"));
  throw invalid(
    `${name} ends in ${path}, but apiVersion is ${show(apiVersion)}.`,
    `Set apiVersion: ${show(path.slice("/api/".length))}, or leave ${path} out of the address.`,
  );
}

/** @throws ConfigurationError `config_invalid` for anything except `false` or texts by stored role */
export function checkRoles(given: unknown): void {
  if (given === undefined || given === false) return;
  if (!isObject(given))
    throw invalid(`roles must be an object such as { human: "user" } or false, but is ${show(given)}.`);
  const lowered = new Map<string, string>();
  for (const [stored, role] of Object.entries(given)) {
    const other = lowered.get(stored.toLowerCase());
    if (other !== undefined)
      throw invalid(
        `roles has one role twice, as ${show(other)} and ${show(stored)}: letter case doesn't count.`,
      );
    lowered.set(stored.toLowerCase(), stored);
    if (typeof role !== "string" || role === "")
      throw invalid(`roles[${JSON.stringify(stored)}] must be text, but is ${show(role)}.`);
  }
}

function isCacheStore(value: unknown): value is CacheStore {
  const store = value as Partial<CacheStore> | null;
  return (
    typeof store === "object" &&
    store !== null &&
    typeof store.get === "function" &&
    typeof store.set === "function" &&
    typeof store.delete === "function"
  );
}
