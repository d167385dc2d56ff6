import type { CredentialValues } from "../../config/types.ts";
import {
  ConnectionError,
  InvalidCredentialsError,
  TokenRefreshError,
  ValidationError,
} from "../../errors/classes.ts";
import type { Cancel } from "../http/cancel.ts";
import { type Sender, send } from "../http/send.ts";
import { endpoint } from "./endpoint.ts";
import { readJson, readProblem } from "./read-body.ts";
import type { Login } from "./token-source.ts";

/** What the platform means when it does not say how long a token lives. */
const DEFAULT_LIFETIME_S = 300;

/**
 * Asks for an access token.
 *
 * @param authApiUrl without a trailing slash
 * @throws InvalidCredentialsError for 401 and 403
 * @throws TokenRefreshError for everything else, after the retries; `httpStatus` is 0 when no response came
 */
export async function login(
  sender: Sender,
  authApiUrl: string,
  credentials: CredentialValues,
  cancel?: Cancel,
): Promise<Login> {
  const { origin, path } = endpoint(authApiUrl, "/v1/auth/applications/login");
  const outgoing = {
    method: "POST",
    origin,
    path,
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
  let httpStatus = 0;
  try {
    const attempt = () => {
      askedAtMs = sender.clock();
      return send(sender, outgoing, limits);
    };
    const response = await (sender.retry?.(limits, attempt) ?? attempt());
    httpStatus = response.status;
    if (httpStatus === 200) return { ...readToken(readJson(response, origin), origin), askedAtMs };
    const { code: errorCode, said } = readProblem(response);
    const isRefused = httpStatus === 401 || httpStatus === 403;
    const Failure = isRefused ? InvalidCredentialsError : TokenRefreshError;
    throw new Failure(
      `The login at ${origin} ${isRefused ? "was refused" : "failed"} with ${httpStatus}${said}`,
      {
        code: isRefused ? "credentials_invalid" : "login_failed",
        httpStatus,
        errorCode,
        requestId: response.requestId,
        hint: isRefused
          ? "Check SCOPE_ORG_ID, SCOPE_API_KEY and SCOPE_API_SECRET: together they name one application."
          : httpStatus < 400
            ? "Redirects are not followed: set authApiUrl to the final address."
            : undefined,
      },
    );
  } catch (cause) {
    if (!(cause instanceof ConnectionError || cause instanceof ValidationError)) throw cause;
    throw new TokenRefreshError(`The login failed. ${cause.message}`, {
      code: "login_failed",
      httpStatus,
      cause,
      hint: cause.hint,
    });
  }
}

function readToken(body: unknown, origin: string): { token: string; lifetimeMs: number } {
  const { access_token: token, expires_in: seconds } = Object(body);
  // It goes into a header: what a header cannot hold would otherwise fail later and less clearly.
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
    throw new ValidationError(`The login at ${origin} brought no access_token.`, {
      code: "response_invalid",
      field: "access_token",
    });
  }
  const lifetimeS = Number.isFinite(seconds) ? seconds : DEFAULT_LIFETIME_S;
  return { token, lifetimeMs: lifetimeS * 1000 };
}
