/**
 * The error codes of the local platform's own responses. The documentation names one, `not_found`; these are finer.
 * Clients read `prompt_not_found`, `no_production_version` and `version_not_found`; the rest are for people.
 */
export type RefusalCode =
  | "invalid_request"
  | "invalid_credentials"
  | "token_missing"
  | "token_invalid"
  | "token_expired"
  | "host_not_allowed"
  | "route_not_found"
  | "prompt_not_found"
  | "no_production_version"
  | "version_not_found"
  | "method_not_allowed"
  | "body_too_large"
  | "invalid_prompt"
  | "internal_error";

/**
 * A response other than a prompt version, thrown where the problem is found. It never leaves the server as an error.
 */
export class Refusal extends Error {
  readonly status: number;
  readonly code: RefusalCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: RefusalCode,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}
