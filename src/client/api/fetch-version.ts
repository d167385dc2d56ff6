import {
  ApiError,
  type ApiErrorOptions,
  AuthenticationError,
  AuthorizationError,
  ConflictError,
  NoProductionVersionError,
  NotFoundError,
  RateLimitError,
  ServerError,
} from "../../errors/classes.ts";
import type { ErrorCode } from "../../errors/codes.ts";
import { type PromptRef, type PromptVersionData, pinText } from "../../prompt.ts";
import type { Cancel, Limits } from "../http/cancel.ts";
import { type PlatformResponse, type Sender, send } from "../http/send.ts";
import { parseRetryAfter } from "../http/with-retries.ts";
import { type DecodeOptions, decodeVersion } from "./decode-version.ts";
import { readJsonBody, readProblem } from "./read-body.ts";
import type { TokenSource } from "./token-source.ts";

/** The platform, as one application reaches it. */
export interface Api extends Sender, Pick<DecodeOptions, "mostParts"> {
  readonly baseUrl: string;
  readonly apiVersion: string;
  readonly environment: string;
  readonly tokens: TokenSource;
  /** Waits for a login, which callers share, within one caller's limits. Default: until it ends. */
  readonly waitWithin?: ((login: Promise<string>, limits: Limits) => Promise<string>) | undefined;
}

export interface Fetched {
  readonly data: PromptVersionData;
  readonly etag: string | undefined;
}

/**
 * One version, with all attempts within the deadline; undefined: the known one, whose `etag` was given, is still
 * current. A refused token is renewed once.
 *
 * @throws every error of the client but those of its options; the signal's reason
 */
export async function fetchVersion(
  api: Api,
  ref: PromptRef,
  etag: string | undefined,
  cancel?: Cancel,
): Promise<Fetched | undefined> {
  const limits = { cancel, deadlineAt: api.clock() + api.deadline * 1000 };
  const response = await requestVersion(api, ref, etag, limits);
  if (response.status === 200) {
    const body = readJsonBody(response, api.baseUrl, ref.name);
    const data = decodeVersion(body, ref, { mostParts: api.mostParts, isSecret: response.holdsSecret });
    // Only a valid entity tag is sent back: a header that can't be sent would break each later request.
    const [usable] = /^(?:W\/)?"[\x21\x23-\x7e]*"$/.exec(response.header("etag") ?? "") ?? [];
    return { data, etag: usable };
  }
  if (response.status === 304 && etag !== undefined) return undefined;
  const error = responseError(response, ref);
  throw error instanceof NotFoundError && ref.pin.kind === "label" && ref.pin.label === "production"
    ? await explainNotFound(api, ref, error, limits)
    : error;
}

async function requestVersion(
  api: Api,
  ref: PromptRef,
  etag: string | undefined,
  limits: Limits,
): Promise<PlatformResponse> {
  const { tokens, waitWithin, baseUrl: base, apiVersion } = api;
  // Encoded whole, `a/b` or `../../admin` stays one segment. The caller has refused empty names, `.` and `..`.
  const pin = (ref.pin.kind === "version" ? "versions/" : "") + encodeURIComponent(pinText(ref.pin));
  const path = `/api/${apiVersion}/prompts/${encodeURIComponent(ref.name)}/${pin}`;
  for (let isRetry = false; ; isRetry = true) {
    let token = "";
    const attempt = async () => {
      const held = tokens.get();
      token = typeof held === "string" ? held : await (waitWithin?.(held, limits) ?? held);
      const headers: Record<string, string> = {
        authorization: `Bearer ${token}`,
        "x-scope-environment": api.environment,
      };
      if (etag !== undefined) headers["if-none-match"] = etag;
      return send(api, { method: "GET", base, path, headers, secrets: [token, ...tokens.secrets] }, limits);
    };
    const response = await (api.retry?.(limits, attempt) ?? attempt());
    if (response.status !== 401 || isRetry) return response;
    tokens.drop(token);
  }
}

/** No such prompt, or nothing labelled production? The error code says which; otherwise a request for `latest` does. */
async function explainNotFound(
  api: Api,
  ref: PromptRef,
  error: NotFoundError,
  limits: Limits,
): Promise<Error> {
  const { errorCode = "" } = error;
  if (!/production/i.test(errorCode)) {
    if (/prompt.?not.?found/i.test(errorCode)) return error;
    const pin = { kind: "label", label: "latest" } as const;
    const response = await requestVersion(api, { ...ref, pin }, undefined, limits);
    if (response.status === 404) return error;
    if (response.status !== 200) return responseError(response, ref);
  }
  return new NoProductionVersionError(`Prompt "${ref.name}" has no production version.`, {
    code: "no_production_version",
    promptId: ref.name,
    where: { prompt: ref.name },
    hint: 'Label a version production on the platform, or ask for label "latest".',
    cause: error,
  });
}

type ErrorClass = new (message: string, options: ApiErrorOptions) => ApiError;

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

function responseError(response: PlatformResponse, { name, pin }: PromptRef): ApiError {
  const { status } = response;
  const { code: errorCode, said, isForeign } = readProblem(response);
  const [Class, code, hint] = meaningOf(status, isForeign);
  const retryAfterMs = parseRetryAfter(response.header("retry-after"), response.header("date"), Date.now());
  return new Class(`The platform responded with ${status} for prompt "${name}" (${pinText(pin)})${said}`, {
    code,
    httpStatus: status,
    errorCode,
    requestId: response.requestId(),
    hint,
    where: { prompt: name },
    ...(retryAfterMs !== undefined && { retryAfter: retryAfterMs / 1000 }),
  });
}
