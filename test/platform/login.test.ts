import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ask, logIn, serve } from "./platform-helpers.ts";

const PROMPT = { "hello/1.md": "Hello {{name}}" };
const HELLO = "/api/v1/prompts/hello/production";

describe("login", () => {
  test("accepts `local` three times by default, and returns a token for 300 seconds", async () => {
    const { url } = await serve(PROMPT);
    const { status, json, headers } = await logIn(url);
    expect(status).toBe(200);
    expect(json).toEqual({ access_token: expect.any(String), expires_in: 300, token_type: "Bearer" });
    expect(headers["cache-control"]).toBe("no-store");
  });

  test("only accepts the credentials it was started with", async () => {
    const credentials = { orgId: "acme", apiKey: "key-1", apiSecret: "s3cret" };
    const { url, env } = await serve(PROMPT, { credentials });
    expect((await logIn(url)).status).toBe(401);
    const fields = { account_id: "acme", client_id: "key-1", client_secret: "s3cret" };
    expect((await logIn(url, fields)).status).toBe(200);
    expect(env).toEqual({
      SCOPE_ORG_ID: "acme",
      SCOPE_API_KEY: "key-1",
      SCOPE_API_SECRET: "s3cret",
      SCOPE_API_URL: url,
      SCOPE_AUTH_API_URL: url,
    });
  });
});

const LOCAL = { account_id: "local", client_id: "local", client_secret: "local" };
const DOCUMENTED = { account_id: "local", key_id: "local", key_secret: "local" };

// biome-ignore format: one row a line
test.each<[what: string, route: string, body: string | object, status: number, error: object]>([
  ...[{ account_id: "other" }, { client_id: "other" }, { client_secret: "other" }, { client_secret: "" }].map(
    // It doesn't say which part is wrong.
    (wrong): [string, string, object, number, object] => [JSON.stringify(wrong), "applications/login", { ...LOCAL, ...wrong }, 401, { code: "invalid_credentials", message: "Organisation, key or secret is wrong." }],
  ),
  ["a body that isn't JSON", "applications/login", "account_id=local&client_secret=s3cret-in-body", 400, { code: "invalid_request" }],
  ["one that isn't an object", "applications/login", "null", 400, { code: "invalid_request" }],
  ["one without a field", "applications/login", { account_id: "local", client_id: "local" }, 400, { code: "invalid_request" }],
  ["one with a number as the secret", "applications/login", { ...LOCAL, client_secret: 7 }, 400, { code: "invalid_request" }],
  ["an empty one", "applications/login", "", 400, { code: "invalid_request" }],
  ["a huge one", "applications/login", { account_id: "x".repeat(100_000) }, 413, { code: "body_too_large" }],
  ["a wrong secret of the documented login", "sdk-token", { ...DOCUMENTED, key_secret: "other" }, 401, { code: "invalid_credentials" }],
  ["the SDKs' names in the documented login", "sdk-token", LOCAL, 400, { code: "invalid_request" }],
])("a login is refused with %s", async (_, route, given, status, error) => {
  const { url } = await serve(PROMPT);
  const body = typeof given === "string" ? given : JSON.stringify(given);
  const answer = await ask(url, `/v1/auth/${route}`, { method: "POST", body });
  expect(answer).toMatchObject({ status, json: { ...error, error } });
  if ("message" in error) expect(answer.json.error).toEqual(error);
  expect(answer.text).not.toContain("s3cret-in-body");
});

describe("the documented login", () => {
  const post = (url: string, route: string, fields: object) =>
    ask(url, `/v1/auth/${route}`, { method: "POST", body: JSON.stringify(fields) });

  test("returns a token for the address with /api/v1, as in the documentation's example", async () => {
    const { url } = await serve(PROMPT);
    const { status, json } = await post(url, "sdk-token", DOCUMENTED);
    expect(status).toBe(200);
    expect(json).toEqual({ access_token: expect.any(String), expires_in: 300, token_type: "Bearer" });
    const apiUrl = `${url}/api/v1`;
    const headers = { authorization: `Bearer ${json.access_token}` };
    const response = await fetch(`${apiUrl}/prompts/hello/production`, { headers });
    expect(await response.json()).toMatchObject({ name: "hello", version: 1, content: "Hello {{name}}" });
  });
});

describe("token", () => {
  test.each([
    ["none", {}, "token_missing"],
    ["another scheme", { authorization: "Basic bG9jYWw6bG9jYWw=" }, "token_missing"],
    ["nonsense", { authorization: "Bearer nonsense" }, "token_invalid"],
  ])("401 for %s", async (_, headers, code) => {
    const { url } = await serve(PROMPT);
    const { status, json } = await ask(url, HELLO, { headers: headers as Record<string, string> });
    expect(status).toBe(401);
    expect(json.error.code).toBe(code);
  });

  test("a token of another run is refused", async () => {
    const [first, second] = [await serve(PROMPT), await serve(PROMPT)];
    const { access_token } = (await logIn(second.url)).json;
    const answer = await ask(first.url, HELLO, { headers: { authorization: `Bearer ${access_token}` } });
    expect(answer.status).toBe(401);
    expect(answer.json.error.code).toBe("token_invalid");
  });

  test("is valid for 300 seconds", async () => {
    onTestFinished(() => void vi.useRealTimers());
    vi.useFakeTimers({ toFake: ["Date"] });
    const { get } = await serve(PROMPT);
    expect((await get("hello/production")).status).toBe(200);
    vi.setSystemTime(Date.now() + 300_000);
    const { status, json } = await get("hello/production");
    expect(status).toBe(401);
    expect(json.error).toEqual({ code: "token_expired", message: expect.any(String) });
  });
});
