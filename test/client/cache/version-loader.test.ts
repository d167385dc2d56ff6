import { describe, expect, it, vi } from "vitest";
import { decodeVersion } from "../../../src/client/api/decode-version.ts";
import type { Fetched } from "../../../src/client/api/fetch-version.ts";
import { MemoryCache } from "../../../src/client/cache/memory-cache.ts";
import type { SharedCache } from "../../../src/client/cache/shared-cache.ts";
import { createEntry, type VersionEntry } from "../../../src/client/cache/version-entry.ts";
import { VersionLoader, type VersionLoaderOptions } from "../../../src/client/cache/version-loader.ts";
import { Cancel } from "../../../src/client/http/cancel.ts";
import type { Requester } from "../../../src/client/requester.ts";
import {
  AuthorizationError,
  NoProductionVersionError,
  NotFoundError,
  ServerError,
  ValidationError,
} from "../../../src/errors/classes.ts";
import type { PromptRef } from "../../../src/prompt.ts";
import { failure } from "../client-setup.ts";
import { version } from "../faulty-platform.ts";

const REF: PromptRef = { name: "greeting", pin: { kind: "label", label: "production" } };
const OUTAGE = new ServerError("Down.", { code: "server_error", httpStatus: 503 });
const MISTAKE = new ValidationError("Broken.", { code: "response_invalid" });
const GONE = new NotFoundError("Gone.", { code: "prompt_not_found", httpStatus: 404 });

const number = (versionNumber: number, etag?: string): Fetched => ({
  kind: "version",
  data: decodeVersion(version({ version_number: versionNumber }), REF),
  etag,
});

type Asked = { readonly etag?: string | undefined; readonly cancel: Cancel };

/** A loader with a cacheTtl of 100 and a cacheMaxStale of 1000, whose clock and platform the test has in hand. */
function setup(options: Partial<VersionLoaderOptions> = {}) {
  const clock = { ms: 0 };
  const warnings: string[] = [];
  const fetchVersion = vi.fn(async (_ref: PromptRef, _asked: Asked): Promise<Fetched> => number(1));
  const memory = new MemoryCache<VersionEntry>(10);
  const loader = new VersionLoader({
    requester: { fetchVersion } as unknown as Requester,
    memory,
    shared: undefined,
    cacheTtlMs: 100,
    cacheMaxStaleMs: 1000,
    retryMaxDelayMs: 20,
    clock: () => clock.ms,
    warn: (message) => warnings.push(message),
    ...options,
  });
  const get = async (ttlMs?: number, ref = REF) => (await loader.load(ref, ttlMs, undefined)).versionNumber;
  const serve = (answer: Fetched | Error) => {
    fetchVersion.mockImplementation(async () => {
      if (answer instanceof Error) throw answer;
      return answer;
    });
  };
  return { loader, clock, warnings, fetchVersion, memory, get, serve };
}

/** What was started behind has come to its end. */
const nextTurn = () => new Promise(setImmediate);

describe("a version in memory", () => {
  it("is served as it is until cacheTtl", async () => {
    const { loader, clock, fetchVersion, get } = setup();
    expect(await get()).toBe(1);
    clock.ms = 99;
    const fresh = loader.load(REF, undefined, undefined);
    expect((await fresh).id).toBe("version_1");
    expect(loader.load(REF, undefined, undefined)).toBe(fresh);
    expect(fetchVersion).toHaveBeenCalledTimes(1);
    expect(fetchVersion).toHaveBeenCalledWith(REF, { etag: undefined, cancel: expect.any(Cancel) });
  });

  it.each([100, 1099])("is also served at %i ms, and refreshed in the background", async (ms) => {
    const { clock, fetchVersion, get, serve } = setup();
    await get();
    serve(number(2));
    clock.ms = ms;
    expect(await get()).toBe(1);
    expect(fetchVersion).toHaveBeenCalledTimes(2);
    await nextTurn();
    expect(await get()).toBe(2);
    expect(fetchVersion).toHaveBeenCalledTimes(2);
  });

  it("is too old after cacheTtl and cacheMaxStale", async () => {
    const { clock, get, serve } = setup();
    await get();
    serve(number(2));
    clock.ms = 1100;
    expect(await get()).toBe(2);
  });

  it("is confirmed by its ETag, with the call's time", async () => {
    const { loader, clock, fetchVersion, serve } = setup();
    serve(number(1, '"1"'));
    const first = await loader.load(REF, undefined, undefined);
    serve({ kind: "unchanged" });
    clock.ms = 2000;
    expect(await loader.load(REF, 300, undefined)).toBe(first);
    expect(fetchVersion.mock.lastCall?.[1].etag).toBe('"1"');
    clock.ms = 2299;
    await loader.load(REF, undefined, undefined);
    expect(fetchVersion).toHaveBeenCalledTimes(2);
    clock.ms = 2300;
    await loader.load(REF, undefined, undefined);
    expect(fetchVersion).toHaveBeenCalledTimes(3);
  });
});

describe("a call's own cacheTtl", () => {
  it("of 0 always fetches, and serves nothing stale", async () => {
    const { get, serve } = setup();
    await get(0);
    serve(number(2));
    expect(await get(0)).toBe(2);
    serve(number(3));
    expect(await get()).toBe(3);
  });

  it("applies to what it caches", async () => {
    const { clock, get, fetchVersion } = setup();
    await get(300);
    clock.ms = 299;
    expect(await get()).toBe(1);
    expect(fetchVersion).toHaveBeenCalledTimes(1);
    await get(250);
    expect(fetchVersion).toHaveBeenCalledTimes(2);
    await nextTurn();
    clock.ms = 299 + 249;
    await get();
    expect(fetchVersion).toHaveBeenCalledTimes(2);
    clock.ms = 299 + 250;
    await get();
    expect(fetchVersion).toHaveBeenCalledTimes(3);
  });
});

describe("an outage", () => {
  it("still serves the stale version, and is retried after retryMaxDelay", async () => {
    const { clock, fetchVersion, get, serve, warnings } = setup();
    await get();
    serve(OUTAGE);
    clock.ms = 500;
    await get();
    await nextTurn();
    clock.ms = 519;
    expect(await get()).toBe(1);
    expect(fetchVersion).toHaveBeenCalledTimes(2);
    clock.ms = 520;
    expect(await get()).toBe(1);
    expect(fetchVersion).toHaveBeenCalledTimes(3);
    await nextTurn();
    expect(warnings).toEqual([]);
  });

  it("still serves even the oldest version, which is reported once until it's over", async () => {
    const { clock, get, serve, warnings } = setup();
    await get();
    serve(OUTAGE);
    clock.ms = 150_000;
    expect([await get(), await get()]).toEqual([1, 1]);
    const warning = `Prompt "greeting" (production) couldn't be refreshed. Version 1, confirmed 3 minutes ago, is served. Down.`;
    expect(warnings).toEqual([warning]);
    serve(number(1));
    await get();
    serve(OUTAGE);
    clock.ms = 300_000;
    await get();
    expect(warnings).toEqual([warning, warning]);
  });

  it("counts the minutes since the version was confirmed", async () => {
    const { clock, get, serve, warnings } = setup();
    clock.ms = 100_000;
    await get();
    serve(OUTAGE);
    clock.ms = 160_000;
    await get();
    expect(warnings).toEqual([expect.stringContaining("confirmed 1 minutes ago")]);
  });

  it("without a version in memory is an error", async () => {
    const { get, serve } = setup();
    serve(OUTAGE);
    expect(await failure(get())).toBe(OUTAGE);
  });
});

describe("another failure", () => {
  it("of a background refresh is reported to the next caller, until one succeeds", async () => {
    const { clock, get, serve } = setup();
    await get();
    serve(MISTAKE);
    clock.ms = 500;
    expect(await get()).toBe(1);
    await nextTurn();
    expect(await failure(get())).toBe(MISTAKE);
    serve(OUTAGE);
    expect(await get()).toBe(1);
    serve(number(2));
    clock.ms = 520;
    expect(await get()).toBe(1);
    await nextTurn();
    expect(await get()).toBe(2);
  });

  it.each([
    GONE,
    new AuthorizationError("No.", { code: "access_denied", httpStatus: 403 }),
    new NoProductionVersionError("None.", { code: "no_production_version", promptId: "p" }),
  ])("$name: the version in memory is dropped", async (error) => {
    const { clock, get, serve, memory } = setup();
    await get();
    serve(error);
    clock.ms = 1100;
    expect(await failure(get())).toBe(error);
    expect(memory.size).toBe(0);
    serve(OUTAGE);
    expect(await failure(get())).toBe(OUTAGE);
  });

  it("of an aborted call isn't a failure of the version in memory", async () => {
    const { loader, clock, get, fetchVersion } = setup();
    await get();
    fetchVersion.mockImplementation(
      (_, { cancel }) => new Promise((_, reject) => cancel.onAbort(() => reject(cancel.reason))),
    );
    const cancel = new Cancel();
    const call = failure(loader.load(REF, 0, cancel));
    cancel.abort("enough");
    expect(await call).toBe("enough");
    await nextTurn();
    clock.ms = 500;
    expect(await get()).toBe(1);
    expect(fetchVersion).toHaveBeenCalledTimes(3);
  });
});

describe("a call that skips the cache", () => {
  it("reads nothing, stores nothing and shares no request", async () => {
    const { loader, get, serve, fetchVersion, memory } = setup();
    await get();
    serve(number(2));
    const both = await Promise.all([loader.loadDirect(REF, undefined), loader.loadDirect(REF, undefined)]);
    expect(both.map(({ versionNumber }) => versionNumber)).toEqual([2, 2]);
    expect(fetchVersion).toHaveBeenCalledTimes(3);
    expect(fetchVersion.mock.lastCall).toEqual([REF, {}]);
    expect(await get()).toBe(1);
    memory.clear();
    await loader.loadDirect(REF, undefined);
    expect(memory.size).toBe(0);
  });
});

it("clear drops what is in memory, and stores nothing of a request in progress", async () => {
  const { loader, fetchVersion, get, serve, memory } = setup();
  await get();
  loader.clear();
  expect(memory.size).toBe(0);
  let end = (_: Fetched) => {};
  fetchVersion.mockImplementationOnce(
    () =>
      new Promise((resolve) => {
        end = resolve;
      }),
  );
  const underWay = get();
  loader.clear();
  serve(number(3));
  expect(await get()).toBe(3);
  end(number(2));
  expect(await underWay).toBe(2);
  expect(await get()).toBe(3);
  expect(fetchVersion).toHaveBeenCalledTimes(3);
});

it("warns once about each version whose declared variables aren't the ones it uses", async () => {
  const { get, serve, warnings } = setup();
  const undeclared = (id: string): Fetched => ({
    kind: "version",
    data: decodeVersion(version({ id, variables: [] }), REF),
    etag: undefined,
  });
  await get(0);
  expect(warnings).toEqual([]);
  serve(undeclared("version_1"));
  await get(0);
  await get(0);
  const warning = `Prompt "greeting" (production, version 1) uses name, which it doesn't declare. What counts is its template.`;
  expect(warnings).toEqual([warning]);
  serve(undeclared("version_2"));
  await get(0);
  expect(warnings).toEqual([warning, warning]);
});

describe("a shared store", () => {
  const found = (versionNumber: number, confirmedAtMs: number) => {
    const data = decodeVersion(version({ version_number: versionNumber }), REF);
    return createEntry(REF, data, undefined, confirmedAtMs, undefined);
  };

  function setupShared(options: Partial<VersionLoaderOptions> = {}) {
    const store = {
      read: vi.fn(async (_: PromptRef): Promise<VersionEntry | undefined> => undefined),
      write: vi.fn(async () => {}),
      delete: vi.fn(async () => {}),
    };
    const made = setup({ shared: store as unknown as SharedCache, ...options });
    return { ...made, store };
  }

  it("has what another process fetched, which is kept in memory with its age", async () => {
    const { clock, get, store, fetchVersion } = setupShared();
    clock.ms = 99;
    store.read.mockResolvedValue(found(5, 0));
    expect(await get()).toBe(5);
    expect(await get()).toBe(5);
    expect(store.read).toHaveBeenCalledExactlyOnceWith(REF);
    expect(fetchVersion).not.toHaveBeenCalled();
    expect(store.write).not.toHaveBeenCalled();
  });

  it("serves a stale version if nothing else is known", async () => {
    const { clock, get, store, fetchVersion } = setupShared();
    clock.ms = 500;
    store.read.mockResolvedValue(found(5, 0));
    expect(await get()).toBe(5);
    expect(fetchVersion).not.toHaveBeenCalled();
  });

  it("is skipped for the platform if its version is stale and another is known", async () => {
    const { clock, get, store, fetchVersion } = setupShared();
    await get();
    clock.ms = 500;
    store.read.mockResolvedValue(found(5, 100));
    expect(await get()).toBe(1);
    await nextTurn();
    expect(fetchVersion).toHaveBeenCalledTimes(2);
  });

  it("is skipped for the platform if its version is too old", async () => {
    const { clock, get, store, fetchVersion } = setupShared();
    clock.ms = 1100;
    store.read.mockResolvedValue(found(5, 0));
    expect(await get()).toBe(1);
    expect(fetchVersion).toHaveBeenCalledTimes(1);
  });

  it.each([
    [0, '"1"'],
    [1, undefined],
  ])("with a version that is %i ms newer: the newer one is what is known, ETag %s", async (laterMs, etag) => {
    const { clock, get, serve, store, fetchVersion } = setupShared();
    serve(number(1, '"1"'));
    clock.ms = 50;
    await get();
    store.read.mockResolvedValue(found(5, 50 + laterMs));
    clock.ms = 2000;
    await get();
    expect(fetchVersion.mock.lastCall?.[1].etag).toBe(etag);
  });

  it("gets the platform's response", async () => {
    const { get, store, memory } = setupShared();
    await get();
    expect(store.write.mock.calls).toEqual([[REF, memory.get("greeting")]]);
  });

  it("gets nothing in an outage", async () => {
    const { clock, get, serve, store } = setupShared();
    await get();
    serve(OUTAGE);
    clock.ms = 2000;
    store.read.mockResolvedValue(found(5, 500));
    expect(await get()).toBe(5);
    expect(store.write).toHaveBeenCalledTimes(1);
  });

  it("forgets a version that is gone, and nothing else", async () => {
    const { get, serve, store } = setupShared();
    serve(MISTAKE);
    expect(await failure(get())).toBe(MISTAKE);
    expect(store.delete).not.toHaveBeenCalled();
    serve(GONE);
    expect(await failure(get())).toBe(GONE);
    expect(store.delete.mock.calls).toEqual([[REF]]);
  });

  it("is reported as a source", async () => {
    const lines: string[] = [];
    const { get, store } = setupShared({ debug: (line) => lines.push(line()) });
    store.read.mockResolvedValue(found(5, 0));
    await get();
    expect(lines).toEqual(["greeting@production: version 5 is in the shared cache"]);
  });
});

it("reports where each version came from and why", async () => {
  const lines: string[] = [];
  const { clock, get, serve } = setup({ debug: (line) => lines.push(line()) });
  const told = () => lines.splice(0).map((line) => line.replace("greeting@production: ", ""));
  await get();
  expect(lines).toEqual(["greeting@production: version 1 was fetched"]);
  lines.length = 0;
  await get();
  expect(told()).toEqual([]);
  serve({ kind: "unchanged" });
  clock.ms = 100;
  await get();
  await nextTurn();
  expect(told()).toEqual(["version 1 in memory is stale", "version 1 was confirmed"]);
  serve(OUTAGE);
  clock.ms = 5000;
  await get();
  expect(told()).toEqual(["version 1 in memory is old", "version 1 is served: it couldn't be refreshed"]);
});
