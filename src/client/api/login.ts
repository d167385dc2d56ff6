import type { Env } from "../../environment.ts";
import {
  ConfigurationError,
  ConnectionError,
  InvalidCredentialsError,
  MissingApiKeyError,
  TokenRefreshError,
  ValidationError,
} from "../../errors/classes.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import {
  type CredentialValues,
  isFunction,
  isTokenProvider,
  NAMES_OF_VALUES,
  type ResolvedCredentials,
} from "../connection/types.ts";
import type { Cancel } from "../http/cancel.ts";
import { type Outgoing, type PlatformResponse, type Sender, send } from "../http/send.ts";
import { readJsonBody, readProblem } from "./read-body.ts";
import type { Login } from "./token-source.ts";

const DEFAULT_LIFETIME_S = 300;

const RETURN_VALUES = "Return { orgId, apiKey, apiSecret }, or pass an object with getToken().";

/** The login routes, each with its names for key and secret: the official SDKs' route and the documented one. */
const ROUTES = [
  ["/v1/auth/applications/login", "client"],
  ["/v1/auth/sdk-token", "key"],
] as const;

/**
 * Makes the logins of one client. If a route answers 404 or 405, the other is tried; the one that answered comes first
 * from then on. At `baseUrl` the documented one begins: there a gateway can refuse an unknown route with 401, which
 * would look like wrong credentials.
 *
 * @param orgId the organisation if a function's result doesn't name it
 * @returns asks for a token. It throws InvalidCredentialsError for 401 and 403, MissingApiKeyError and
 * ConfigurationError for a provider's unusable result, TokenRefreshError for everything else, after the retries
 */
export function createLogin(
  sender: Sender,
  { baseUrl, authApiUrl }: { readonly baseUrl: string; readonly authApiUrl: string | undefined },
  credentials: ResolvedCredentials,
  orgId: string | undefined,
  cancel?: Cancel,
): () => Promise<Login> {
  const address = authApiUrl ?? baseUrl;
  let route = authApiUrl === undefined ? 1 : 0;
  let hasWorked = false;

  return async () => {
    const limits = { cancel, deadlineAt: sender.clock() + sender.deadline * 1000 };
    let askedAtMs = sender.clock();
    if (isTokenProvider(credentials)) {
      const given = await ask("getToken", () => credentials.getToken());
      const { token, expiresIn } = typeof given === "string" ? { token: given } : Object(given);
      if (isToken(token)) return toLogin(token, expiresIn, askedAtMs);
      throw new ConfigurationError("getToken() returned no token.", {
        code: "config_invalid",
        hint: "Return the token as text, or { token, expiresIn }.",
      });
    }
    const values = isFunction(credentials)
      ? completeCredentials(
          await ask("credentials", credentials),
          { SCOPE_ORG_ID: orgId },
          "credentials() returned",
          RETURN_VALUES,
        )
      : credentials;
    let httpStatus = 0;
    const isAbsent = () => httpStatus === 404 || httpStatus === 405;
    const first = route;
    const post = async (at: number) => {
      httpStatus = 0;
      const attempt = () => {
        askedAtMs = sender.clock();
        return send(sender, outgoing(address, at, values), limits);
      };
      const response = await (sender.retry?.(limits, attempt) ?? attempt());
      httpStatus = response.status;
      // Once a route has worked, only another working one replaces it: a 404 can be temporary during a deployment.
      if (httpStatus === 200 || !(hasWorked || isAbsent())) route = at;
      hasWorked ||= httpStatus === 200;
      return response;
    };
    try {
      let response = await post(first);
      if (isAbsent()) response = await post(1 - first);
      const names = NAMES_OF_VALUES.get(values) ?? "SCOPE_ORG_ID, SCOPE_API_KEY and SCOPE_API_SECRET";
      if (httpStatus !== 200) throw refusal(response, address, isAbsent(), names);
      const { origin } = new URL(address);
      const { access_token: token, expires_in: seconds } = Object(readJsonBody(response, origin));
      const secrets = [values.apiKey, values.apiSecret];
      if (isToken(token)) return { ...toLogin(token, seconds, askedAtMs), secrets };
      throw new ValidationError(`The login at ${origin} returned no access_token.`, {
        code: "response_invalid",
        field: "access_token",
      });
    } catch (cause) {
      if (!(cause instanceof ConnectionError || cause instanceof ValidationError)) throw cause;
      throw new TokenRefreshError(`The login failed. ${cause.message}`, {
        code: "login_failed",
        httpStatus,
        cause,
        hint: cause.hint,
      });
    }
  };
}

/** The result of the application's code. An error of our classes is thrown unchanged. */
async function ask<T>(name: string, provide: () => T | Promise<T>): Promise<T> {
  try {
    return await provide();
  } catch (cause) {
    if (isScopeError(cause)) throw cause;
    throw new TokenRefreshError(`${name}() failed.`, { code: "login_failed", httpStatus: 0, cause });
  }
}

function outgoing(address: string, route: number, { orgId, apiKey, apiSecret }: CredentialValues): Outgoing {
  const [path, name] = ROUTES[route] as (typeof ROUTES)[number];
  return {
    base: address,
    path,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ account_id: orgId, [`${name}_id`]: apiKey, [`${name}_secret`]: apiSecret }),
    secrets: [apiKey, apiSecret],
  };
}

/** @param isAbsent neither route exists */
function refusal(response: PlatformResponse, address: string, isAbsent: boolean, names: string): Error {
  const { status: httpStatus } = response;
  const { code: errorCode, said } = readProblem(response);
  const isRefused = httpStatus === 401 || httpStatus === 403;
  const Failure = isRefused ? InvalidCredentialsError : TokenRefreshError;
  const how = `${isRefused ? "was refused" : "failed"} with ${httpStatus}`;
  return new Failure(
    isAbsent
      ? `${address} has no login: ${ROUTES.map(([path]) => path).join(" and ")} failed, with ${httpStatus}${said}`
      : `The login at ${new URL(address).origin} ${how}${said}`,
    {
      code: isRefused ? "credentials_invalid" : "login_failed",
      httpStatus,
      errorCode,
      requestId: response.requestId(),
      hint: isRefused
        ? `Check ${names}: together they identify one application.`
        : isAbsent
          ? "Check SCOPE_AUTH_API_URL or SCOPE_API_URL: it's the address before /v1."
          : httpStatus < 400
            ? "Redirects aren't followed: set authApiUrl to the final address."
            : undefined,
    },
  );
}

// The token goes into a header. An invalid character would otherwise fail later and less clearly.
function isToken(token: unknown): token is string {
  return typeof token === "string" && /^[\x21-\x7e]+$/.test(token);
}

function toLogin(token: string, seconds: unknown, askedAtMs: number): Login {
  const lifetimeS = Number.isFinite(seconds) ? (seconds as number) : DEFAULT_LIFETIME_S;
  return { token, lifetimeMs: lifetimeS * 1000, askedAtMs };
}

/** All three values, under either name, or from the environment. The error begins with `who`, and shows no value. */
export function completeCredentials(given: unknown, env: Env, who: string, hint: string): CredentialValues {
  const { orgId: own, apiKey, clientId, apiSecret, clientSecret } = Object(given);
  const values = {
    orgId: own || env.SCOPE_ORG_ID,
    apiKey: apiKey || clientId || env.SCOPE_CLIENT_ID || env.SCOPE_API_KEY,
    apiSecret: apiSecret || clientSecret || env.SCOPE_CLIENT_SECRET || env.SCOPE_API_SECRET,
  };
  const names = Object.keys(values) as (keyof CredentialValues)[];
  const isSet = (name: keyof CredentialValues) => values[name] && typeof values[name] === "string";
  const missing = names.filter((name) => !isSet(name)).join(", ");
  if (missing === "") return values;
  throw new MissingApiKeyError(
    `${who}: ${missing} missing, ${names.filter(isSet).join(", ") || "none"} set.`,
    { code: "credentials_missing", hint },
  );
}
