import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resolveConnection } from "../../src/client/connection/connection.ts";
import type { CacheStore } from "../../src/client/connection/types.ts";
import { Cancel } from "../../src/client/http/cancel.ts";
import { type Transport, TransportError, type TransportRequest } from "../../src/client/http/transport.ts";
import {
  type ClientParts,
  Configuration,
  ScopeClient,
  type ScopeClientOptions,
} from "../../src/client/index.ts";
import { Requester } from "../../src/client/requester.ts";
import { CREDENTIALS, closing, failure, setup, stringForms } from "./client-setup.ts";
import { answers, version } from "./faulty-platform.ts";

const BASE_URL = "https://scope.example";
const TOKEN: Reply = { body: { access_token: "token" } };
const numbered = (version_number: number): Reply => ({ body: version({ version_number }) });

/** A response in short: 200 and `{}` unless it says otherwise. */
interface Reply {
  readonly status?: number;
  readonly body?: unknown;
}

/** Responds without a network: each reply in turn, the last one for good; an error is thrown. */
function fakeTransport(...replies: readonly (Reply | Error)[]) {
  const requests: TransportRequest[] = [];
  return {
    requests,
    closed: 0,
    async request(request) {
      const reply = replies[Math.min(requests.push(request), replies.length) - 1] ?? {};
      if (reply instanceof Error) throw reply;
      const { status = 200, body = {} } = reply;
      return { status, header: () => undefined, body: new TextEncoder().encode(JSON.stringify(body)) };
    },
    async close() {
      this.closed++;
    },
  } satisfies Transport & { requests: TransportRequest[]; closed: number };
}

/** A client without a network: one login, then each reply in turn. */
function offline(replies: Reply[], options: ScopeClientOptions = {}, parts: ClientParts = {}) {
  const transport = fakeTransport(TOKEN, ...replies);
  const given = { credentials: CREDENTIALS, baseUrl: BASE_URL, ...options };
  const client = closing(new ScopeClient(given, { transport, ...parts }));
  const paths = () => transport.requests.slice(1).map(({ path }) => path.replace("/api/v1/prompts/", ""));
  return { client, transport, paths };
}

const coded = (code: unknown) => Object.assign(new Error("broken"), { code });

it("refuses another version than the one requested by its ID, and names both", async () => {
  const { platform, client } = await setup();
  platform.prompt = answers(200, version({ id: "version_9" }));
  const error = await failure(client.getPromptVersion("greeting", { version: "version_8" }));
  expect(error).toMatchObject({ code: "response_invalid", field: "id" });
  expect(error.message).toMatch(/"version_8".*"version_9"/);
});

it("logs in once and fetches production, latest and a version by ID", async () => {
  const { platform, client } = await setup({ environment: "staging" });
  const greeting = await client.getPromptVersion("greeting");
  await client.getPromptVersion("greeting", { label: "latest" });
  await client.getPromptVersion("greeting", { version: "version_9", label: "latest" });
  expect(platform.logins()).toHaveLength(1);
  expect(JSON.parse(platform.logins()[0]?.body ?? "")).toEqual({
    account_id: "org_1",
    client_id: "key-hush",
    client_secret: "secret-hush",
  });
  expect(platform.fetches().map(({ path }) => path)).toEqual([
    "/api/v1/prompts/greeting/production",
    "/api/v1/prompts/greeting/latest",
    "/api/v1/prompts/greeting/versions/version_9",
  ]);
  expect(platform.fetches()[0]?.headers).toMatchObject({
    accept: "application/json",
    authorization: expect.stringMatching(/^Bearer token-\d+$/),
    "user-agent": expect.stringMatching(/^unplugin-scope\/\d/),
    "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    "x-scope-environment": "staging",
  });
  expect(greeting.render({ name: "Ada" })).toBe("Hello Ada!");
  expect(JSON.parse(JSON.stringify(greeting))).toEqual({
    id: "version_1",
    promptId: "prompt_1",
    versionNumber: 1,
    name: "greeting",
    label: "production",
    content: "Hello {{name}}!",
    variables: ["name"],
    type: "text",
    status: "published",
    isProduction: true,
    metadata: { model: "small", temperature: 0.5 },
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-02T00:00:00Z",
  });
});

it("keeps key, secret and token out of every string form of the client", async () => {
  const { client } = await setup();
  await client.getPromptVersion("greeting");
  expect(stringForms(client)).not.toMatch(/hush|token-\d/);
});

it("a client is created with its options, or a configuration as it is", () => {
  const config = new Configuration({ credentials: CREDENTIALS, baseUrl: BASE_URL }, {});
  const client = closing(new ScopeClient(config, { transport: fakeTransport() }));
  expect(client.config).toBe(config);
  expect(client.toJSON()).toEqual({ config: config.toJSON() });
  expect(inspect(client)).toBe(`ScopeClient ${config}`);
});

describe("an attempt", () => {
  it.each([
    [3, 4, 3000, "3 s (timeout)"],
    [3, 3, 3000, "3 s (timeout)"],
    [3, 2.9, 2900, "2.9 s (deadline)"],
  ])("with a timeout of %d and a deadline of %d ends after %i ms", async (timeout, deadline, ms, said) => {
    const late = new TransportError("timeout");
    const transport = fakeTransport(TOKEN, late);
    const options = { timeout, deadline, maxRetries: 1, retryBaseDelay: 0, maxBodyBytes: 100 };
    const { client } = offline([], options, { transport, clock: () => 0 });
    const error = await failure(client.getPromptVersion("a"));
    expect(error.message).toBe(`No complete response from ${BASE_URL} within ${said}.`);
    expect(error).toMatchObject({ name: "TimeoutError", code: "request_timeout", cause: late });
    expect(transport.requests[1]).toMatchObject({ timeoutMs: ms, maxBodyBytes: 100 });
    expect(transport.requests).toHaveLength(3);
  });

  it("isn't sent after the deadline", async () => {
    let now = 0;
    const transport = fakeTransport(TOKEN);
    const clock = () => {
      if (transport.requests.length > 0) now = 5000;
      return now;
    };
    const { client } = offline([], { deadline: 5 }, { transport, clock });
    const error = await failure(client.getPromptVersion("a"));
    expect(error).toMatchObject({ name: "TimeoutError", cause: { kind: "timeout" } });
    expect(transport.requests).toHaveLength(1);
  });

  // biome-ignore format: one row a line
  it.each([
    ["too large", new TransportError("too-large"), "ValidationError", "response_too_large", "than 100 bytes."],
    ["broken", coded("ECONNRESET"), "ConnectionError", "connection_failed", `${BASE_URL} (ECONNRESET).`],
    ["broken within", new Error("", { cause: coded("E_IN") }), "ConnectionError", "connection_failed", "(E_IN)."],
    ["broken for no known reason", coded(7), "ConnectionError", "connection_failed", `from ${BASE_URL}.`],
    ["refused", coded("ENOTFOUND"), "ConnectionError", "connection_failed", `to ${BASE_URL} (ENOTFOUND).`],
  ])("that is %s says so", async (_, thrown, name, code, said) => {
    const options = { maxRetries: 0, maxBodyBytes: 100 };
    const { client } = offline([], options, { transport: fakeTransport(TOKEN, thrown) });
    const error = await failure(client.getPromptVersion("a"));
    expect(error).toMatchObject({ name, code, cause: thrown });
    expect(error.field).toBe(code === "response_too_large" ? "body" : undefined);
    expect(error.message.endsWith(said), error.message).toBe(true);
  });
});

it("a build's requester asks once, with a login of its own, and ends what runs when it's closed", async () => {
  const connection = resolveConnection({ credentials: CREDENTIALS, baseUrl: BASE_URL }, {});
  const ref = { name: "greeting", pin: { kind: "label", label: "latest" } } as const;
  const transport = fakeTransport(TOKEN, numbered(3));
  expect(await new Requester(connection, { transport }).fetchFirst(ref)).toMatchObject({ versionNumber: 3 });
  expect(transport.requests).toHaveLength(2);
  const hanging = { request: () => new Promise<never>(() => {}), close: async () => {} };
  const cancel = new Cancel();
  const requester = new Requester(connection, { transport: hanging });
  const cancelled = failure(requester.fetchFirst(ref, cancel));
  const closed = failure(requester.fetchFirst(ref));
  cancel.abort("enough");
  await requester.close();
  expect([await cancelled, await closed]).toEqual([
    "enough",
    expect.objectContaining({ code: "client_closed" }),
  ]);
  expect(() => new Requester(resolveConnection({}, {}))).toThrow("No credentials are set.");
});

it.each([
  [{ cacheTtl: 10, cacheMaxStale: 5 }, [15_000]],
  [{ cacheTtl: 0, cacheMaxStale: 0 }, [1000]],
  [{ cacheEnabled: false }, []],
])("the store of a client keeps what can be served, with %j for %j ms", async (options, keepMs) => {
  const map = new Map<string, unknown>();
  const store = Object.assign(map, { set: vi.fn(map.set.bind(map)), off: vi.fn() });
  const { client } = offline([numbered(1)], { ...options, cacheStore: store as unknown as CacheStore });
  await client.getPromptVersion("a");
  expect(store.set.mock.calls).toEqual(
    keepMs.map((ms) => [
      expect.stringContaining(":org_1:production:a:label:production"),
      expect.any(String),
      ms,
    ]),
  );
});

describe("a call", () => {
  it("for a name that looks like the key of another version gets its own", async () => {
    const { client, paths } = offline([numbered(1), numbered(2)]);
    await client.getPromptVersion("a", { label: "latest" });
    expect((await client.getPromptVersion("\0latest a")).versionNumber).toBe(2);
    expect(paths()).toEqual(["a/latest", "%00latest%20a/production"]);
  });

  it("with a signal that was already aborted fetches nothing", async () => {
    const { client, transport } = offline([numbered(1)]);
    const signal = AbortSignal.abort("enough");
    expect(await failure(client.getPromptVersion("a", { signal }))).toBe("enough");
    await client.getPromptVersion("a");
    expect(await failure(client.getPromptVersion("a", { signal }))).toBe("enough");
    expect(transport.requests).toHaveLength(2);
  });

  it("renders with the values and options it gets", async () => {
    const { client, paths } = offline([{ body: version({ content: "Hi", variables: [] }) }, numbered(1)]);
    expect(await client.renderPrompt("a")).toBe("Hi");
    expect(await client.renderPrompt("a", { name: "Ada" }, { label: "latest" })).toBe("Hello Ada!");
    expect(paths()).toEqual(["a/production", "a/latest"]);
  });
});

describe("clearing and closing", () => {
  it("a closed client refuses every call, and ends its transport once", async () => {
    const { client, transport } = offline([numbered(1)]);
    await client.getPromptVersion("a");
    expect(client.isClosed).toBe(false);
    const closed = client.close();
    expect(client.isClosed).toBe(true);
    expect(client.close()).toBe(closed);
    await closed;
    await client[Symbol.asyncDispose]();
    expect(transport.closed).toBe(1);
    const error = await failure(client.getPromptVersion("a"));
    expect([error.name, error.message]).toEqual(["ScopeError", "The client was closed."]);
    expect({ ...error }).toEqual({
      code: "client_closed",
      hint: "Make a new ScopeClient, or close this one later.",
    });
  });

  describe("during a call leaves no unhandled rejection", () => {
    const unheard = vi.fn();
    beforeEach(() => {
      unheard.mockClear();
      process.on("unhandledRejection", unheard);
    });
    afterEach(async () => {
      await new Promise(setImmediate);
      process.off("unhandledRejection", unheard);
      expect(unheard).not.toHaveBeenCalled();
    });

    it("closing", async () => {
      const { client } = offline([numbered(1)]);
      const call = failure(client.getPromptVersion("a"));
      await client.close();
      expect(await call).toMatchObject({ code: "client_closed" });
    });

    it("aborting", async () => {
      const transport = fakeTransport(new Error("down"));
      const { client } = offline([], { maxRetries: 0 }, { transport });
      const controller = new AbortController();
      const call = failure(client.getPromptVersion("a", { signal: controller.signal }));
      controller.abort("enough");
      expect(await call).toBe("enough");
    });
  });
});
