import {
  ApiError,
  type ApiErrorOptions,
  AuthenticationError,
  AuthorizationError,
  ConflictError,
  NotFoundError,
  RateLimitError,
  ServerError,
} from "../../errors/classes.ts";
import type { ErrorCode } from "../../errors/codes.ts";
import { type PromptRef, pinText } from "../../prompt.ts";
import { parseRetryAfter } from "../http/retry-after.ts";
import type { PlatformResponse } from "../http/send.ts";
import { readProblem } from "./read-body.ts";

type ErrorClass = new (message: string, options: ApiErrorOptions) => ApiError;

/** The meaning of each status that doesn't bring a version. */
function meaningOf(status: number, isForeign: boolean): readonly [ErrorClass, ErrorCode, hint?: string] {
  if (status >= 500) return [ServerError, "server_error"];
  switch (status) {
    case 401:
      return [
        AuthenticationError,
        "authentication_failed",
        "Check that the platform and the login belong to the same environment.",
      ];
    case 403:
      return [
        AuthorizationError,
        "access_denied",
        "The application of these credentials can't read this prompt. Give it access on the platform.",
      ];
    case 404:
      return isForeign
        ? [NotFoundError, "request_refused", "This isn't the platform's response: check baseUrl."]
        : [NotFoundError, "prompt_not_found"];
    case 409:
      return [ConflictError, "request_conflict"];
    case 429:
      return [RateLimitError, "rate_limited"];
  }
  if (status >= 400) return [ApiError, "request_refused"];
  return status >= 300
    ? [ApiError, "redirect_refused", "Redirects aren't followed: set baseUrl to the final address."]
    : [ApiError, "response_invalid"];
}

/** The error for a response that isn't the requested version, from our own classes. */
export function responseError(response: PlatformResponse, { name, pin }: PromptRef): ApiError {
  const { status, requestId } = response;
  const { code: errorCode, said, isForeign } = readProblem(response);
  const [Class, code, hint] = meaningOf(status, isForeign);
  const retryAfterMs = parseRetryAfter(response.header("retry-after"), response.header("date"), Date.now());
  return new Class(`The platform responded with ${status} for prompt "${name}" (${pinText(pin)})${said}`, {
    code,
    httpStatus: status,
    errorCode,
    requestId,
    hint,
    where: { prompt: name },
    ...(retryAfterMs !== undefined && { retryAfter: retryAfterMs / 1000 }),
  });
}
