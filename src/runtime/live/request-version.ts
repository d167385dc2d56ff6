import type { ScopeError } from "../../errors/scope-error.ts";
import type { Label } from "../../prompt.ts";
import { decodeAnswer } from "./decode-answer.ts";
import { fingerprint } from "./fingerprint.ts";
import { type LiveErrorCode, liveError } from "./live-error.ts";
import type { Answer } from "./live-prompt.ts";
import { type Reply, readJson, type Sending, send } from "./send.ts";
import type { Settings } from "./settings.ts";
import type { Login, Tokens } from "./tokens.ts";

/**
 * One look, with one attempt: the next look is the retry. A token that is refused is renewed once.
 *
 * @param known is answered again, as that of this request, when it is unchanged
 * @throws the errors of the client's classes
 */
export async function requestVersion(
  { name, label }: { readonly name: string; readonly label: Label },
  settings: Settings,
  sending: Sending,
  tokens: Tokens,
  known: Answer | undefined,
): Promise<Answer> {
  const { baseUrl, apiVersion, environment, credentials } = settings;
  const url = `${baseUrl}/api/${apiVersion}/prompts/${encodeURIComponent(name)}/${label}`;
  const site = JSON.stringify([url, environment, credentials.orgId]);
  // Elsewhere the same etag may be another version's.
  const etag = known?.site === site && known.etag;
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
    if (status === 200) {
      const data = decodeAnswer(readJson(reply));
      return { number, data, text: fingerprint(data), etag: headers.get("etag"), site };
    }
    if (status === 304 && etag) return { ...(known as Answer), number };
    if (status === 401) tokens.drop(token);
    if (status !== 401 || isRetry) throw refusal(reply, `for prompt "${name}" (${label})`, token);
  }
}

/**
 * Asks for an access token.
 *
 * @throws InvalidCredentialsError for 401 and 403; ConfigurationError when nothing could be sent; TokenRefreshError for
 * everything else
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
    if (httpStatus !== 200) throw refusal(reply, "to the login", credentials.apiSecret, credentials.apiKey);
    const { access_token: token, expires_in: seconds = 300 } = Object(readJson(reply));
    if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token))
      throw new TypeError("It brought no access_token.");
    return { token, lifetime: seconds };
  } catch (cause) {
    if ((cause as ScopeError).code === "config_invalid") throw cause;
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

/** @param secrets what the server was sent, and may send back */
function refusal({ status, headers }: Reply, asked: string, ...secrets: readonly string[]): ScopeError {
  const requestId = headers.get("x-request-id");
  const code =
    REFUSALS[status] ??
    (status < 400 ? "redirect_refused" : status < 500 ? "request_refused" : "server_error");
  return liveError(code, `The platform answered ${status} ${asked}.`, {
    httpStatus: status,
    requestId: secrets.some((secret) => requestId?.includes(secret)) ? null : requestId,
    ...(status === 429 && { retryAfter: secondsUntil(headers.get("retry-after")) }),
  });
}

/** `Retry-After` is seconds or a date; anything else is 0. */
function secondsUntil(value: string | null): number {
  const seconds = Number(value);
  return (seconds >= 0 ? seconds : (Date.parse(value as string) - Date.now()) / 1000) || 0;
}
