// Credentials that rotate, and a server that sends back what it was sent, in a live prompt.
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { configureLive } from "../../../src/runtime/configure-live.ts";
import type { LiveConfiguration } from "../../../src/runtime/live-registry.ts";
import { credentials, refresh, serve, useSimulatedTime } from "./live-server.ts";

useSimulatedTime();

/** A platform that takes the tokens that it likes. */
class Server {
  readonly logins: Record<string, string>[] = [];
  readonly tokens: string[] = [];
  readonly conditions: (string | null)[] = [];
  takes: (token: string) => boolean = () => true;

  readonly fetch = (async (_: string, { body, headers }: RequestInit) => {
    if (body) {
      this.logins.push(JSON.parse(body as string));
      return Response.json({ access_token: `token-${this.logins.length}`, expires_in: 0 });
    }
    const sent = new Headers(headers);
    const token = sent.get("authorization")?.slice("Bearer ".length) ?? "";
    this.tokens.push(token);
    this.conditions.push(sent.get("if-none-match"));
    if (!this.takes(token)) return new Response("{}", { status: 401 });
    const { content, metadata } = { content: "Hi {{name}}!", metadata: { model: "large" } };
    const version = { id: "v2", prompt_id: "prompt_1", version_number: 2, status: "published" };
    return Response.json({ ...version, content, metadata }, { headers: { etag: '"2"' } });
  }) as typeof fetch;
}

function start(options: LiveConfiguration = {}) {
  const server = new Server();
  const onError = vi.fn();
  const { prompt } = serve({ fetch: server.fetch, onError, ...options });
  return { server, prompt, onError, problem: () => onError.mock.calls.at(-1)?.[0] };
}

describe("a function", () => {
  it("is called for each login, and not for each poll", async () => {
    let calls = 0;
    const give = async () => ({ orgId: "org", clientId: "key", clientSecret: `secret-${++calls}` });
    const { server, prompt } = start({ credentials: give });
    await refresh();
    configureLive({ credentials: give, waitUntil: () => {} });
    await refresh();
    expect([calls, prompt.content]).toEqual([1, "Hi {{name}}!"]);
    server.takes = (token) => token === "token-2";
    await refresh();
    expect(server.logins.map((sent) => sent.client_secret)).toEqual(["secret-1", "secret-2"]);
    expect(server.tokens).toEqual(["token-1", "token-1", "token-1", "token-2"]);
  });

  it("that is replaced logs in again", async () => {
    const { server } = start({ credentials: () => credentials });
    await refresh();
    configureLive({ credentials: () => credentials });
    await refresh();
    expect(server.logins).toHaveLength(2);
  });

  it("that fails, or returns too little, is one problem without a value", async () => {
    const { problem, prompt } = start({
      credentials: () => Promise.reject(new Error("the vault is closed")),
    });
    await refresh();
    expect(problem()).toMatchObject({ code: "login_failed", cause: { message: "the vault is closed" } });
    configureLive({ credentials: () => ({ apiKey: "hush", orgId: "org" }) });
    await refresh();
    expect(problem()).toMatchObject({ code: "credentials_missing" });
    expect(problem().message).toContain("apiSecret missing");
    expect(inspect(problem())).not.toContain("hush");
    expect(prompt.content).toBe("Hello {{name}}");
  });
});

describe("getToken()", () => {
  it("replaces the login, and is called again after a 401", async () => {
    let calls = 0;
    const provider = { orgId: "org", getToken: async () => ({ token: `own-${++calls}`, expiresIn: 3600 }) };
    const { server, prompt } = start({ credentials: provider });
    await refresh();
    await refresh();
    expect([calls, prompt.content]).toEqual([1, "Hi {{name}}!"]);
    server.takes = (token) => token === "own-2";
    await refresh();
    expect(server.tokens).toEqual(["own-1", "own-1", "own-1", "own-2"]);
    expect(server.logins).toEqual([]);
    expect(server.conditions).toEqual([null, '"2"', '"2"', '"2"']);
  });

  it("for an unknown organisation sends no condition, since it could be another one's", async () => {
    vi.stubEnv("SCOPE_ORG_ID", "");
    const { server } = start({ credentials: { getToken: () => "own" } });
    await refresh();
    configureLive({ credentials: { getToken: () => "other" } });
    await refresh();
    expect(server.conditions).toEqual([null, null]);
    expect(server.tokens).toEqual(["own", "other"]);
  });

  it("can contain anything: nothing reads its object's other properties", async () => {
    const provider: Record<string, unknown> & { getToken(): string } = { getToken: () => "own" };
    provider.self = provider;
    const { prompt } = start({ credentials: provider });
    await refresh();
    expect(prompt.content).toBe("Hi {{name}}!");
  });

  it("that returns none is a problem", async () => {
    const { problem } = start({ credentials: { getToken: () => 5 as never } });
    await refresh();
    expect(problem()).toMatchObject({ code: "config_invalid" });
  });
});

const SECRET = credentials.apiSecret;
const TOKEN = "eyJ-token-of-the-application";
it.each<[what: string, echoed: string, status: number, body: string]>([
  ["a refused login", SECRET, 401, ""],
  ["a failed login", SECRET, 500, SECRET],
  ["a login that isn't JSON", SECRET, 200, `{"access_token": ${SECRET}`],
  ["a login without a token", SECRET, 200, JSON.stringify({ access_token: `${SECRET}\n` })],
  ["a refused version", TOKEN, 403, ""],
  ["a version that isn't JSON", TOKEN, 200, `{"content": ${TOKEN}`],
  ["a version of another form", TOKEN, 200, JSON.stringify({ id: TOKEN, content: { TOKEN } })],
])("%s that echoes what was sent doesn't show it", async (_, echoed, status, body) => {
  const onError = vi.fn();
  const fetch = async (__: string, sent: RequestInit) =>
    sent.body && echoed === TOKEN
      ? Response.json({ access_token: TOKEN })
      : new Response(body, { status, headers: { "x-request-id": `a${echoed} b` } });
  serve({ fetch: fetch as typeof globalThis.fetch, onError });
  await refresh();
  expect(onError).toHaveBeenCalledTimes(1);
  const shown = inspect(onError.mock.calls, { depth: 9, showHidden: true });
  expect(shown).not.toContain(echoed.slice(0, 8));
});
