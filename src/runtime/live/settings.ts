import type { Env } from "../../config/environment.ts";
import type { CredentialValues } from "../../config/types.ts";
import type { LiveBuild, LiveConfiguration } from "../live-types.ts";
import { liveError } from "./live-error.ts";

/** What one look works with. */
export interface Settings extends LiveBuild {
  readonly credentials: CredentialValues;
}

/**
 * Where and how to look now: `configureLive` over the environment, and that over what the build left. Credentials
 * are in no build.
 *
 * @throws MissingApiKeyError naming what is set and what is not; ConfigurationError for an address that cannot be used
 */
export function resolveSettings(build: LiveBuild, given: LiveConfiguration, env: Env): Settings {
  const settings = {
    ...build,
    // An empty variable is absent.
    baseUrl: env.SCOPE_API_URL || build.baseUrl,
    authApiUrl: env.SCOPE_AUTH_API_URL || build.authApiUrl,
    environment: env.SCOPE_ENVIRONMENT || build.environment,
    ...(given as Partial<LiveBuild>),
    credentials: resolveCredentials(given, env),
  };
  return { ...settings, baseUrl: address("baseUrl", settings), authApiUrl: address("authApiUrl", settings) };
}

/** Without a slash at its end. Checked here too: the environment may name another address than the build did. */
function address(name: "baseUrl" | "authApiUrl", { [name]: value, allowInsecure }: LiveBuild): string {
  const { protocol, hostname, origin, pathname } = URL.canParse(value) ? new URL(value) : ({} as URL);
  const isLoopback = /^(127\.\d+\.\d+\.\d+|\[::1\]|(.+\.)?localhost)$/.test(hostname);
  if (protocol === "https:" || (protocol === "http:" && (isLoopback || allowInsecure))) {
    return origin + pathname.replace(/\/+$/, "");
  }
  throw liveError(protocol ? "insecure_url" : "config_invalid", `${name} is no https:// address.`);
}

function resolveCredentials({ credentials = {} }: LiveConfiguration, env: Env): CredentialValues {
  const { orgId, apiKey, clientId, apiSecret, clientSecret } = credentials;
  const values = {
    orgId: orgId || env.SCOPE_ORG_ID,
    apiKey: apiKey || clientId || env.SCOPE_CLIENT_ID || env.SCOPE_API_KEY,
    apiSecret: apiSecret || clientSecret || env.SCOPE_CLIENT_SECRET || env.SCOPE_API_SECRET,
  };
  const names = Object.keys(values) as (keyof CredentialValues)[];
  const missing = names.filter((name) => !values[name]);
  if (missing.length === 0) return values as CredentialValues;
  const set = names.filter((name) => values[name]);
  throw liveError(
    "credentials_missing",
    `Credentials: ${missing.join(", ")} missing, ${set.join(", ") || "none"} set.`,
    {
      hint: "Set SCOPE_ORG_ID, SCOPE_API_KEY and SCOPE_API_SECRET where the program runs.",
    },
  );
}
