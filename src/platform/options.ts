import { ConfigurationError } from "../errors/classes.ts";
import { didYouMean } from "../errors/nearest-name.ts";
import { LOGINS, type LoginRoute } from "./login.ts";

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
  /** Milliseconds from the request's head to its response's, `latency` included; 0 until it is sent. */
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
  /** Milliseconds to delay every response, at most 60,000. Default 0. */
  readonly latency?: number | undefined;
  /** Seconds until a token expires, fractions allowed; 0 gives tokens that have already expired. Default 300. */
  readonly tokenTtl?: number | undefined;
  /** The available login routes, by their paths below `/v1/auth/`. Default: both, the SDKs' and the documented one. */
  readonly logins?: readonly LoginRoute[] | undefined;
  /**
   * Whether a new version is a draft until it's promoted, as on the hosted platform. Default false: without `production`
   * in `prompt.json` the highest number is production.
   */
  readonly drafts?: boolean | undefined;
  /** Whether a promotion archives the version before it. Default false: that is a draft again, which can be edited. */
  readonly archivePrevious?: boolean | undefined;
  /** Whether an archived version is served to a request for its ID. Default false: such a request gets 404. */
  readonly serveArchived?: boolean | undefined;
  /** Called after each response, for a log. If it throws, that becomes a process warning. */
  readonly onRequest?: ((request: PlatformRequest) => void) | undefined;
}

/** {@link PlatformOptions} with every default. */
export type ResolvedPlatformOptions = {
  readonly [K in keyof PlatformOptions]-?: NonNullable<PlatformOptions[K]>;
} & { readonly credentials: PlatformCredentials };

const ROUTES = Object.keys(LOGINS) as LoginRoute[];
const DEFAULTS = {
  dir: "",
  port: 0,
  latency: 0,
  tokenTtl: 300,
  logins: ROUTES,
  drafts: false,
  archivePrevious: false,
  serveArchived: false,
  onRequest: () => {},
};

export const isText = (value: unknown) => typeof value === "string" && value !== "";
const upTo = (maximum: number) => (value: unknown) =>
  typeof value === "number" && value >= 0 && value <= maximum;
const SWITCH = [(value: unknown) => typeof value === "boolean", "true or false"] as const;
const CHECKS: Checks = {
  dir: [isText, "the folder of prompts"],
  port: [(value) => upTo(65_535)(value) && Number.isInteger(value), "a port from 0 to 65535"],
  credentials: [(value) => typeof value === "object", "an object"],
  latency: [upTo(60_000), "milliseconds from 0 to 60000"],
  tokenTtl: [upTo(31_536_000), "seconds from 0 to 31536000"],
  logins: [
    (value) => Array.isArray(value) && value.length > 0 && value.every((route) => ROUTES.includes(route)),
    `a list of ${ROUTES.map((route) => `"${route}"`).join(", ")}, one or both`,
  ],
  drafts: SWITCH,
  archivePrevious: SWITCH,
  serveArchived: SWITCH,
  onRequest: [(value) => typeof value === "function", "a function"],
};
const TEXT = [isText, "text that isn't empty"] as const;

/** @throws ConfigurationError `platform_options_invalid` naming the option */
export function resolvePlatformOptions(options: PlatformOptions): ResolvedPlatformOptions {
  const resolved = { ...DEFAULTS, ...defined(options) };
  const what = "an option of startPlatform";
  checkKeys(resolved, CHECKS, { what, fail: invalidOptions });
  const credentials = {
    orgId: "local",
    apiKey: "local",
    apiSecret: "local",
    ...defined(options.credentials),
  };
  const checks = { orgId: TEXT, apiKey: TEXT, apiSecret: TEXT };
  checkKeys(credentials, checks, { what, prefix: "credentials.", fail: invalidOptions });
  return { ...resolved, credentials } as ResolvedPlatformOptions;
}

function defined<T extends object>(options: T | undefined): Partial<T> {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<T>;
}

function invalidOptions(problem: string, hint?: string): ConfigurationError {
  return new ConfigurationError(`${problem}.`, { code: "platform_options_invalid", hint });
}

/** What an object's keys can hold: whether a value is right, and what it must be, in words. */
export type Checks = Readonly<
  Record<string, readonly [isRight: (value: unknown) => boolean, wanted: string]>
>;

/**
 * Checks an object's keys and values. A mistyped `production` would silently serve the wrong version.
 *
 * @param what what a key should have been: `an option of startPlatform`
 * @throws the error of `fail` for the first problem
 */
export function checkKeys(
  data: object,
  checks: Checks,
  {
    what,
    prefix = "",
    fail,
  }: { what: string; prefix?: string; fail: (problem: string, hint?: string) => Error },
): void {
  for (const [key, value] of Object.entries(data)) {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    const known = Object.keys(checks);
    if (check === undefined) {
      throw fail(`"${prefix}${key}" isn't ${what}`, didYouMean(key, known, `Known: ${known.join(", ")}.`));
    }
    if (!check[0](value)) throw fail(`"${prefix}${key}" must be ${check[1]}`);
  }
}
