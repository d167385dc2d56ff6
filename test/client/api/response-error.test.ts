import { expect, it } from "vitest";
import { responseError } from "../../../src/client/api/response-error.ts";
import type { PromptRef } from "../../../src/prompt.ts";
import { platformResponse } from "../fake-transport.ts";

const REF: PromptRef = { name: "greeting", pin: { kind: "version", versionId: "version_1" } };

it.each<[status: number, name: string, code: string, hint?: string]>([
  [503, "ServerError", "server_error"],
  [500, "ServerError", "server_error"],
  [499, "ApiError", "request_refused"],
  [429, "RateLimitError", "rate_limited"],
  [409, "ConflictError", "request_conflict"],
  [404, "NotFoundError", "prompt_not_found"],
  [
    403,
    "AuthorizationError",
    "access_denied",
    "The application of these credentials can't read this prompt. Give it access on the platform.",
  ],
  [
    401,
    "AuthenticationError",
    "authentication_failed",
    "Check that the platform and the login belong to the same environment.",
  ],
  [400, "ApiError", "request_refused"],
  [399, "ApiError", "redirect_refused", "Redirects aren't followed: set baseUrl to the final address."],
  [300, "ApiError", "redirect_refused", "Redirects aren't followed: set baseUrl to the final address."],
  [299, "ApiError", "response_invalid"],
])("%i is a %s", (status, name, code, hint) => {
  const response = platformResponse({ status, body: { error: { code: "of_server", message: "No." } } });
  const error = responseError(response, REF);
  expect(error.name).toBe(name);
  expect({ ...error }).toEqual({
    code,
    httpStatus: status,
    errorCode: "of_server",
    requestId: "request-sent",
    hint,
    where: { prompt: "greeting" },
  });
  expect(error.message).toBe(`The platform responded with ${status} for prompt "greeting" (version_1): No.`);
});

it("says after how many seconds to retry", () => {
  const headers = { "retry-after": "5" };
  expect(responseError(platformResponse({ status: 429, headers }), REF)).toMatchObject({ retryAfter: 5 });
});

it("counts a time to retry from the time of the response", () => {
  const headers = {
    "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT",
    date: "Sun, 06 Nov 1994 08:49:30 GMT",
  };
  expect(responseError(platformResponse({ status: 429, headers }), REF)).toMatchObject({ retryAfter: 7 });
});
