import { fork } from "node:child_process";
import { join } from "node:path";
import KeyvRedis, { createClient } from "@keyv/redis";
import Keyv from "keyv";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { CacheStore } from "../../../src/client/index.ts";
import { isMissing } from "../../support/optional-tool.ts";
import { bundleScript } from "../bundle-script.ts";
import { CREDENTIALS, closing, makeClient, setup } from "../client-setup.ts";
import { answers, json, startFaultyPlatform, version } from "../faulty-platform.ts";
import { REDIS, type RedisServer, startRedis } from "./redis-server.ts";

describe.skipIf(isMissing(REDIS))("a fleet on one real Redis server", () => {
  let redis: RedisServer;
  let script: { file: string; remove(): void };
  beforeAll(async () => {
    [redis, script] = await Promise.all([
      startRedis(),
      bundleScript(join(import.meta.dirname, "fleet-member.ts")),
    ]);
  });
  afterAll(async () => {
    await redis?.stop();
    script?.remove();
  });

  it("processes that come later use what the first one stored, and leave no secret behind", async () => {
    const platform = closing(await startFaultyPlatform());
    platform.prompt = (response, { path }) => {
      const name = path.split("/")[4];
      setTimeout(() => json(response, 200, version({ id: `version_of_${name}` })), 25);
    };
    const members = Array.from({ length: 5 }, () => fork(script.file, [platform.url, redis.url, "100"]));
    const next = (member: (typeof members)[number]) =>
      new Promise<unknown>((resolve, reject) => {
        member.once("message", resolve);
        member.once("exit", (code) => reject(new Error(`A process ended with ${code}.`)));
      });
    await Promise.all(members.map(next));
    const [first, ...others] = members as [(typeof members)[number], ...typeof members];
    const ask = (member: typeof first) => {
      const result = next(member);
      member.send("go");
      return result;
    };
    expect(await ask(first)).toEqual({ right: 100 });
    expect(await Promise.all(others.map(ask))).toEqual(Array(4).fill({ right: 100 }));
    expect(platform.fetches()).toHaveLength(100);
    expect(platform.logins()).toHaveLength(1);
    const keys = redis.keys();
    expect(keys.length).toBeGreaterThanOrEqual(100);
    const everything = keys.map((key) => key + redis.get(key)).join("\n");
    expect(everything).not.toMatch(/hush|token-\d/);
  }, 180_000);

  it("keys contain format, base URL, API version, organisation, environment, name and pin, each encoded", async () => {
    const platform = closing(await startFaultyPlatform());
    const store = new Keyv({ store: new KeyvRedis(redis.url) });
    closing({ close: () => store.disconnect() });
    const client = makeClient(platform, { cacheStore: store, environment: "stage.1" });
    await client.getPromptVersion("a:b/c");
    await client.getPromptVersion("a:b/c", { version: "v:1" });
    const base = encodeURIComponent(platform.url);
    const keys = redis.keys().filter((key) => key.includes(base));
    expect(keys.map((key) => key.slice(key.indexOf("unplugin-scope"))).sort()).toEqual([
      `unplugin-scope:1:${base}:v1:org_1:stage.1:a%3Ab%2Fc:label:production`,
      `unplugin-scope:1:${base}:v1:org_1:stage.1:a%3Ab%2Fc:version:v%3A1`,
    ]);
  });

  it("clearCache deletes only this organisation's and environment's", async () => {
    const platform = closing(await startFaultyPlatform());
    const make = (options = {}) => {
      const store = new Keyv({ store: new KeyvRedis(redis.url) });
      closing({ close: () => store.disconnect() });
      return makeClient(platform, { cacheStore: store, ...options });
    };
    const [mine, otherOrg, otherEnvironment] = [
      make(),
      make({ credentials: { ...CREDENTIALS, orgId: "org_2" } }),
      make({ environment: "staging" }),
    ];
    for (const client of [mine, otherOrg, otherEnvironment]) await client.getPromptVersion("greeting");
    const keys = () => redis.keys().filter((key) => key.includes(encodeURIComponent(platform.url)));
    expect(keys()).toHaveLength(3);
    await make().clearCache();
    expect(keys().some((key) => key.includes(":org_1:production:"))).toBe(false);
    expect(keys()).toHaveLength(2);
  });

  it("accepts an adapter without Keyv around it too", async () => {
    const adapter = new KeyvRedis(redis.url);
    closing({ close: () => adapter.disconnect() });
    const { platform, client } = await setup({ cacheStore: adapter as unknown as CacheStore });
    await client.getPromptVersion("a");
    const other = makeClient(platform, { cacheStore: adapter as unknown as CacheStore });
    expect((await other.getPromptVersion("a")).id).toBe("version_1");
    await other.clearCache();
    await makeClient(platform, { cacheStore: adapter as unknown as CacheStore }).getPromptVersion("a");
    expect(platform.fetches()).toHaveLength(2);
  });

  it("a server that goes down is like no store, with one warning, and ends no process", async () => {
    const own = await startRedis();
    closing({ close: () => own.stop() });
    const store = new Keyv({ store: new KeyvRedis(own.url) });
    const { platform, client, warnings } = await setup({ cacheStore: store });
    await client.getPromptVersion("a");
    await own.stop();
    await client.getPromptVersion("b");
    await client.getPromptVersion("c");
    expect((await client.getPromptVersion("a")).id).toBe("version_1");
    expect(platform.fetches()).toHaveLength(3);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^The cacheStore doesn't work, so it isn't used: /);
    await store.disconnect().catch(() => {});
  });

  it("a server that was never up is like no store, with one warning", async () => {
    const redisClient = createClient({ url: "redis://127.0.0.1:1" });
    const store = new Keyv({ store: new KeyvRedis(redisClient) });
    const { platform, client, warnings } = await setup({ cacheStore: store });
    await Promise.all([client.getPromptVersion("a"), client.getPromptVersion("b")]);
    await client.getPromptVersion("c");
    expect(platform.fetches()).toHaveLength(3);
    expect(warnings).toHaveLength(1);
    redisClient.destroy();
  });
});

describe("one store, several clients", () => {
  it("what one fetched the others find, age included, and only a full response confirms it", async () => {
    const clock = { ms: 0 };
    const store = new Keyv();
    const platform = closing(await startFaultyPlatform());
    platform.prompt = (response, { headers }) =>
      headers["if-none-match"] === '"1"'
        ? response.writeHead(304).end()
        : json(response, 200, version({ metadata: { a: [1] } }), { etag: '"1"' });
    const make = () => makeClient(platform, { cacheStore: store, cacheTtl: 100 }, { clock: () => clock.ms });
    const [first, second] = [make(), make()];
    const one = await first.getPromptVersion("greeting");
    const other = await second.getPromptVersion("greeting");
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
    expect(Object.isFrozen(other.metadata.a)).toBe(true);
    expect(platform.fetches()).toHaveLength(1);
    await second.getPromptVersion("greeting", { cacheTtl: 0 });
    expect(platform.fetches()[1]?.headers["if-none-match"]).toBeUndefined();
    await second.getPromptVersion("greeting", { cacheTtl: 0 });
    expect(platform.fetches()[2]?.headers["if-none-match"]).toBe('"1"');
  });

  it.each([
    ["the real ETag", '"real"'],
    ["an ETag that cannot be sent", "a\u0001b\r\n"],
  ])("other content with %s isn't served longer than it may be stale", async (_, etag) => {
    const clock = { ms: 0 };
    const map = new Map<string, string>();
    const platform = closing(await startFaultyPlatform());
    platform.prompt = (response, { headers }) =>
      headers["if-none-match"] === '"real"'
        ? response.writeHead(304).end()
        : json(response, 200, version({ content: "GOOD", variables: [] }), { etag: '"real"' });
    const warn = vi.fn();
    const make = () =>
      makeClient(
        platform,
        { cacheStore: map as unknown as CacheStore, cacheTtl: 100, cacheMaxStale: 100, maxRetries: 0 },
        { clock: () => clock.ms, warn },
      );
    await make().getPromptVersion("greeting");
    const [[key, text] = ["", "{}"]] = map;
    const stored = JSON.parse(text);
    const other = { ...stored, etag, version: { ...stored.version, content: "OTHER" } };
    map.set(key, JSON.stringify(other));
    const client = make();
    expect((await client.getPromptVersion("greeting")).content).toBe("OTHER");
    clock.ms += 200_001;
    map.set(key, JSON.stringify({ ...other, confirmedAt: Date.now() - 200_001 }));
    expect((await client.getPromptVersion("greeting")).content).toBe("GOOD");
    expect(map.get(key)).toContain("GOOD");
    expect(warn).not.toHaveBeenCalled();
  });

  it("two organisations on one store never see each other's prompts", async () => {
    const store = new Keyv();
    const platform = closing(await startFaultyPlatform());
    const make = (orgId: string) =>
      makeClient(platform, { cacheStore: store, credentials: { ...CREDENTIALS, orgId } });
    for (const orgId of ["a", "b", "a:production", "a%3Aproduction"]) {
      platform.prompt = answers(200, version({ id: `version_of_${orgId}` }));
      expect((await make(orgId).getPromptVersion("production")).id).toBe(`version_of_${orgId}`);
    }
    expect(platform.fetches()).toHaveLength(4);
  });

  it("an entry that was copied to another key isn't served", async () => {
    const map = new Map<string, unknown>();
    const store = map as unknown as CacheStore;
    const platform = closing(await startFaultyPlatform());
    await makeClient(platform, { cacheStore: store }).getPromptVersion("a");
    const [[key, value] = ["", ""]] = map;
    map.set(key.replace(":a:", ":b:"), value);
    const { warnings, ...made } = await setup({ cacheStore: store, baseUrl: platform.url });
    await made.client.getPromptVersion("b");
    expect(platform.fetches()).toHaveLength(2);
    expect(warnings).toHaveLength(1);
  });

  it("a deleted prompt is deleted from the store", async () => {
    const map = new Map<string, unknown>();
    const { platform, client } = await setup({ cacheStore: map as unknown as CacheStore });
    await client.getPromptVersion("a");
    expect(map.size).toBe(1);
    platform.prompt = answers(404, { error: { code: "prompt_not_found" } });
    await client.getPromptVersion("a", { cacheTtl: 0 }).catch(() => {});
    expect([...map.keys()]).toEqual([]);
  });

  it("clearCache works with a store that can list its keys and with one that can't", async () => {
    const map = new Map<string, unknown>();
    const bare: CacheStore = {
      get: async (key) => map.get(key),
      set: async (key, value) => map.set(key, value),
      delete: async (key) => map.delete(key),
    };
    const withIterator = new Keyv();
    for (const cacheStore of [map as unknown as CacheStore, bare, withIterator]) {
      const { platform, client } = await setup({ cacheStore });
      await client.getPromptVersion("a");
      await client.clearCache();
      await client.getPromptVersion("a");
      expect(platform.fetches()).toHaveLength(2);
      map.clear();
    }
  });
});

describe("a store that is down or contains garbage behaves like no store, with one warning", () => {
  const rubbish: [string, (key: string) => unknown][] = [
    ["a number", () => 5],
    ["an object", () => ({ id: "x" })],
    ["not JSON", () => "{"],
    ["null as text", () => "null"],
    ["only the right key", (key) => JSON.stringify({ key })],
    [
      "a version of the wrong shape",
      (key) => JSON.stringify({ key, confirmedAt: Date.now(), version: { id: 5 } }),
    ],
    [
      "a time a year ahead, which would be fresh forever",
      (key) => JSON.stringify({ key, confirmedAt: Date.now() + 31_536_000_000, version: version() }),
    ],
    [
      "a time two minutes ahead",
      (key) => JSON.stringify({ key, confirmedAt: Date.now() + 120_000, version: version() }),
    ],
    ["no time", (key) => JSON.stringify({ key, confirmedAt: "now", version: version() })],
  ];
  it.each(rubbish)("garbage: %s", async (_, make) => {
    const map = new Map<string, unknown>();
    const store: CacheStore = {
      get: async (key) => make(key),
      set: async (key, value) => map.set(key, value),
      delete: async (key) => map.delete(key),
    };
    const { platform, client, warnings } = await setup({ cacheStore: store });
    expect((await client.getPromptVersion("a")).id).toBe("version_1");
    expect((await client.getPromptVersion("b")).id).toBe("version_1");
    expect(platform.fetches()).toHaveLength(2);
    expect(warnings).toEqual([expect.stringMatching(/^The cacheStore has entries that aren't ours/)]);
  });

  it("10 MB of nested JSON, without blocking the process", async () => {
    const nested = `{"version":${"[".repeat(5e6)}${"]".repeat(5e6)}}`;
    const store = { get: async () => nested, set: async () => true, delete: async () => true };
    const { client, warnings } = await setup({ cacheStore: store });
    const startedAt = performance.now();
    expect((await client.getPromptVersion("a")).id).toBe("version_1");
    expect(performance.now() - startedAt).toBeLessThan(1500);
    expect(warnings).toHaveLength(1);
  });

  it("another version than the one requested by its ID", async () => {
    const map = new Map<string, string>();
    const { platform, client, warnings } = await setup({ cacheStore: map as unknown as CacheStore });
    await client.getPromptVersion("a", { version: "version_7" });
    for (const [key, text] of map) map.set(key, text.replace('"id":"version_7"', '"id":"version_8"'));
    const other = makeClient(
      platform,
      { cacheStore: map as unknown as CacheStore },
      { warn: (text) => warnings.push(text) },
    );
    expect((await other.getPromptVersion("a", { version: "version_7" })).id).toBe("version_7");
    expect(platform.fetches()).toHaveLength(2);
    expect(warnings).toEqual([expect.stringMatching(/version_7.*version_8/)]);
  });

  const faults: [string, () => Promise<never>][] = [
    ["rejects", () => Promise.reject(new Error("down"))],
    [
      "throws",
      () => {
        throw new Error("down");
      },
    ],
    ["hangs", () => new Promise(() => {})],
  ];
  it.each(faults)("down: %s", async (_, fault) => {
    const store = { get: vi.fn(fault), set: vi.fn(fault), delete: vi.fn(fault) };
    const { platform, client, warnings } = await setup({ cacheStore: store });
    for (const name of ["a", "b", "a"]) await client.getPromptVersion(name);
    expect(platform.fetches()).toHaveLength(2);
    expect(warnings).toHaveLength(1);
    expect(store.get).toHaveBeenCalledTimes(1);
    await client.clearCache();
  });
});
