// A store that clients share, without a server of its own: shared-cache.ci.test.ts has a real Redis.
import Keyv from "keyv";
import { describe, expect, it, vi } from "vitest";
import type { CacheStore, ScopeClientOptions } from "../../../src/client/index.ts";
import { CREDENTIALS, closing, failure, makeClient, setup } from "../client-setup.ts";
import { answers, json, startFaultyPlatform, version } from "../faulty-platform.ts";

/** A client that knows nothing yet, on a store in which another one has put version 5, confirmed so long ago. */
async function setupStored(ageSeconds: number, options: ScopeClientOptions = {}) {
  const map = new Map<string, string>();
  const clock = { seconds: 0 };
  const cacheStore = map as unknown as CacheStore;
  const limits = { cacheTtl: 100, cacheMaxStale: 1000, maxRetries: 0, cacheStore, ...options };
  const { platform, client } = await setup(limits, { clock: () => clock.seconds * 1000 });
  platform.prompt = answers(200, version({ version_number: 5 }), { etag: '"5"' });
  await makeClient(platform, limits).getPromptVersion("greeting");
  const stored = (seconds = ageSeconds) => {
    const [[key, text] = ["", "{}"]] = map;
    map.set(key, JSON.stringify({ ...JSON.parse(text), confirmedAt: Date.now() - seconds * 1000 }));
  };
  stored();
  platform.seen.length = 0;
  platform.prompt = answers(200, version({ version_number: 1 }), { etag: '"1"' });
  const get = async (of = {}) => (await client.getPromptVersion("greeting", of)).versionNumber;
  return { map, clock, platform, get, stored };
}

describe("a version in the store that another client fetched", () => {
  it.each([
    ["fresh", 98, 5, 0],
    ["stale", 500, 5, 0],
    ["too old", 1101, 1, 1],
    ["from slightly ahead", -50, 5, 0],
  ])("%s: %i seconds", async (_, age, served, fetches) => {
    const { platform, get } = await setupStored(age);
    expect([await get(), await get(), platform.fetches().length]).toEqual([served, served, fetches]);
  });

  it("keeps its age in memory", async () => {
    const { clock, platform, get, stored } = await setupStored(90);
    await get();
    clock.seconds = 11;
    stored(101);
    expect(await get()).toBe(5);
    await vi.waitFor(() => expect(platform.fetches()).toHaveLength(1));
  });

  it("that is stale isn't served instead of one that is known, which the platform's replaces", async () => {
    const { clock, platform, get, stored } = await setupStored(2000);
    expect(await get()).toBe(1);
    clock.seconds = 500;
    stored(400);
    platform.prompt = answers(200, version({ version_number: 2 }));
    expect(await get()).toBe(1);
    await vi.waitFor(async () => expect(await get()).toBe(2));
    expect(platform.fetches()).toHaveLength(2);
  });

  it.each([
    ["newer than the known one is what is known", 1000, undefined],
    ["older isn't", 3000, '"1"'],
  ])("%s", async (_, age, etag) => {
    const { clock, platform, get, stored } = await setupStored(5000);
    await get();
    clock.seconds = 2000;
    stored(age);
    await get({ cacheTtl: 0 });
    expect(platform.fetches()[1]?.headers["if-none-match"]).toBe(etag);
  });

  it("is served in an outage, and stays as it is", async () => {
    const { map, platform, get } = await setupStored(2000);
    const before = [...map];
    platform.prompt = answers(503);
    expect(await get()).toBe(5);
    expect([...map]).toEqual(before);
  });

  it("goes if the prompt is gone, and with no other failure", async () => {
    const { map, platform, get } = await setupStored(2000);
    platform.prompt = answers(200, version({ id: 7 }));
    expect(await failure(get())).toMatchObject({ code: "response_invalid" });
    expect(map.size).toBe(1);
    platform.prompt = answers(404, { error: { code: "prompt_not_found" } });
    expect(await failure(get())).toMatchObject({ code: "prompt_not_found" });
    expect(map.size).toBe(0);
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
        : json(response, 200, version({ variables: null, metadata: { a: [1] }, tags: ["demo"] }), {
            etag: '"1"',
          });
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

  it("two organisations or environments on one store never see each other's prompts, or clear them", async () => {
    const store = new Keyv();
    const platform = closing(await startFaultyPlatform());
    const make = (orgId: string, environment = "production") =>
      makeClient(platform, { cacheStore: store, credentials: { ...CREDENTIALS, orgId }, environment });
    for (const orgId of ["a", "b", "a:production", "a%3Aproduction"]) {
      platform.prompt = answers(200, version({ id: `version_of_${orgId}` }));
      expect((await make(orgId).getPromptVersion("production")).id).toBe(`version_of_${orgId}`);
    }
    await make("a", "staging").getPromptVersion("production");
    expect(platform.fetches()).toHaveLength(5);
    await make("a").clearCache();
    for (const [orgId, environment] of [["b"], ["a:production"], ["a", "staging"]] as const)
      await make(orgId, environment).getPromptVersion("production");
    expect(platform.fetches()).toHaveLength(5);
  });

  it("clearCache deletes its own entries, whether the store can list its keys or not", async () => {
    const map = new Map<string, unknown>();
    const bare: CacheStore = {
      get: async (key) => map.get(key),
      set: async (key, value) => map.set(key, value),
      delete: async (key) => map.delete(key),
    };
    const withIterator = new Keyv();
    for (const cacheStore of [map as unknown as CacheStore, bare, withIterator]) {
      await cacheStore.set("another's", 1);
      const { platform, client } = await setup({ cacheStore });
      await client.getPromptVersion("a");
      await client.clearCache();
      await makeClient(platform, { cacheStore }).getPromptVersion("a");
      expect(platform.fetches()).toHaveLength(2);
      expect(await cacheStore.get("another's")).toBe(1);
      map.clear();
    }
  });
});

describe("a store that is down or contains garbage behaves like no store, with one warning", () => {
  // biome-ignore format: one row a line
  const rubbish: [string, (key: string) => unknown][] = [
    ["a number", () => 5],
    ["an object", () => ({ id: "x" })],
    ["not JSON", () => "{"],
    ["null as text", () => "null"],
    ["only the right key", (key) => JSON.stringify({ key })],
    ["a version of the wrong shape", (key) => JSON.stringify({ key, confirmedAt: Date.now(), version: { id: 5 } })],
    ["a time a year ahead, which would be fresh forever", (key) => JSON.stringify({ key, confirmedAt: Date.now() + 31_536_000_000, version: version() })],
    ["a time two minutes ahead", (key) => JSON.stringify({ key, confirmedAt: Date.now() + 120_000, version: version() })],
    ["no time", (key) => JSON.stringify({ key, confirmedAt: "now", version: version() })],
    ["a time without an end", (key) => `{"key":${JSON.stringify(key)},"confirmedAt":-1e999}`],
    ["another's key", () => JSON.stringify({ key: "k", confirmedAt: Date.now(), version: version() })],
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
    expect(performance.now() - startedAt).toBeLessThan(10_000);
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

  const throwing = () => {
    throw "out of order";
  };
  const faults: [string, () => Promise<never>, reason: string][] = [
    ["rejects", () => Promise.reject(new Error("down")), "down"],
    ["throws", throwing, "out of order"],
    ["hangs", () => new Promise(() => {}), "no response within 2000 ms"],
  ];
  it.each(faults)("down: %s, and it's left alone for 30 s", async (_, fault, reason) => {
    const clock = { ms: 0 };
    const store = { get: vi.fn(fault), set: vi.fn(fault), delete: vi.fn(fault) };
    const { platform, client, warnings } = await setup({ cacheStore: store }, { clock: () => clock.ms });
    for (const name of ["a", "b", "a"]) await client.getPromptVersion(name);
    await client.clearCache();
    clock.ms = 29_999;
    await client.getPromptVersion("c");
    expect([store.get, store.set].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
    clock.ms = 30_000;
    await client.getPromptVersion("d");
    expect(store.get).toHaveBeenCalledTimes(2);
    expect(platform.fetches()).toHaveLength(4);
    expect(warnings).toEqual([`The cacheStore doesn't work, so it isn't used: ${reason}`]);
  });

  it("down: its own error event, which is listened to until the client is closed", async () => {
    const map = new Map<string, unknown>();
    const store = Object.assign(map, { on: vi.fn(), off: vi.fn() });
    const { client, warnings } = await setup({ cacheStore: store as unknown as CacheStore });
    const [[event, listener]] = store.on.mock.calls as [[string, (error: unknown) => void]];
    listener(new Error("lost"));
    await client.getPromptVersion("a");
    expect([event, map.size, store.off.mock.calls.length]).toEqual(["error", 0, 0]);
    expect(warnings).toEqual(["The cacheStore doesn't work, so it isn't used: lost"]);
    await client.close();
    expect(store.off.mock.calls).toEqual([["error", listener]]);
  });
});
