import { describe, expect, it } from "vitest";
import { createLogin } from "../../../src/client/api/login.ts";
import { Cancel } from "../../../src/client/http/cancel.ts";
import type { Sender } from "../../../src/client/http/send.ts";
import { TransportError } from "../../../src/client/http/transport.ts";
import { CREDENTIALS, failure } from "../client-setup.ts";
import { fakeTransport, type Reply, senderOf } from "../fake-transport.ts";

const TOKEN = { access_token: "token", expires_in: 60 };

/** One login of a client of its own. */
const login = (sender: Sender, authApiUrl: string, cancel?: Cancel) =>
  createLogin(
    sender,
    { baseUrl: "https://api.example", authApiUrl },
    CREDENTIALS,
    CREDENTIALS.orgId,
    cancel,
  )();

function logIn(reply: Reply | Error, cancel?: Cancel) {
  return login(senderOf(fakeTransport(reply)), "https://auth.example/base", cancel);
}

it("sends organisation, key and secret as JSON", async () => {
  const transport = fakeTransport({ body: TOKEN });
  await login(senderOf(transport), "https://auth.example/base");
  expect(transport.requests).toHaveLength(1);
  expect(transport.requests[0]).toMatchObject({
    method: "POST",
    origin: "https://auth.example",
    path: "/base/v1/auth/applications/login",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: '{"account_id":"org_1","client_id":"key-hush","client_secret":"secret-hush"}',
    timeoutMs: 1000,
  });
});

it.each<[expiresIn: unknown, lifetimeMs: number]>([
  [60, 60_000],
  [0, 0],
  [undefined, 300_000],
  ["60", 300_000],
])("a token that expires in %j seconds", async (expiresIn, lifetimeMs) => {
  const body = { access_token: "~a!", expires_in: expiresIn };
  expect(await logIn({ body })).toEqual({ token: "~a!", lifetimeMs, askedAtMs: 0 });
});

it("says when the successful attempt was sent, and tries until the deadline", async () => {
  let now = 100;
  const cancel = new Cancel();
  const transport = fakeTransport({ status: 500 }, { body: TOKEN });
  const sender: Sender = senderOf(transport, {
    clock: () => now,
    async retry(limits, attempt) {
      expect(limits).toEqual({ cancel, deadlineAt: 3100 });
      await attempt();
      now = 2900;
      const second = attempt();
      now = 3000;
      return second;
    },
  });
  const got = await login(sender, "https://auth.example", cancel);
  expect(got).toEqual({ token: "token", lifetimeMs: 60_000, askedAtMs: 2900 });
  expect(transport.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([1000, 200]);
});

describe("a login that fails", () => {
  const credentialsHint =
    "Check SCOPE_ORG_ID, SCOPE_API_KEY and SCOPE_API_SECRET: together they identify one application.";
  const redirectHint = "Redirects aren't followed: set authApiUrl to the final address.";
  it.each<[status: number, name: string, code: string, how: string, hint?: string]>([
    [401, "InvalidCredentialsError", "credentials_invalid", "was refused", credentialsHint],
    [403, "InvalidCredentialsError", "credentials_invalid", "was refused", credentialsHint],
    [302, "TokenRefreshError", "login_failed", "failed", redirectHint],
    [399, "TokenRefreshError", "login_failed", "failed", redirectHint],
    [400, "TokenRefreshError", "login_failed", "failed"],
    [500, "TokenRefreshError", "login_failed", "failed"],
  ])("%i: %s", async (status, name, code, how, hint) => {
    const body = { error: { code: "of_server", message: "Not key-hush, not secret-hush." } };
    const error = await failure(logIn({ status, body, headers: { "x-request-id": "request-1" } }));
    expect(error.name).toBe(name);
    expect({ ...error }).toEqual({
      code,
      httpStatus: status,
      errorCode: "of_server",
      requestId: "request-1",
      hint,
    });
    expect(error.message).toMatch(`The login at https://auth.example ${how} with ${status}: Not `);
    expect(error.message).not.toContain("hush");
  });

  it.each<[name: string, token: unknown]>([
    ["none", undefined],
    ["empty", ""],
    ["not a string", 7],
    ["with a space before it", " token"],
    ["with a line ending after it", "token\r\n"],
    ["with a character that no header can hold", "tökén"],
  ])("a token is %s", async (_, token) => {
    const error = await failure(logIn({ body: { access_token: token } }));
    expect(error).toMatchObject({
      name: "TokenRefreshError",
      code: "login_failed",
      httpStatus: 200,
      message: "The login failed. The login at https://auth.example returned no access_token.",
      cause: { name: "ValidationError", code: "response_invalid", field: "access_token" },
    });
  });

  it("a null body", async () => {
    expect(await failure(logIn({ body: "null" }))).toMatchObject({ code: "login_failed", httpStatus: 200 });
  });

  it("a page instead of JSON, with the hint", async () => {
    const error = await failure(logIn({ body: "<html>" }));
    expect(error).toMatchObject({
      name: "TokenRefreshError",
      httpStatus: 200,
      message: "The login failed. The response from https://auth.example isn't JSON: it's something else.",
      hint: expect.stringContaining("Check that baseUrl and authApiUrl"),
    });
  });

  it("no response", async () => {
    const error = await failure(logIn(new TransportError("timeout")));
    expect(error).toMatchObject({
      name: "TokenRefreshError",
      code: "login_failed",
      httpStatus: 0,
      message: "The login failed. No complete response from https://auth.example within 1 s (timeout).",
      cause: { name: "TimeoutError" },
    });
  });

  it("passes on the reason of one that was aborted", async () => {
    const cancel = new Cancel();
    cancel.abort("enough");
    expect(await failure(logIn({ body: TOKEN }, cancel))).toBe("enough");
  });
});
