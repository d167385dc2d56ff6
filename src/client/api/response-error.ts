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
import { type PromptRef, pinText } from "../../prompt.ts";
import { parseRetryAfter } from "../http/retry-after.ts";
import type { Answer } from "../http/send.ts";
import { readFault } from "./read-body.ts";

/** The error of our tree for an answer that is not the version asked for. */
export function answerError(answer: Answer, ref: PromptRef): ApiError {
  const { status, requestId } = answer;
  const { code: errorCode, message } = readFault(answer);
  const asked = `prompt "${ref.name}" (${pinText(ref.pin)})`;
  const said = message === undefined ? "" : `: ${message}`;
  const text = `The platform answered ${status} for ${asked}${said}`;
  const common = { httpStatus: status, errorCode, requestId, where: { prompt: ref.name } };
  const options = (code: ApiErrorOptions["code"], hint?: string): ApiErrorOptions => ({
    ...common,
    code,
    hint,
  });
  if (status >= 500) return new ServerError(text, options("server_error"));
  switch (status) {
    case 401:
      return new AuthenticationError(text, options("authentication_failed", "A new login did not help."));
    case 403:
      return new AuthorizationError(
        text,
        options("access_denied", "The application of these credentials may not read this prompt."),
      );
    case 404:
      return new NotFoundError(text, options("prompt_not_found"));
    case 409:
      return new ConflictError(text, options("request_conflict"));
    case 429: {
      const asks = parseRetryAfter(answer.header("retry-after"), answer.header("date"), Date.now());
      const retryAfter = asks === undefined ? undefined : asks / 1000;
      return new RateLimitError(text, { ...options("rate_limited"), retryAfter });
    }
  }
  if (status >= 300 && status < 400) {
    return new ApiError(
      text,
      options("redirect_refused", "Redirects are not followed: set baseUrl to the final address."),
    );
  }
  return new ApiError(text, options(status >= 400 ? "request_refused" : "response_invalid"));
}
