// A server that sends back what it was sent must not bring secret or token into an error of a live prompt.
import { inspect } from "node:util";
import { expect, it } from "vitest";
import { createLogin } from "../../../src/client/api/login.ts";
import { TokenSource } from "../../../src/client/api/token-source.ts";
import { createFetchTransport } from "../../../src/client/http/fetch-transport.ts";
import { pollVersion, senderOf } from "../../../src/runtime/live/poll-version.ts";
import type { Settings } from "../../../src/runtime/live/settings.ts";
import { failure } from "../../client/client-setup.ts";

const SECRET = "hush-hush-secret-of-the-application";
const TOKEN = "eyJ-token-of-the-application";

const settings = {
  baseUrl: "https://api.example",
  authApiUrl: "https://auth.example",
  apiVersion: "v1",
  environment: "production",
  timeoutMs: 5000,
  maxBodyBytes: 1000,
  credentials: { orgId: "org", apiKey: "key-of-the-application", apiSecret: SECRET },
} as unknown as Settings;

const transport = (status: number, body: string, requestId: string) =>
  createFetchTransport(async () => new Response(body, { status, headers: { "x-request-id": requestId } }));

const tokens = new TokenSource(
  async () => ({ token: TOKEN, lifetimeMs: 300_000, askedAtMs: performance.now() }),
  () => performance.now(),
  0,
);
const ask = (status: number, body: string) =>
  failure(
    pollVersion(
      { name: "greeting", pin: { kind: "label", label: "production" } },
      settings,
      () => transport(status, body, `${TOKEN} again`),
      tokens,
      undefined,
    ),
  );

it.each([
  [403, ""],
  [200, TOKEN],
  [200, `{"content": ${TOKEN}`],
  [200, JSON.stringify({ id: TOKEN, content: { TOKEN } })],
])("a prompt response with %i %s", async (status, body) => {
  expect(inspect(await ask(status, body), { depth: 9, showHidden: true })).not.toContain(TOKEN.slice(0, 12));
});

const logIn = (...sent: Parameters<typeof transport>) =>
  createLogin(senderOf(settings, transport(...sent)), settings, settings.credentials, "org")();

it.each([
  [401, ""],
  [500, SECRET],
  [200, SECRET],
  [200, `{"access_token": ${SECRET}`],
  [200, JSON.stringify({ access_token: `${SECRET}\n` })],
])("a login response with %i %s", async (status, body) => {
  const error = await failure(logIn(status, body, `a${SECRET}b`));
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(SECRET.slice(0, 12));
});

it.each([
  ["", { access_token: undefined }],
  ["no text", { access_token: 1 }],
  ["a list", { access_token: ["a"] }],
])("a login without a token, with %s instead, is an error", async (_, body) => {
  const error = await failure(logIn(200, JSON.stringify(body), "1"));
  expect(error).toMatchObject({ code: "login_failed", message: expect.stringContaining("no access_token") });
});
