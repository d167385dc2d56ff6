import { expect, it } from "vitest";
import { isOutage } from "../../../src/client/api/is-outage.ts";
import {
  AuthenticationError,
  AuthorizationError,
  ConnectionError,
  InvalidCredentialsError,
  NotFoundError,
  RateLimitError,
  ServerError,
  TimeoutError,
  TokenRefreshError,
  ValidationError,
} from "../../../src/errors/classes.ts";

const OPTIONS = { code: "server_error", httpStatus: 0 } as const;

it.each([
  new ConnectionError("", OPTIONS),
  new TimeoutError("", OPTIONS),
  new ServerError("", OPTIONS),
  new RateLimitError("", OPTIONS),
  new TokenRefreshError("", OPTIONS),
])("$name is one", (error) => {
  expect(isOutage(error)).toBe(true);
});

it.each([
  new AuthenticationError("", OPTIONS),
  new InvalidCredentialsError("", OPTIONS),
  new AuthorizationError("", OPTIONS),
  new NotFoundError("", OPTIONS),
  new ValidationError("", OPTIONS),
])("$name isn't one", (error) => {
  expect(isOutage(error)).toBe(false);
});
