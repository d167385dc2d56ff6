import { completeCredentials } from "../../client/api/complete-credentials.ts";
import { withoutApiPath } from "../../client/connection/base-url.ts";
import { isLoopback } from "../../client/connection/check-connection-value.ts";
import {
  type CredentialsInput,
  isFunction,
  isTokenProvider,
} from "../../client/connection/credentials-source.ts";
import type { CredentialValues, ResolvedCredentials } from "../../client/connection/types.ts";
import type { Env } from "../../environment.ts";
import { ConfigurationError } from "../../errors/classes.ts";
import type { LiveBuild, LiveConfiguration } from "../live-types.ts";

/** What one poll works with. */
export interface Settings {
  readonly baseUrl: string;
  readonly authApiUrl: string;
  readonly apiVersion: string;
  readonly environment: string;
  readonly timeoutMs: number;
  readonly tokenRefreshBufferMs: number;
  readonly retryMaxDelayMs: number;
  readonly maxBodyBytes: number;
  readonly credentials: ResolvedCredentials;
  /** The credentials where they are a function or an object with `getToken()`, the same one that was given. */
  readonly provider: object | undefined;
  /** Undefined where a function or an object with `getToken()` doesn't say it. */
  readonly orgId: string | undefined;
}

/**
 * Where and how to poll now: `configureLive` over the environment, and that over what the build left. Credentials
 * are in no build.
 *
 * @throws MissingApiKeyError naming what is set and what is not; ConfigurationError for an address or an environment
 * that cannot be used
 */
export function resolveSettings(build: LiveBuild, given: LiveConfiguration, env: Env): Settings {
  const settings = {
    ...build,
    // An empty variable is absent.
    baseUrl: env.SCOPE_API_URL || build.baseUrl,
    authApiUrl: env.SCOPE_AUTH_API_URL || build.authApiUrl,
    environment: env.SCOPE_ENVIRONMENT || build.environment,
    ...(given as Partial<LiveBuild>),
  };
  const { apiVersion, environment, maxBodyBytes, timeout, tokenRefreshBuffer, retryMaxDelay } = settings;
  // It goes into a header as it is.
  if (!/^[\w.~-]+$/.test(environment)) throw invalid("environment may hold letters, digits and ._~- only.");
  const { credentials: source } = given;
  const provider = isFunction(source) || isTokenProvider(source) ? source : undefined;
  const credentials = provider ?? resolveValues(source as CredentialsInput | undefined, env);
  const baseUrl = withoutApiPath(address("baseUrl", settings), apiVersion);
  if (baseUrl === undefined) throw invalid(`baseUrl ends in another version than ${apiVersion}.`);
  return {
    baseUrl,
    authApiUrl: address("authApiUrl", settings),
    apiVersion,
    environment,
    timeoutMs: timeout * 1000,
    tokenRefreshBufferMs: tokenRefreshBuffer * 1000,
    retryMaxDelayMs: retryMaxDelay * 1000,
    maxBodyBytes,
    credentials,
    provider,
    orgId: credentials.orgId || env.SCOPE_ORG_ID,
  };
}

/** Without a slash at its end. Checked here too: the environment may name another address than the build did. */
function address(name: "baseUrl" | "authApiUrl", { [name]: value, allowInsecure }: LiveBuild): string {
  const { protocol, hostname, origin, pathname } = URL.canParse(value) ? new URL(value) : ({} as URL);
  if (protocol === "https:" || (protocol === "http:" && (isLoopback(hostname) || allowInsecure))) {
    return origin + pathname.replace(/\/+$/, "");
  }
  throw invalid(`${name} is no https:// address.`, protocol ? "insecure_url" : "config_invalid");
}

function invalid(
  message: string,
  code: "config_invalid" | "insecure_url" = "config_invalid",
): ConfigurationError {
  return new ConfigurationError(message, { code });
}

/** As `config` does, in fewer words: its own is too large for the live client. */
function resolveValues(given: CredentialsInput = {}, env: Env): CredentialValues {
  const { orgId, apiKey, clientId, apiSecret, clientSecret } = given;
  return completeCredentials(
    {
      orgId,
      apiKey: apiKey || clientId || env.SCOPE_CLIENT_ID || env.SCOPE_API_KEY,
      apiSecret: apiSecret || clientSecret || env.SCOPE_CLIENT_SECRET || env.SCOPE_API_SECRET,
    },
    env.SCOPE_ORG_ID,
    "Credentials",
    "Set SCOPE_ORG_ID, SCOPE_API_KEY and SCOPE_API_SECRET where the program runs.",
  );
}
