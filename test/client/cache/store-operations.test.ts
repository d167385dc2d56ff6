// What the shared cache asks of its store, and what it makes of a store that does not do it.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { decodeVersion } from "../../../src/client/api/decode-version.ts";
import { SharedCache } from "../../../src/client/cache/shared-cache.ts";
import { createEntry } from "../../../src/client/cache/version-entry.ts";
import type { CacheStore } from "../../../src/client/connection/types.ts";
import type { PromptRef } from "../../../src/prompt.ts";
import { version } from "../faulty-platform.ts";

const LABEL: PromptRef = { name: "a:b", pin: { kind: "label", label: "latest" } };
const BY_ID: PromptRef = { name: "a:b", pin: { kind: "version", versionId: "version_1" } };
const PREFIX = "unplugin-scope:1:https%3A%2F%2Fapi.example:v1:org%2F1:staging:";
const KEY = `${PREFIX}a%3Ab:label:latest`;
const ENTRY = entryOf(LABEL);

function entryOf(ref: PromptRef) {
  return createEntry(ref, decodeVersion(version(), ref), undefined, 0, undefined);
}

/** A store without any extras, its map and its calls. */
function bareStore() {
  const map = new Map<string, unknown>();
  return {
    map,
    get: vi.fn(async (key: string): Promise<unknown> => map.get(key)),
    set: vi.fn(async (key: string, value: unknown) => map.set(key, value)),
    delete: vi.fn(async (key: string) => map.delete(key)),
  };
}

function setup(store: object) {
  const clock = { ms: 0 };
  const warnings: string[] = [];
  const cache = new SharedCache({
    store: store as CacheStore,
    baseUrl: "https://api.example",
    apiVersion: "v1",
    orgId: "org/1",
    environment: "staging",
    keepMs: 5000,
    clock: () => clock.ms,
    warn: (message) => warnings.push(message),
  });
  return { cache, clock, warnings };
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1e12 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("one entry", () => {
  it("is written under its key, for as long as a label is kept", async () => {
    const store = bareStore();
    const { cache } = setup(store);
    await cache.write(LABEL, ENTRY);
    expect(store.set.mock.calls).toEqual([[KEY, expect.stringContaining('"version_1"'), 5000]]);
  });

  it("of a version by ID is kept for as long", async () => {
    const store = bareStore();
    await setup(store).cache.write(BY_ID, entryOf(BY_ID));
    expect(store.set.mock.calls).toEqual([[`${PREFIX}a%3Ab:version:version_1`, expect.any(String), 5000]]);
  });

  it("is read back, with its age", async () => {
    const { cache, clock, warnings } = setup(bareStore());
    await cache.write(LABEL, ENTRY);
    clock.ms = 700;
    vi.setSystemTime(1e12 + 300);
    expect(await cache.read(LABEL)).toMatchObject({ version: { id: "version_1" }, confirmedAtMs: 400 });
    expect(warnings).toEqual([]);
  });

  it("is deleted by its key", async () => {
    const store = bareStore();
    await setup(store).cache.delete(LABEL);
    expect(store.delete.mock.calls).toEqual([[KEY]]);
  });

  it.each([undefined, null])("that is missing (%s) doesn't matter", async (value) => {
    const store = bareStore();
    store.get.mockResolvedValue(value);
    const { cache, warnings } = setup(store);
    expect(await cache.read(LABEL)).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it("that isn't ours is ignored, which is reported once", async () => {
    const store = bareStore();
    store.get.mockResolvedValue(5);
    const { cache, warnings } = setup(store);
    expect([await cache.read(LABEL), await cache.read(LABEL)]).toEqual([undefined, undefined]);
    expect(warnings).toEqual([
      "The cacheStore has entries that aren't ours, so it isn't used: an entry is of type number",
    ]);
    expect(store.get).toHaveBeenCalledTimes(2);
  });
});

describe("a store that fails", () => {
  it("is left alone for 30 s, which is reported once", async () => {
    const store = bareStore();
    store.get.mockRejectedValue(new Error("down"));
    const { cache, clock, warnings } = setup(store);
    clock.ms = 1000;
    expect(await cache.read(LABEL)).toBeUndefined();
    clock.ms = 30_999;
    await cache.write(LABEL, ENTRY);
    await cache.delete(LABEL);
    expect(store.set).not.toHaveBeenCalled();
    expect(store.delete).not.toHaveBeenCalled();
    clock.ms = 31_000;
    expect(await cache.read(LABEL)).toBeUndefined();
    expect(store.get).toHaveBeenCalledTimes(2);
    expect(warnings).toEqual(["The cacheStore doesn't work, so it isn't used: down"]);
  });

  it("can throw anything, also synchronously", async () => {
    const store = bareStore();
    store.delete.mockImplementation(() => {
      throw "out of order";
    });
    const { cache, warnings } = setup(store);
    await cache.delete(LABEL);
    expect(warnings).toEqual(["The cacheStore doesn't work, so it isn't used: out of order"]);
  });

  it.each([
    ["read", 2000],
    ["clear", 20_000],
  ] as const)("by not responding to a %s is waited for %i ms", async (operation, ms) => {
    const never = () => new Promise<never>(() => {});
    const store = {
      ...bareStore(),
      get: never,
      async *iterator() {
        yield await never();
      },
    };
    const { cache, warnings } = setup(store);
    const end = vi.fn();
    cache[operation](LABEL).then(end);
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(end).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(end).toHaveBeenCalledWith(undefined);
    expect(warnings).toEqual([`The cacheStore doesn't work, so it isn't used: no response within ${ms} ms`]);
  });

  it("with its own event is reported until the cache is closed", async () => {
    const store = { ...bareStore(), on: vi.fn(), off: vi.fn() };
    const { cache, warnings } = setup(store);
    const [[event, listener]] = store.on.mock.calls as [[string, (error: unknown) => void]];
    expect(event).toBe("error");
    listener(new Error("lost"));
    await cache.read(LABEL);
    expect(store.get).not.toHaveBeenCalled();
    expect(warnings).toEqual(["The cacheStore doesn't work, so it isn't used: lost"]);
    expect(store.off).not.toHaveBeenCalled();
    cache.close();
    expect(store.off.mock.calls).toEqual([["error", listener]]);
  });
});

it("a store without events is closed too", () => {
  expect(() => setup(bareStore()).cache.close()).not.toThrow();
});

describe("clear", () => {
  it("of a store that can't list its keys deletes what was put there, once", async () => {
    const store = bareStore();
    store.map.set("another's", 1);
    const { cache, warnings } = setup(store);
    await cache.write(LABEL, ENTRY);
    await cache.write(BY_ID, entryOf(BY_ID));
    await cache.clear();
    expect([...store.map.keys()]).toEqual(["another's"]);
    await cache.clear();
    expect(store.delete).toHaveBeenCalledTimes(2);
    expect(warnings).toEqual([]);
  });

  it("of a store with an iterator() deletes what starts with its prefix", async () => {
    const store = {
      ...bareStore(),
      async *iterator() {
        yield* this.map;
      },
    };
    store.map.set(`${PREFIX}x`, 1).set("another's", 1);
    const { cache, warnings } = setup(store);
    await cache.clear();
    expect(warnings).toEqual([]);
    expect([...store.map.keys()]).toEqual(["another's"]);
  });

  it("a store with an iterator keeps the list itself", async () => {
    const store: Record<string, unknown> & { delete: unknown } = { ...bareStore(), async *iterator() {} };
    const { cache } = setup(store);
    await cache.write(LABEL, ENTRY);
    store.iterator = undefined;
    await cache.clear();
    expect(store.delete).not.toHaveBeenCalled();
  });
});
