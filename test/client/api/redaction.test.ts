// A server that sends back what it was sent must not bring secret or token into an error, whole or in pieces.
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { formatError } from "../../../src/errors/format-error.ts";
import { failure, setup } from "../client-setup.ts";
import { type Behaviour, json, version } from "../faulty-platform.ts";

/** No piece of it occurs in anything else. */
const random = (length: number) =>
  Array.from(
    { length },
    (_, i) => "abcdefghijkmnpqrstuvwxyz23456789"[(i * i * 7 + i * 13 + length) % 32],
  ).join("");
const TOKEN = `tok+${random(380)}/AB+C/${random(11)}`;
const SECRET = `sec"\\/${random(393)}`;
const KEY = `key+${random(200)}`;
const PIECE = 12;

function expectNothingOf(error: Error, secrets: readonly string[]): void {
  const shown = [
    inspect(error, { depth: 20, showHidden: true, maxStringLength: null }),
    formatError(error),
  ].join();
  for (const secret of secrets) {
    for (let at = 0; at + PIECE <= secret.length; at++) {
      const piece = secret.slice(at, at + PIECE);
      for (const form of [piece, JSON.stringify(piece).slice(1, -1), encodeURIComponent(piece)]) {
        expect(shown.includes(form), `${form} in ${shown.slice(0, 2000)}`).toBe(false);
      }
    }
  }
}

/** Bodies that hold a text where clients read, in several forms, at several distances from the cut. */
const bodies = (secret: string): [string, unknown][] => [
  ["alone", { error: { code: secret, message: secret } }],
  ["behind 20 characters", { error: { message: `${"x".repeat(20)}${secret}` } }],
  ["over the cut", { message: `${"x ".repeat(140)}${secret} and more`, error: secret }],
  ["at the cut", { message: `${"x".repeat(295)}${secret}` }],
  ["as JSON", { message: `You sent ${JSON.stringify({ secret })}` }],
  ["as form data", { message: `You sent secret=${encodeURIComponent(secret)}` }],
];

describe("a login that echoes the secret", () => {
  it.each(
    [400, 401, 503].flatMap((status) =>
      bodies(SECRET).map(([where, body]) => [status, where, body] as const),
    ),
  )("%i: %s", async (status, _, body) => {
    const { platform, client } = await setup({
      credentials: { orgId: "org", apiKey: KEY, apiSecret: SECRET },
      maxRetries: 0,
    });
    platform.login = (response) =>
      json(response, status, body, { "x-request-id": `${SECRET} ${KEY}`, "retry-after": "0" });
    expectNothingOf(await failure(client.getPromptVersion("greeting")), [SECRET, KEY]);
  });

  it("in a response that isn't a login", async () => {
    for (const body of [
      SECRET,
      JSON.stringify({ access_token: `${SECRET}\n` }),
      `{"a": "${SECRET}`,
      SECRET.slice(0, 30),
    ]) {
      const { platform, client } = await setup({
        credentials: { orgId: "org", apiKey: KEY, apiSecret: body.length === 30 ? body : SECRET },
      });
      platform.login = (response) => {
        response.writeHead(200, { "content-type": `text/${KEY}` });
        response.end(body);
      };
      expectNothingOf(await failure(client.getPromptVersion("greeting")), [SECRET, KEY]);
    }
  });
});

it.each([401, 500])("a prompt response of %i that echoes what the login was sent", async (status) => {
  for (const credentials of [undefined, async () => ({ orgId: "org", apiKey: KEY, apiSecret: SECRET })])
    for (const [, body] of bodies(SECRET)) {
      const { platform, client } = await setup({
        credentials: credentials ?? { orgId: "org", apiKey: KEY, apiSecret: SECRET },
        maxRetries: 0,
      });
      platform.prompt = (response) => json(response, status, body, { "x-request-id": `${SECRET} ${KEY}` });
      expectNothingOf(await failure(client.getPromptVersion("greeting")), [SECRET, KEY]);
    }
});

describe("a prompt response that echoes the token", () => {
  const login: Behaviour = (response) => json(response, 200, { access_token: TOKEN });

  it.each(
    [400, 401, 403, 404, 500].flatMap((status) =>
      bodies(TOKEN).map(([where, body]) => [status, where, body] as const),
    ),
  )("%i: %s", async (status, _, body) => {
    const { platform, client } = await setup({ maxRetries: 0 });
    platform.login = login;
    platform.prompt = (response) => json(response, status, body, { "x-request-id": TOKEN });
    const error = await failure(client.getPromptVersion("greeting"));
    expectNothingOf(error, [TOKEN]);
    expect(error).toMatchObject({ requestId: "[REDACTED]" });
  });

  // As the encoders of PHP and .NET write it, and within a JSON text.
  const escaped: [string, string][] = [
    ["\\/", TOKEN.replaceAll("/", "\\/")],
    ["\\u002B", TOKEN.replaceAll("+", "\\u002B")],
    ["both, twice", JSON.stringify(TOKEN.replaceAll("/", "\\/").replaceAll("+", "\\u002b")).slice(1, -1)],
  ];
  it.each(escaped)("escaped as %s", async (_, token) => {
    const { platform, client } = await setup({ maxRetries: 0 });
    platform.login = login;
    const { status: __, ...rest } = version();
    const begin = JSON.stringify(rest).slice(0, -1);
    for (const [status, body] of [
      [200, `${begin},"status":"echo ${token}"}`],
      [200, `${begin},"status":"draft","prompt_type":"chat","content":"[{\\"role\\":\\"${token}\\"}]"}`],
      [403, `{"error":{"code":"x","message":"echo ${token}"}}`],
    ] as const) {
      platform.prompt = (response) => response.writeHead(status).end(body);
      const error = await failure(client.getPromptVersion("greeting"));
      expectNothingOf(error, [TOKEN, token]);
      expect(error.code).toMatch(status === 200 ? /^response_(?:invalid|form_unknown)$/ : /^access_denied$/);
    }
  });

  it.each<[string, unknown]>([
    ["not JSON", `Bearer ${TOKEN}`],
    ["broken JSON", `{"authorization": "Bearer ${TOKEN}`],
    ["a field of another kind", version({ content: { authorization: TOKEN } })],
    ["a chat's text that's other JSON", version({ prompt_type: "chat", content: `["Bearer ${TOKEN}"]` })],
    ["a key", version({ prompt_type: "chat", content: [{ [TOKEN]: 1 }] })],
    ["a status", version({ status: TOKEN })],
  ])("200: %s", async (_, body) => {
    const { platform, client } = await setup();
    platform.login = login;
    platform.prompt = (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    };
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error.code).toMatch(/^response_(?:invalid|form_unknown)$/);
    expectNothingOf(error, [TOKEN]);
  });
});
