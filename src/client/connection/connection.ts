import { type Env, readEnv } from "../../environment.ts";
import { isObject, rolesOf } from "../../prompt.ts";
import {
  checkValue,
  isLoopback,
  type Problems,
  reportProblem,
  reportUnknown,
  reportWrong,
  show,
  throwProblems,
  type ValueOption,
  withoutApiPath,
} from "./check-value.ts";
import { checkCredentials, resolveCredentials } from "./credentials.ts";
import type { CacheStore, CredentialsSource, ResolvedConnection } from "./types.ts";

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

/** The plain options: kind, default, environment variable, bounds. Types and docs must match it. */
export const CONNECTION_OPTIONS = {
  baseUrl: { kind: "url", default: undefined, env: "SCOPE_API_URL" },
  authApiUrl: { kind: "url", default: undefined, env: "SCOPE_AUTH_API_URL" },
  apiVersion: { kind: "text", default: "v1" },
  environment: { kind: "text", default: "production", env: "SCOPE_ENVIRONMENT" },
  timeout: { kind: "seconds", default: 30, min: 0, above: true, max: 600 },
  openTimeout: { kind: "seconds", default: 10, min: 0, above: true, max: 300 },
  deadline: { kind: "seconds", default: 120, min: 0, above: true, max: 3600 },
  cacheEnabled: { kind: "switch", default: true },
  cacheTtl: { kind: "seconds", default: 300, min: 0, max: 86_400 },
  cacheMaxStale: { kind: "seconds", default: 3600, min: 0, max: 604_800 },
  cacheMaxEntries: { kind: "count", default: 1000, min: 1, max: 1_000_000 },
  maxRetries: { kind: "count", default: 3, min: 0, max: 20 },
  retryBaseDelay: { kind: "seconds", default: 0.5, min: 0, max: 60 },
  retryMaxDelay: { kind: "seconds", default: 30, min: 0, max: 600 },
  telemetryEnabled: { kind: "switch", default: true },
  tokenRefreshBuffer: { kind: "seconds", default: 60, min: 0, max: 3600, env: "SCOPE_TOKEN_REFRESH_BUFFER" },
  maxBodyBytes: { kind: "bytes", default: 10_485_760, min: 1, max: 268_435_456 },
  allowInsecure: { kind: "switch", default: false },
} as const satisfies Record<string, ValueOption>;

type Options = typeof CONNECTION_OPTIONS;
type ValueOf<T> = T extends number ? number : T extends boolean ? boolean : string | Extract<T, undefined>;

/** Every plain option with its value. */
export type ConnectionValues = { readonly [K in keyof Options]: ValueOf<Options[K]["default"]> };

/** Checks a value that's there, and returns what is used. `name` is the option as you'd write it. */
type CheckValue = (value: unknown, name: string, problems: Problems) => unknown;

/** The check of each connection option. A function, so that the bundle of a page can leave it out. */
export function connectionChecks(): Readonly<Record<string, CheckValue>> {
  const plain = Object.entries(CONNECTION_OPTIONS).map(([name, option]): [string, CheckValue] => [
    name,
    (value, ...place) => checkValue(option, value, ...place),
  ]);
  const others = { credentials: checkCredentials, roles: checkRoles, cacheStore: checkStore };
  return { ...Object.fromEntries(plain), ...others };
}

/**
 * Fills in environment and defaults, and checks every value. Times stay in seconds.
 *
 * @param from.origins the files that environment variables come from, by variable name
 * @param from.errors where problems are added; if it's left out, they're thrown
 */
export function resolveConnection(
  options: ConnectionOptions,
  env: Env,
  from: Partial<Problems> & { readonly origins?: ReadonlyMap<string, string> | undefined } = {},
): ResolvedConnection {
  const { file, origins, errors = [] } = from;
  const problems: Problems = { file, errors };
  const checks = connectionChecks();
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) reportUnknown(problems, name, Object.keys(checks));
    else if (value !== undefined) values[name] = check(value, name, problems);
  }
  /** What the user set instead of an option, and where. */
  const variables = new Map<string, readonly [variable: string, problems: Problems]>();
  for (const [name, option] of Object.entries<ValueOption>(CONNECTION_OPTIONS)) {
    if (options[name as keyof ConnectionOptions] !== undefined) continue;
    const text = option.env && readEnv(env, option.env);
    if (text) {
      const variable = [option.env ?? "", { ...problems, file: origins?.get(option.env ?? "") }] as const;
      variables.set(name, variable);
      values[name] = checkValue(option, parseEnv(option, text), ...variable);
    } else values[name] = option.default;
  }
  const { baseUrl, authApiUrl, apiVersion, allowInsecure } = values as unknown as ConnectionValues;
  for (const [name, address] of Object.entries({ baseUrl, authApiUrl })) {
    if (address === undefined) continue;
    const place = variables.get(name) ?? [name, problems];
    if (name === "baseUrl") values.baseUrl = checkApiPath(address, apiVersion, ...place);
    if (!allowInsecure) refuseInsecure(address, ...place);
  }
  values.roles = rolesOf(values.roles as ConnectionOptions["roles"]);
  values.cacheStore = options.cacheStore;
  // What is missing may be what is wrong.
  values.credentials =
    errors.length === 0 ? resolveCredentials(options.credentials, env, problems, origins) : undefined;
  if (from.errors === undefined) throwProblems(errors);
  return Object.freeze(values) as unknown as ResolvedConnection;
}

/** The options that have a value: an explicit undefined overrides nothing. */
export function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** An environment variable's text, converted to the option's kind. Where that isn't possible, it fails the check. */
function parseEnv({ kind }: ValueOption, text: string): unknown {
  // `Number` alone would also accept "0x10", " " and "1e3", which nobody means in an environment variable.
  return kind !== "text" && kind !== "url" && /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** `baseUrl` in its normal form; `name` is what the user set. */
function checkApiPath(baseUrl: string, apiVersion: string | undefined, name: string, problems: Problems) {
  // A wrong version has been reported.
  const address = apiVersion === undefined ? baseUrl : withoutApiPath(baseUrl, apiVersion);
  if (address !== undefined) return address;
  const path = baseUrl.slice(baseUrl.lastIndexOf("/api/"));
  return reportProblem(
    problems,
    `${name} ends in ${path}, but apiVersion is ${show(apiVersion)}.`,
    `Set apiVersion: ${show(path.slice("/api/".length))}, or leave ${path} out of the address.`,
  );
}

/** Reports `insecure_url` for an `http://` address that isn't this machine. */
function refuseInsecure(address: string, name: string, problems: Problems): void {
  const { protocol, hostname, origin } = new URL(address);
  if (protocol === "https:" || isLoopback(hostname)) return;
  reportProblem(
    problems,
    `${name} is ${origin}: credentials and prompts would go over the network unencrypted.`,
    "Use https://, or set allowInsecure: true.",
    "insecure_url",
  );
}

/** `false`, or texts by stored role. */
function checkRoles(given: unknown, name: string, problems: Problems): unknown {
  if (given === false) return given;
  if (!isObject(given))
    return reportWrong(problems, name, 'an object such as { human: "user" } or false', given);
  const keys = Object.keys(given);
  const twice = keys.find((one, at) =>
    keys.slice(0, at).some((key) => key.toLowerCase() === one.toLowerCase()),
  );
  if (twice !== undefined)
    reportProblem(problems, `roles has ${show(twice)} twice: letter case doesn't count.`);
  for (const [stored, role] of Object.entries(given))
    if (typeof role !== "string" || role === "")
      reportWrong(problems, `roles[${JSON.stringify(stored)}]`, "text", role);
  return given;
}

function checkStore(store: unknown, name: string, problems: Problems): unknown {
  const { get, set, delete: remove } = Object(store) as Partial<CacheStore>;
  if ([get, set, remove].every((method) => typeof method === "function")) return store;
  return reportProblem(problems, `${name} must be a Keyv store with get, set and delete.`);
}
