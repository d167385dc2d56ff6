import { brand, ScopeError, type ScopeErrorOptions } from "./scope-error.ts";

/** An option, an environment variable or a config file that can't be used. */
export class ConfigurationError extends ScopeError {}

/** Credentials are needed, but none or only some are set. */
export class MissingApiKeyError extends ConfigurationError {}

/** What an {@link ApiError} is made from. */
export interface ApiErrorOptions extends ScopeErrorOptions {
  /** The status that the server really responded with. */
  readonly httpStatus: number;
  /** The server's own error code, when its body had one. */
  readonly errorCode?: string | undefined;
  readonly requestId?: string | undefined;
}

/** The platform responded with a refusal. */
export class ApiError<Options extends ApiErrorOptions = ApiErrorOptions> extends ScopeError<Options> {
  declare readonly httpStatus: number;
  declare readonly errorCode: string | undefined;
  declare readonly requestId: string | undefined;
}

/** 401: the token was refused, and so was a new one. */
export class AuthenticationError extends ApiError {}

/** The login failed for a reason other than the credentials; `httpStatus` says which. Counts as an outage. */
export class TokenRefreshError extends AuthenticationError {}

/** The login responded with 401 or 403: organisation, key or secret is wrong. */
export class InvalidCredentialsError extends AuthenticationError {}

/** 403 */
export class AuthorizationError extends ApiError {}

/** 404 */
export class NotFoundError extends ApiError {}

/** 409 */
export class ConflictError extends ApiError {}

/** 429, after the retries. */
export class RateLimitError extends ApiError<ApiErrorOptions & { readonly retryAfter?: number | undefined }> {
  /** The wait that the server asked for, in seconds; undefined when it gave none. */
  declare readonly retryAfter: number | undefined;
}

/** 5xx, after the retries. */
export class ServerError extends ApiError {}

/** Could not get a complete response: refused, reset, cut off, not resolvable. */
export class ConnectionError extends ScopeError {}

/** No response in time. */
export class TimeoutError extends ConnectionError {}

/** A prompt version exists, but can't be used as requested. */
export class ResourceError<
  Options extends ScopeErrorOptions = ScopeErrorOptions,
> extends ScopeError<Options> {}

/** What a {@link ValidationError} is made from. */
export interface ValidationErrorOptions extends ScopeErrorOptions {
  readonly field?: string | undefined;
  readonly value?: unknown;
}

/** A value of the wrong kind: an unknown variable, an impossible label, a response that isn't a prompt version. */
export class ValidationError extends ResourceError<ValidationErrorOptions> {
  declare readonly field: string | undefined;
  declare readonly value: unknown;
}

/** The prompt exists, but nothing is labelled production. */
export class NoProductionVersionError extends ResourceError<
  ScopeErrorOptions & { readonly promptId: string }
> {
  declare readonly promptId: string;
}

// A class comes before its subclasses: each adds its name to those that it inherits.
const CLASSES = {
  ConfigurationError,
  MissingApiKeyError,
  ApiError,
  AuthenticationError,
  TokenRefreshError,
  InvalidCredentialsError,
  AuthorizationError,
  NotFoundError,
  ConflictError,
  RateLimitError,
  ServerError,
  ConnectionError,
  TimeoutError,
  ResourceError,
  ValidationError,
  NoProductionVersionError,
};
for (const [name, errorClass] of Object.entries(CLASSES)) brand(errorClass, name);

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
