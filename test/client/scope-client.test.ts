import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CacheStore } from "../../src/client/connection/types.ts";
import {
  type ClientParts,
  Configuration,
  ScopeClient,
  type ScopeClientOptions,
} from "../../src/client/index.ts";
import { CREDENTIALS, closing, failure, setup } from "./client-setup.ts";
import { fakeTransport, type Reply } from "./fake-transport.ts";
import { answers, version } from "./faulty-platform.ts";

const BASE_URL = "https://scope.example";
const TOKEN: Reply = { body: { access_token: "token" } };
const numbered = (version_number: number): Reply => ({ body: version({ version_number }) });

/** A client without a network: one login, then each reply in turn. */
function offline(replies: Reply[], options: ScopeClientOptions = {}, parts: ClientParts = {}) {
  const transport = fakeTransport(TOKEN, ...replies);
  const given = { credentials: CREDENTIALS, baseUrl: BASE_URL, ...options };
  const client = closing(new ScopeClient(given, { transport, ...parts }));
  const paths = () => transport.requests.slice(1).map(({ path }) => path.replace("/api/v1/prompts/", ""));
  return { client, transport, paths };
}

afterEach(() => {
  vi.restoreAllMocks();
});

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

it("renders a prompt in one call", async () => {
  const { client } = await setup();
  expect(await client.renderPrompt("greeting", { name: "Ada" })).toBe("Hello Ada!");
});

it("keeps key, secret and token out of every string form of the client", async () => {
  const { client } = await setup();
  await client.getPromptVersion("greeting");
  const shown =
    inspect(client, { depth: 20, showHidden: true }) + JSON.stringify(client) + String(client.config);
  expect(shown).not.toMatch(/hush|token-\d/);
});

describe("a client is created with", () => {
  it("its options, or a configuration as it is", () => {
    const config = new Configuration({ credentials: CREDENTIALS, baseUrl: BASE_URL }, {});
    const client = closing(new ScopeClient(config, { transport: fakeTransport() }));
    expect(client.config).toBe(config);
    expect(client.toJSON()).toEqual({ config: config.toJSON() });
    expect(inspect(client)).toBe(`ScopeClient ${config}`);
  });

  it("the process's clock", async () => {
    const { client, paths } = offline([numbered(1)], { cacheTtl: 1000 });
    await client.getPromptVersion("a");
    await client.getPromptVersion("a");
    expect(paths()).toHaveLength(1);
  });

  it("its own clock", async () => {
    const clock = { ms: 0 };
    const { client, paths } = offline(
      [numbered(1), numbered(2)],
      { cacheTtl: 10, cacheMaxStale: 0 },
      { clock: () => clock.ms },
    );
    await client.getPromptVersion("a");
    clock.ms = 9999;
    await client.getPromptVersion("a");
    expect(paths()).toHaveLength(1);
    clock.ms = 10_000;
    await client.getPromptVersion("a");
    expect(paths()).toHaveLength(2);
  });

  it("its own wait and random numbers", async () => {
    const sleep = vi.fn(async () => {});
    const parts = { sleep, random: () => 0.5 };
    const { client, paths } = offline([{ status: 503 }, numbered(1)], { retryBaseDelay: 1 }, parts);
    await client.getPromptVersion("a");
    expect(sleep).toHaveBeenCalledWith(750, expect.anything());
    expect(paths()).toHaveLength(2);
  });

  it("the process's random numbers", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.25);
    const sleep = vi.fn(async () => {});
    const { client } = offline([{ status: 503 }, numbered(1)], { retryBaseDelay: 1 }, { sleep });
    await client.getPromptVersion("a");
    expect(sleep).toHaveBeenCalledWith(625, expect.anything());
  });

  it("the console for its warnings, each on one line", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { client } = offline([{ body: version({ variables: [] }) }]);
    await client.getPromptVersion("a\nb");
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^unplugin-scope: Prompt "a[^\n]+b" \(production, version 1\) uses name/)],
    ]);
  });

  it("another function for its warnings", async () => {
    const toConsole = vi.spyOn(console, "warn").mockImplementation(() => {});
    const warn = vi.fn();
    const { client } = offline([{ body: version({ variables: [] }) }], {}, { warn });
    await client.getPromptVersion("a");
    expect(warn).toHaveBeenCalledTimes(1);
    expect(toConsole).not.toHaveBeenCalled();
  });

  it("a number of versions in memory", async () => {
    const { client, paths } = offline([numbered(1)], { cacheMaxEntries: 1 });
    for (const name of ["a", "b", "a"]) await client.getPromptVersion(name);
    expect(paths()).toHaveLength(3);
  });
});

describe("the store of a client", () => {
  const makeStore = () => {
    const map = new Map<string, unknown>();
    return Object.assign(map, { set: vi.fn(map.set.bind(map)), off: vi.fn() });
  };

  it.each([
    [{ cacheTtl: 10, cacheMaxStale: 5 }, 15_000],
    [{ cacheTtl: 0, cacheMaxStale: 0 }, 1000],
  ])("keeps what can be served, with %j for %i ms", async (options, keepMs) => {
    const store = makeStore();
    const { client } = offline([numbered(1)], { ...options, cacheStore: store as unknown as CacheStore });
    await client.getPromptVersion("a");
    expect(store.set.mock.calls).toEqual([
      [expect.stringContaining(":org_1:production:a:label:production"), expect.any(String), keepMs],
    ]);
  });

  it("is cleared with the cache, and closed with the client", async () => {
    const store = makeStore();
    const { client } = offline([numbered(1)], { cacheStore: store as unknown as CacheStore });
    await client.getPromptVersion("a");
    expect(store.size).toBe(1);
    await client.clearCache();
    expect(store.size).toBe(0);
    await client.close();
    expect(store.off).toHaveBeenCalledTimes(1);
  });

  it("isn't used without a cache", async () => {
    const store = makeStore();
    const { client } = offline([numbered(1)], {
      cacheStore: store as unknown as CacheStore,
      cacheEnabled: false,
    });
    await client.getPromptVersion("a");
    expect(store.set).not.toHaveBeenCalled();
  });
});

describe("a call", () => {
  it("for a name that looks like the key of another version gets its own", async () => {
    const { client, paths } = offline([numbered(1), numbered(2)]);
    await client.getPromptVersion("a", { label: "latest" });
    expect((await client.getPromptVersion("\0latest a")).versionNumber).toBe(2);
    expect(paths()).toEqual(["a/latest", "%00latest%20a/production"]);
  });

  it("with options follows them, whatever is in memory", async () => {
    const { client, paths } = offline([numbered(1), numbered(2), numbered(3), numbered(4)]);
    await client.getPromptVersion("a");
    const get = async (options: object) => (await client.getPromptVersion("a", options)).versionNumber;
    expect(await get({ label: "latest" })).toBe(2);
    expect(await get({ cache: false })).toBe(3);
    expect(await get({ label: "production", cache: true })).toBe(1);
    expect(await get({ cacheTtl: 0 })).toBe(4);
    expect(paths()).toEqual(["a/production", "a/latest", "a/production", "a/production"]);
  });

  it("with a cacheTtl in seconds", async () => {
    const clock = { ms: 0 };
    const { client, paths } = offline([numbered(1)], { cacheMaxStale: 0 }, { clock: () => clock.ms });
    await client.getPromptVersion("a", { cacheTtl: 2 });
    clock.ms = 1999;
    await client.getPromptVersion("a");
    expect(paths()).toHaveLength(1);
    clock.ms = 2000;
    await client.getPromptVersion("a");
    expect(paths()).toHaveLength(2);
  });

  it("of a client without a cache always fetches", async () => {
    const { client, paths } = offline([numbered(1)], { cacheEnabled: false });
    await client.getPromptVersion("a");
    await client.getPromptVersion("a", { cache: true });
    expect(paths()).toHaveLength(2);
  });

  it.each<[name: string, options: object | undefined, code: string, field: string]>([
    ["", {}, "name_invalid", "name"],
    [undefined as never, undefined, "name_invalid", "name"],
    ["a", { label: "staging" }, "label_invalid", "label"],
    ["a", { version: ".." }, "name_invalid", "version"],
  ])("for %j with %j rejects", async (name, options, code, field) => {
    const { client, transport } = offline([]);
    expect(await failure(client.getPromptVersion(name, options))).toMatchObject({ code, field });
    expect(transport.requests).toEqual([]);
  });

  it("with a signal that was already aborted fetches nothing", async () => {
    const { client, transport } = offline([numbered(1)]);
    const signal = AbortSignal.abort("enough");
    expect(await failure(client.getPromptVersion("a", { signal }))).toBe("enough");
    await client.getPromptVersion("a");
    expect(await failure(client.getPromptVersion("a", { signal }))).toBe("enough");
    expect(transport.requests).toHaveLength(2);
  });

  it("with a signal that is aborted rejects", async () => {
    const controller = new AbortController();
    const transport = { request: () => new Promise<never>(() => {}), close: async () => {} };
    const { client } = offline([], {}, { transport });
    const call = failure(client.getPromptVersion("a", { signal: controller.signal }));
    controller.abort("enough");
    expect(await call).toBe("enough");
  });

  it("renders with the values and options it gets", async () => {
    const { client, paths } = offline([{ body: version({ content: "Hi", variables: [] }) }, numbered(1)]);
    expect(await client.renderPrompt("a")).toBe("Hi");
    expect(await client.renderPrompt("a", { name: "Ada" }, { label: "latest" })).toBe("Hello Ada!");
    expect(paths()).toEqual(["a/production", "a/latest"]);
  });

  it("for many passes on each one's options", async () => {
    const { client, paths } = offline([numbered(1), numbered(2), numbered(3)]);
    const refs = [{ name: "a" }, { name: "a", label: "latest" as const }];
    await client.getPromptVersions(refs, { concurrency: 1 });
    await client.getPromptVersions(["a"], { cache: false });
    await client.getPromptVersions(["a"]);
    await client.getPromptVersions(["a"], { cacheTtl: 0 });
    await client.getPromptVersions([{ name: "a", version: "version_1" }]);
    expect(paths()).toEqual([
      "a/production",
      "a/latest",
      "a/production",
      "a/production",
      "a/versions/version_1",
    ]);
  });
});

describe("clearing and closing", () => {
  it("a cleared cache fetches again", async () => {
    const { client, paths } = offline([numbered(1)]);
    await client.getPromptVersion("a");
    await client.clearCache();
    await client.getPromptVersion("a");
    expect(paths()).toHaveLength(2);
  });

  it("a closed client refuses every call, and ends its transport once", async () => {
    const { client, transport } = offline([numbered(1)]);
    await client.getPromptVersion("a");
    expect(client.isClosed).toBe(false);
    const closed = client.close();
    expect(client.isClosed).toBe(true);
    expect(client.close()).toBe(closed);
    await closed;
    expect(transport.closed).toBe(1);
    const error = await failure(client.getPromptVersion("a"));
    expect([error.name, error.message]).toEqual(["ScopeError", "The client was closed."]);
    expect({ ...error }).toEqual({
      code: "client_closed",
      hint: "Make a new ScopeClient, or close this one later.",
    });
    const [many] = await client.getPromptVersions(["a"]);
    expect(many).toMatchObject({ status: "rejected", reason: { code: "client_closed" } });
  });

  it("is called by await using", async () => {
    const { client, transport } = offline([]);
    await client[Symbol.asyncDispose]();
    expect(transport.closed).toBe(1);
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

  it("closing ends calls in progress, and the login they wait for", async () => {
    let cancelled: unknown;
    const transport = {
      request: ({ cancel }: { cancel?: { onAbort(callback: () => void): void; reason: unknown } }) =>
        new Promise<never>((_, reject) =>
          cancel?.onAbort(() => {
            cancelled = cancel.reason;
            reject(cancel.reason);
          }),
        ),
      close: async () => {},
    } as unknown as ClientParts["transport"];
    const { client } = offline([], {}, { transport });
    const call = failure(client.getPromptVersion("a"));
    await new Promise(setImmediate);
    await client.close();
    expect(await call).toMatchObject({ code: "client_closed" });
    expect(cancelled).toMatchObject({ code: "client_closed" });
  });
});
