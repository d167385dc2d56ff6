import { ConfigurationError } from "../errors/classes.ts";
import { didYouMean } from "../errors/nearest-name.ts";

/** The login routes below `/v1/auth/`, and what each calls organisation, key and secret. */
export const LOGINS = {
  /** How the official SDKs log in. */
  "applications/login": ["account_id", "client_id", "client_secret"],
  /** What the platform's documentation says. */
  "sdk-token": ["account_id", "key_id", "key_secret"],
} as const;

/** What a client has to log in with. */
export interface PlatformCredentials {
  readonly orgId: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** One request that the platform got. */
export interface PlatformRequest {
  readonly method: string;
  /** As sent, still percent-encoded, without the query. */
  readonly path: string;
  /** The response's status; 0 until it is sent. */
  readonly status: number;
  /** Milliseconds from the request's head to its response's; 0 until it is sent. */
  readonly elapsedMs: number;
  readonly requestId: string;
}

/** Options of {@link startPlatform}. */
export interface PlatformOptions {
  /** The folder of prompts; relative to the working directory. */
  readonly dir: string;
  /** Port on 127.0.0.1. Default 0: any free one. */
  readonly port?: number | undefined;
  /** Default: `local` for each one not given. */
  readonly credentials?: Partial<PlatformCredentials> | undefined;
  /**
   * Whether a new version is a draft until it's promoted, as on the hosted platform. Default false: without `production`
   * in `prompt.json` the highest number is production.
   */
  readonly drafts?: boolean | undefined;
  /** Called after each response, for a log. If it throws, that becomes a process warning. */
  readonly onRequest?: ((request: PlatformRequest) => void) | undefined;
}

/** {@link PlatformOptions} with every default. */
export type ResolvedPlatformOptions = {
  readonly [K in keyof PlatformOptions]-?: NonNullable<PlatformOptions[K]>;
} & { readonly credentials: PlatformCredentials };

/** What an object's keys can hold: whether a value is right, what it must be, in words, and the default. */
export type Checks = Readonly<
  Record<string, readonly [isRight: (value: unknown) => boolean, wanted: string, fallback?: unknown]>
>;

export const isFilledText = (value: unknown) => typeof value === "string" && value !== "";
const isPort = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535;
const OPTIONS: Checks = {
  dir: [isFilledText, "the folder of prompts", ""],
  port: [isPort, "a port from 0 to 65535", 0],
  credentials: [(value) => typeof value === "object", "an object", {}],
  drafts: [(value) => typeof value === "boolean", "true or false", false],
  onRequest: [(value) => typeof value === "function", "a function", () => {}],
};
const CREDENTIALS: Checks = Object.fromEntries(
  ["orgId", "apiKey", "apiSecret"].map((name) => [name, [isFilledText, "text that isn't empty", "local"]]),
);

/** @throws ConfigurationError `platform_options_invalid` naming the option */
export function resolvePlatformOptions(options: PlatformOptions): ResolvedPlatformOptions {
  const resolved = withDefaults(options, OPTIONS, "");
  return { ...resolved, credentials: withDefaults(resolved.credentials, CREDENTIALS, "credentials.") };
}

/** The values given, checked, and the default of each one that isn't. */
function withDefaults(given: object | undefined, checks: Checks, prefix: string) {
  const values = Object.entries(checks).map(([key, [, , fallback]]) => [key, fallback]);
  for (const entry of Object.entries(given ?? {})) if (entry[1] !== undefined) values.push(entry);
  const data = Object.fromEntries(values);
  for (const [problem, hint] of checkKeys(data, checks, "an option of startPlatform", prefix))
    throw invalidOption(`${problem}.`, hint);
  return data;
}

export function invalidOption(problem: string, hint?: string): ConfigurationError {
  return new ConfigurationError(problem, { code: "platform_options_invalid", hint });
}

/** What is wrong with an object's keys and values. A mistyped `production` would silently serve the wrong version. */
export function checkKeys(data: object, checks: Checks, what: string, prefix = "") {
  const known = Object.keys(checks);
  return Object.entries(data).flatMap(([key, value]): [problem: string, hint?: string][] => {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (check === undefined)
      return [[`"${prefix}${key}" isn't ${what}`, didYouMean(key, known, `Known: ${known.join(", ")}.`)]];
    return check[0](value) ? [] : [[`"${prefix}${key}" must be ${check[1]}`]];
  });
}
