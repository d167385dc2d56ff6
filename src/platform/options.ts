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

const isText = (value: unknown) => typeof value === "string" && value !== "";
const upTo = (maximum: number) => (value: unknown) =>
  typeof value === "number" && value >= 0 && value <= maximum;

type Check = readonly [isRight: (value: never) => boolean, wanted: string];

/** What each option must be. */
const CHECKS: { readonly [K in keyof PlatformOptions]-?: Check } = {
  dir: [isText, "the folder of prompts"],
  port: [(port: number) => upTo(65_535)(port) && Number.isInteger(port), "a port from 0 to 65535"],
  credentials: [(credentials: object) => typeof credentials === "object", "an object"],
  latency: [upTo(60_000), "milliseconds from 0 to 60000"],
  tokenTtl: [upTo(31_536_000), "seconds from 0 to 31536000"],
  logins: [
    (logins: LoginRoute[]) => Array.isArray(logins) && logins.length > 0 && logins.every(isRoute),
    `a list of ${ROUTES.map((route) => `"${route}"`).join(", ")}, one or both`,
  ],
  serveArchived: [(value: unknown) => typeof value === "boolean", "true or false"],
  onRequest: [(value: unknown) => typeof value === "function", "a function"],
};
const TEXT: Check = [isText, "text that isn't empty"];
const CREDENTIALS = { orgId: TEXT, apiKey: TEXT, apiSecret: TEXT };

function isRoute(route: LoginRoute): boolean {
  return ROUTES.includes(route);
}

/** @throws ConfigurationError `platform_options_invalid` naming the option */
export function resolvePlatformOptions(options: PlatformOptions): ResolvedPlatformOptions {
  const given = set(options, CHECKS, "");
  const credentials = set(given.credentials, CREDENTIALS, "credentials.");
  if (given.dir === undefined) throw invalid(`"dir" must be the folder of prompts`);
  return {
    dir: given.dir,
    port: 0,
    latency: 0,
    tokenTtl: 300,
    logins: ROUTES,
    serveArchived: false,
    onRequest: () => {},
    ...given,
    credentials: { orgId: "local", apiKey: "local", apiSecret: "local", ...credentials },
  } as ResolvedPlatformOptions;
}

/** The options that are set, checked. */
function set<T extends object>(
  options: T | undefined,
  checks: Readonly<Record<string, Check>>,
  prefix: string,
): Partial<T> {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    const known = Object.keys(checks);
    if (check === undefined) {
      const hint = didYouMean(name, known, `The options are ${known.join(", ")}.`);
      throw invalid(`"${prefix}${name}" isn't an option of startPlatform`, hint);
    }
    const [isRight, wanted] = check;
    if (!isRight(value as never)) throw invalid(`"${prefix}${name}" must be ${wanted}`);
  }
  return Object.fromEntries(given) as Partial<T>;
}

function invalid(problem: string, hint?: string): ConfigurationError {
  return new ConfigurationError(`${problem}.`, { code: "platform_options_invalid", hint });
}
