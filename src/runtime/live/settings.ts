import { completeCredentials } from "../../client/api/login.ts";
import { isLoopback, noAddress, withoutApiPath } from "../../client/connection/check-value.ts";
import { isFunction, isTokenProvider, type ResolvedCredentials } from "../../client/connection/types.ts";
import type { Env } from "../../environment.ts";
import { ConfigurationError } from "../../errors/classes.ts";
import type { LiveBuild, LiveConfiguration } from "../live-types.ts";

const SET_VARIABLES = "Set SCOPE_ORG_ID, SCOPE_API_KEY and SCOPE_API_SECRET where the program runs.";

export type Settings = ReturnType<typeof resolveSettings>;

/**
 * Where and how to poll now: `configureLive` overrides the environment, which overrides what the build left. No build
 * contains credentials.
 *
 * @throws MissingApiKeyError naming what is set and what isn't; ConfigurationError `base_url_missing` without an address,
 * and for an address or an environment that can't be used
 */
export function resolveSettings(build: LiveBuild, given: LiveConfiguration, env: Env) {
  const settings = {
    ...build,
    // An empty variable counts as absent.
    baseUrl: env.SCOPE_API_URL || build.baseUrl,
    authApiUrl: env.SCOPE_AUTH_API_URL || build.authApiUrl,
    environment: env.SCOPE_ENVIRONMENT || build.environment,
    ...(given as Partial<LiveBuild>),
  };
  const { apiVersion, environment, maxBodyBytes, timeout, tokenRefreshBuffer } = settings;
  // It's put into a header unchanged.
  if (!/^[\w.~-]+$/.test(environment)) throw invalid("environment can only contain letters, digits and ._~-");
  const { credentials: source } = given;
  const provider = isFunction(source) || isTokenProvider(source) ? source : undefined;
  const credentials: ResolvedCredentials =
    provider ?? completeCredentials(source, env, "Credentials", SET_VARIABLES);
  const written = address("baseUrl", settings);
  if (written === undefined) throw noAddress();
  const baseUrl = withoutApiPath(written, apiVersion);
  if (baseUrl === undefined) throw invalid(`baseUrl ends in another version than ${apiVersion}.`);
  return {
    baseUrl,
    authApiUrl: address("authApiUrl", settings),
    apiVersion,
    environment,
    timeoutMs: timeout * 1000,
    tokenRefreshBufferMs: tokenRefreshBuffer * 1000,
    maxBodyBytes,
    credentials,
    /** The same function or object with `getToken()` that was passed, if it's one. */
    provider,
    /** Undefined if such a function or object doesn't say it. */
    orgId: credentials.orgId || env.SCOPE_ORG_ID,
  };
}

/** Without a trailing slash. Checked here too: the environment may name another address than the build did. */
function address(
  name: "baseUrl" | "authApiUrl",
  { [name]: value, allowInsecure }: LiveBuild,
): string | undefined {
  if (value === undefined) return undefined;
  const { protocol, hostname, origin, pathname } = URL.canParse(value) ? new URL(value) : ({} as URL);
  if (protocol === "https:" || (protocol === "http:" && (isLoopback(hostname) || allowInsecure))) {
    return origin + pathname.replace(/\/+$/, "");
  }
  throw invalid(`${name} isn't an https:// address.`, protocol ? "insecure_url" : "config_invalid");
}

function invalid(
  message: string,
  code: "config_invalid" | "insecure_url" = "config_invalid",
): ConfigurationError {
  return new ConfigurationError(message, { code });
}
