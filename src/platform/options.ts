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
export interface ResolvedPlatformOptions {
  readonly dir: string;
  readonly port: number;
  readonly credentials: PlatformCredentials;
  readonly latencyMs: number;
  readonly tokenTtlSeconds: number;
  readonly logins: readonly LoginRoute[];
  readonly serveArchived: boolean;
  readonly onRequest: ((request: PlatformRequest) => void) | undefined;
}

const KNOWN = ["dir", "port", "credentials", "latency", "tokenTtl", "logins", "serveArchived", "onRequest"];
const CREDENTIALS = ["orgId", "apiKey", "apiSecret"] as const;

/** @throws ConfigurationError `platform_options_invalid` naming the option */
export function resolvePlatformOptions(options: PlatformOptions): ResolvedPlatformOptions {
  checkKeys(Object(options), KNOWN, "");
  const { dir, serveArchived = false, onRequest } = Object(options) as PlatformOptions;
  if (typeof dir !== "string" || dir === "") throw invalid(`"dir" must be the folder of prompts`);
  if (onRequest !== undefined && typeof onRequest !== "function")
    throw invalid(`"onRequest" must be a function`);
  if (typeof serveArchived !== "boolean") throw invalid(`"serveArchived" must be true or false`);
  return {
    dir,
    port: resolveNumber("port", options.port, 0, 65_535, "a port"),
    credentials: resolveCredentials(options.credentials),
    latencyMs: resolveNumber("latency", options.latency, 0, 60_000, "milliseconds"),
    tokenTtlSeconds: resolveNumber("tokenTtl", options.tokenTtl, 300, 31_536_000, "seconds"),
    logins: resolveLogins(options.logins),
    serveArchived,
    onRequest,
  };
}

function resolveLogins(given: unknown): readonly LoginRoute[] {
  const known = Object.keys(LOGINS);
  const isFit = (value: unknown): value is LoginRoute[] =>
    Array.isArray(value) && value.length > 0 && value.every((route) => known.includes(route));
  const logins = given ?? known;
  if (isFit(logins)) return logins;
  throw invalid(`"logins" must be a list of ${known.map((route) => `"${route}"`).join(", ")}, one or both`);
}

function resolveNumber(
  name: string,
  value: number | undefined,
  fallback: number,
  maximum: number,
  unit: string,
): number {
  if (value === undefined) return fallback;
  const isFit = typeof value === "number" && value >= 0 && value <= maximum;
  if (isFit && (name !== "port" || Number.isInteger(value))) return value;
  throw invalid(`"${name}" must be ${unit} from 0 to ${maximum}, not ${value}`);
}

function resolveCredentials(given: Partial<PlatformCredentials> = {}): PlatformCredentials {
  checkKeys(Object(given), CREDENTIALS, "credentials.");
  for (const name of CREDENTIALS) {
    const value: unknown = given[name];
    if (value === undefined || (typeof value === "string" && value !== "")) continue;
    throw invalid(`"credentials.${name}" must be text that is not empty`);
  }
  const { orgId = "local", apiKey = "local", apiSecret = "local" } = given;
  return { orgId, apiKey, apiSecret };
}

function checkKeys(given: object, known: readonly string[], prefix: string): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const hint = didYouMean(key, known, `Known are ${known.join(", ")}.`);
    throw invalid(`"${prefix}${key}" isn't an option of startPlatform`, hint);
  }
}

function invalid(problem: string, hint?: string): ConfigurationError {
  return new ConfigurationError(`${problem}.`, { code: "platform_options_invalid", hint });
}
