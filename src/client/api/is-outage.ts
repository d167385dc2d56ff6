import {
  AuthenticationError,
  ConfigurationError,
  ConnectionError,
  RateLimitError,
  ServerError,
  TokenRefreshError,
} from "../../errors/classes.ts";

/**
 * Is the platform down, as far as this error shows? That's connection failures, time-outs, 5xx and 429 after the
 * retries, and a login that failed for a reason other than the credentials. A refusal (401, 403, 404) or a broken body
 * is never an outage.
 */
export function isOutage(error: unknown): boolean {
  return (
    error instanceof ConnectionError ||
    error instanceof ServerError ||
    error instanceof RateLimitError ||
    error instanceof TokenRefreshError
  );
}

/** A problem with the configuration, the credentials or the login: it affects every prompt, and isn't about one of them. */
export function concernsEveryPrompt(error: unknown): boolean {
  return error instanceof AuthenticationError || error instanceof ConfigurationError;
}
