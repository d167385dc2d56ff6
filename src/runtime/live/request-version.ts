import type { ScopeError } from "../../errors/scope-error.ts";
import type { Label } from "../../prompt.ts";
import { decodeAnswer, type LiveData } from "./decode-answer.ts";
import { type LiveErrorCode, liveError } from "./live-error.ts";
import { type Reply, readJson, type Sending, send } from "./send.ts";
import type { Settings } from "./settings.ts";
import type { Login, Tokens } from "./tokens.ts";

/** What a look at the platform found. */
export interface Found {
  /** Undefined: unchanged. */
  readonly data: LiveData | undefined;
  readonly etag: string | null;
  /** Answers to later requests have greater numbers. */
  readonly number: number;
}

/**
 * One look, with one attempt: the next look is the retry. A token that is refused is renewed once.
 *
 * @param etag of the version that is known
 * @throws the errors of the client's classes
 */
export async function requestVersion(
  { name, label }: { readonly name: string; readonly label: Label },
  settings: Settings,
  sending: Sending,
  tokens: Tokens,
  etag: string | null | undefined,
): Promise<Found> {
  const { baseUrl, apiVersion, environment } = settings;
  const url = `${baseUrl}/api/${apiVersion}/prompts/${encodeURIComponent(name)}/${label}`;
  for (let isRetry = false; ; isRetry = true) {
    const token = await tokens.get();
    const reply = await send(sending, settings, url, {
      headers: {
        authorization: `Bearer ${token}`,
        "x-scope-environment": environment,
        ...(etag && { "if-none-match": etag }),
      },
    });
    const { number, status, headers } = reply;
    if (status === 200) return { data: decodeAnswer(readJson(reply)), etag: headers.get("etag"), number };
    if (status === 304 && etag) return { data: undefined, etag, number };
    if (status === 401) tokens.drop(token);
    if (status !== 401 || isRetry) throw refusal(reply, `for prompt "${name}" (${label})`);
  }
}

/**
 * Asks for an access token.
 *
 * @throws InvalidCredentialsError for 401 and 403; TokenRefreshError for everything else
 */
export async function requestToken(settings: Settings, sending: Sending): Promise<Login> {
  const { authApiUrl, credentials } = settings;
  let httpStatus = 0;
  try {
    const reply = await send(sending, settings, `${authApiUrl}/v1/auth/applications/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        account_id: credentials.orgId,
        client_id: credentials.apiKey,
        client_secret: credentials.apiSecret,
      }),
    });
    httpStatus = reply.status;
    if (httpStatus !== 200) throw refusal(reply, "to the login");
    const { access_token: token, expires_in: seconds = 300 } = Object(readJson(reply));
    if (!/^[\x21-\x7e]+$/.test(token)) throw new TypeError("It brought no access_token.");
    return { token, lifetime: seconds };
  } catch (cause) {
    const isRefused = httpStatus === 401 || httpStatus === 403;
    throw liveError(
      isRefused ? "credentials_invalid" : "login_failed",
      `The login failed. ${(cause as Error).message}`,
      { httpStatus, cause },
    );
  }
}

const REFUSALS: Readonly<Record<number, LiveErrorCode>> = {
  401: "authentication_failed",
  403: "access_denied",
  404: "prompt_not_found",
  429: "rate_limited",
};

function refusal({ status, headers }: Reply, asked: string): ScopeError {
  const code =
    REFUSALS[status] ??
    (status < 400 ? "redirect_refused" : status < 500 ? "request_refused" : "server_error");
  return liveError(code, `The platform answered ${status} ${asked}.`, {
    httpStatus: status,
    requestId: headers.get("x-request-id"),
    ...(status === 429 && { retryAfter: secondsUntil(headers.get("retry-after")) }),
  });
}

/** `Retry-After` is seconds or a date; anything else is 0. */
function secondsUntil(value: string | null): number {
  const seconds = Number(value);
  return (seconds >= 0 ? seconds : (Date.parse(value as string) - Date.now()) / 1000) || 0;
}
