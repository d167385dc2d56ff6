import type { ErrorCode } from "../../errors/codes.ts";
import type { ScopeError } from "../../errors/scope-error.ts";

/** The codes that the live client throws, each with its class and the classes above that one, outermost first. */
const CLASSES = {
  config_invalid: "ConfigurationError",
  insecure_url: "ConfigurationError",
  credentials_missing: "ConfigurationError MissingApiKeyError",
  credentials_invalid: "ApiError AuthenticationError InvalidCredentialsError",
  authentication_failed: "ApiError AuthenticationError",
  login_failed: "ApiError AuthenticationError TokenRefreshError",
  access_denied: "ApiError AuthorizationError",
  prompt_not_found: "ApiError NotFoundError",
  rate_limited: "ApiError RateLimitError",
  server_error: "ApiError ServerError",
  request_refused: "ApiError",
  redirect_refused: "ApiError",
  connection_failed: "ConnectionError",
  request_timeout: "ConnectionError TimeoutError",
  response_invalid: "ResourceError ValidationError",
  response_too_large: "ResourceError ValidationError",
} as const satisfies Partial<Record<ErrorCode, string>>;
export type LiveErrorCode = keyof typeof CLASSES;

/** What an error may carry besides its code. */
export interface ErrorFields {
  readonly hint?: string;
  readonly cause?: unknown;
  readonly field?: string;
  readonly httpStatus?: number;
  readonly requestId?: string | null;
  readonly retryAfter?: number;
}

/**
 * An error of one of the package's classes, to whoever asks with `instanceof` or `isScopeError`: these go by the
 * brand. The classes themselves would be a sixth of the live client.
 */
export function liveError(code: LiveErrorCode, message: string, fields?: ErrorFields): ScopeError {
  const brands = `ScopeError ${CLASSES[code]}`.split(" ");
  const name = brands.at(-1);
  const brand = Symbol.for("unplugin-scope.error");
  return Object.assign(new Error(message), fields, { name, code, [brand]: brands }) as unknown as ScopeError;
}

/** Connection failures, time-outs, 5xx, 429, and a login that failed for another reason than the credentials. */
export function isDown({ name }: Error): boolean {
  return /^(Conn|Time|Serv|Rate|Token)/.test(name);
}

/** Faults that every prompt of a build has when one has it: of the configuration, the credentials and the login. */
export function isEverybodys({ name }: Error): boolean {
  return /^(Conf|Miss|Inv|Authe|Token)/.test(name);
}
