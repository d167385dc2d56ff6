import type { CredentialValues } from "../../config/types.ts";
import {
  ConnectionError,
  InvalidCredentialsError,
  TokenRefreshError,
  ValidationError,
} from "../../errors/classes.ts";
import type { Cancel } from "../http/cancel.ts";
import { type Answer, type Sender, send } from "../http/send.ts";
import { type RetryPolicy, withRetries } from "../http/with-retries.ts";
import { readFault, readJson } from "./read-body.ts";
import type { Login } from "./token-source.ts";

/** What the platform means when it does not say how long a token lives. */
const DEFAULT_LIFETIME_S = 300;

/**
 * Asks for an access token.
 *
 * @param authApiUrl without a trailing slash
 * @throws InvalidCredentialsError for 401 and 403
 * @throws TokenRefreshError for everything else, after the retries; `httpStatus` is 0 when no answer came
 */
export async function login(
  sender: Sender,
  policy: RetryPolicy,
  authApiUrl: string,
  credentials: CredentialValues,
  cancel: Cancel,
): Promise<Login> {
  const { origin, pathname } = new URL(authApiUrl);
  const outgoing = {
    method: "POST",
    origin,
    path: `${pathname.replace(/\/$/, "")}/v1/auth/applications/login`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      account_id: credentials.orgId,
      client_id: credentials.apiKey,
      client_secret: credentials.apiSecret,
    }),
    secrets: [credentials.apiKey, credentials.apiSecret],
  } as const;
  const limits = { cancel, deadlineAt: sender.clock() + sender.deadlineMs };
  let askedAtMs = 0;
  let answer: Answer;
  try {
    answer = await withRetries(policy, limits, () => {
      askedAtMs = sender.clock();
      return send(sender, outgoing, limits);
    });
    if (answer.status === 200) return { ...readToken(readJson(answer, origin), origin), askedAtMs };
  } catch (cause) {
    if (cause instanceof ConnectionError) throw failed(0, cause.message, cause, cause.hint);
    if (cause instanceof ValidationError) throw failed(200, cause.message, cause, cause.hint);
    throw cause;
  }
  throw refusal(answer, origin);
}

function readToken(body: unknown, origin: string): { token: string; lifetimeMs: number } {
  const { access_token: token, expires_in: seconds } = (body ?? {}) as Record<string, unknown>;
  // It goes into a header: what a header cannot hold would otherwise fail later and less clearly.
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
    throw failed(200, `The login at ${origin} brought no access_token.`, undefined, undefined);
  }
  const lifetime = typeof seconds === "number" && Number.isFinite(seconds) ? seconds : DEFAULT_LIFETIME_S;
  return { token, lifetimeMs: lifetime * 1000 };
}

function refusal(answer: Answer, origin: string): Error {
  const { code: errorCode, message } = readFault(answer);
  const { status: httpStatus, requestId } = answer;
  const said = message === undefined ? "" : `: ${message}`;
  if (httpStatus === 401 || httpStatus === 403) {
    return new InvalidCredentialsError(`The login at ${origin} was refused with ${httpStatus}${said}`, {
      code: "credentials_invalid",
      httpStatus,
      errorCode,
      requestId,
      hint: "Check SCOPE_ORG_ID, SCOPE_API_KEY and SCOPE_API_SECRET: together they name one application.",
    });
  }
  const isRedirect = httpStatus >= 300 && httpStatus < 400;
  return new TokenRefreshError(`The login at ${origin} failed with ${httpStatus}${said}`, {
    code: "login_failed",
    httpStatus,
    errorCode,
    requestId,
    hint: isRedirect ? "Redirects are not followed: set authApiUrl to the final address." : undefined,
  });
}

function failed(
  httpStatus: number,
  said: string,
  cause: unknown,
  hint: string | undefined,
): TokenRefreshError {
  return new TokenRefreshError(`The login failed. ${said}`, {
    code: "login_failed",
    httpStatus,
    cause,
    hint,
  });
}
