import { fetchVersion } from "../../client/api/fetch-version.ts";
import { completeCredentials, createLogin } from "../../client/api/login.ts";
import { createTokenSource, type TokenSource } from "../../client/api/token-source.ts";
import { isLoopback, noAddress, withoutApiPath } from "../../client/connection/check-value.ts";
import { isFunction, isTokenProvider, type ResolvedCredentials } from "../../client/connection/types.ts";
import type { Sender } from "../../client/http/send.ts";
import type { Env } from "../../environment.ts";
import { ConfigurationError } from "../../errors/classes.ts";
import type { PromptRef } from "../../prompt.ts";
import type { LiveBuild, LiveConfiguration } from "../live-registry.ts";
import { fingerprint, type PollResult, type Site } from "./live-prompt.ts";

/** Comparing a version blocks the server that renders: this many values and variables take some ten milliseconds. */
const MAX_PARTS = 20_000;

/** Sends the requests of one poll, or logins, within the rate; reports the number of each when it's sent. */
export type SenderFor = (settings: Settings, onSend?: (number: number) => void) => Sender;

/** One poll; `known` is its result again if nothing has changed. @throws the errors of the client */
export async function pollVersion(
  ref: PromptRef,
  settings: Settings,
  senderFor: SenderFor,
  tokens: TokenSource,
  known: PollResult | undefined,
): Promise<PollResult> {
  const { baseUrl, apiVersion, environment, orgId } = settings;
  const site = JSON.stringify([baseUrl, apiVersion, environment, orgId]);
  let number = 0;
  const sender = senderFor(settings, (sent) => {
    number = sent;
  });
  // Elsewhere, the same etag may belong to another version.
  const etag = orgId && known?.site === site ? known.etag : undefined;
  const api = { ...settings, ...sender, tokens, mostParts: MAX_PARTS };
  const fetched = await fetchVersion(api, ref, etag);
  if (fetched === undefined) return { ...(known as PollResult), number };
  const { id: versionId, promptId, versionNumber, content, metadata } = fetched.data;
  const data = { versionId, promptId, versionNumber, content, metadata };
  return { number, data, text: fingerprint(data), etag: fetched.etag, site };
}

/** The tokens of a site, which its prompts share as long as the settings are the same. No login takes `maxWaitMs`. */
export function tokensOf(
  site: Site,
  settings: Settings,
  senderFor: SenderFor,
  maxWaitMs: () => number,
): TokenSource {
  const { baseUrl, authApiUrl, credentials, provider, orgId, tokenRefreshBuffer, timeout } = settings;
  const key = JSON.stringify([authApiUrl ?? baseUrl, orgId, tokenRefreshBuffer, provider ? 0 : credentials]);
  if (site.tokensFor !== key || site.tokensOf !== provider || site.tokens === undefined) {
    site.tokensFor = key;
    site.tokensOf = provider;
    const sender = senderFor(settings);
    site.tokens = createTokenSource(
      createLogin(sender, settings, credentials, orgId),
      sender.clock,
      tokenRefreshBuffer,
      () => Math.min(2000 * timeout, maxWaitMs()),
    );
  }
  return site.tokens;
}

const SET_VARIABLES =
  "Set SCOPE_ORG_ID, SCOPE_API_KEY and SCOPE_API_SECRET where the program runs, for example with node --env-file=.env.local.";

export type Settings = ReturnType<typeof resolveSettings>;

/**
 * Where and how to poll now: `configureLive` overrides the environment, which overrides the build.
 *
 * @throws MissingApiKeyError naming what is set and what isn't; ConfigurationError for an address or environment
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
    timeout,
    tokenRefreshBuffer,
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
