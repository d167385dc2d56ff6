// The row about the cache in the table of what the official SDKs do wrong, and the age bounds of the contract.
import { describe, expect, it, vi } from "vitest";
import {
  AuthorizationError,
  type CacheStore,
  InvalidCredentialsError,
  NoProductionVersionError,
  NotFoundError,
  type ScopeClientOptions,
  ServerError,
  Telemetry,
} from "../../../src/client/index.ts";
import { failure, makeClient, setup } from "../client-setup.ts";
import { answers, type FaultyPlatform, json, version } from "../faulty-platform.ts";

const lines = vi.hoisted((): string[] => []);
vi.mock("../../../src/debug.ts", () => ({
  debug: (line: () => string) => lines.push(line()),
  isDebugging: () => false,
}));

/** A client whose clock the test turns, in seconds, and a platform whose version the test counts up. */
async function setupClock(options: ScopeClientOptions = {}) {
  const clock = { seconds: 0 };
  const made = await setup(
    { cacheTtl: 100, cacheMaxStale: 1000, maxRetries: 0, ...options },
    { clock: () => clock.seconds * 1000 },
  );
  const serve = (number: number) => {
    made.platform.prompt = answers(200, version({ version_number: number }));
  };
  const get = async (options = {}) => (await made.client.getPromptVersion("greeting", options)).versionNumber;
  serve(1);
  return { ...made, clock, serve, get };
}

const fetches = (platform: FaultyPlatform, count: number) =>
  vi.waitFor(() => expect(platform.fetches()).toHaveLength(count));

describe("cache: 10 callers make 10 requests", () => {
  it("one request per key, for concurrent and for later callers", async () => {
    const { platform, client } = await setup();
    platform.prompt = (response) => setTimeout(() => json(response, 200, version()), 30);
    const all = await Promise.all(Array.from({ length: 10 }, () => client.getPromptVersion("greeting")));
    all.push(await client.getPromptVersion("greeting"));
    expect(platform.fetches()).toHaveLength(1);
    expect(new Set(all).size).toBe(1);
  });

  it("every version and label of every prompt has its own entry", async () => {
    const { platform, client } = await setup({ maxRetries: 0 });
    const asked = ["a", "b"].flatMap((name) =>
      [{}, { label: "latest" }, { version: "v1" }, { version: "v2" }].map((pin) => ({ name, pin }) as const),
    );
    const get = async ({ name, pin }: (typeof asked)[number]) =>
      (await client.getPromptVersion(name, pin as { version?: string })).versionNumber;
    for (const [i, one] of asked.entries()) {
      const id = "version" in one.pin ? one.pin.version : "version_1";
      platform.prompt = answers(200, version({ id, version_number: i }));
      expect(await get(one)).toBe(i);
    }
    platform.prompt = answers(500);
    expect(await Promise.all(asked.map(get))).toEqual(asked.map((_, i) => i));
    expect(platform.fetches()).toHaveLength(asked.length);
  });

  it("a failure isn't cached", async () => {
    const { platform, client } = await setup({ maxRetries: 0 });
    platform.prompt = answers(500);
    await Promise.all([failure(client.getPromptVersion("a")), failure(client.getPromptVersion("a"))]);
    expect(platform.fetches()).toHaveLength(1);
    platform.prompt = answers(200, version());
    await client.getPromptVersion("a");
    expect(platform.fetches()).toHaveLength(2);
  });

  it("one caller's signal only aborts that caller; the last one's ends the request", async () => {
    const { platform, client } = await setup();
    let ended = 0;
    platform.prompt = (response) => {
      response.on("close", () => ended++);
      setTimeout(() => response.writableEnded || json(response, 200, version()), 300);
    };
    const [first, second] = [new AbortController(), new AbortController()];
    const a = failure(client.getPromptVersion("greeting", { signal: first.signal }));
    const b = client.getPromptVersion("greeting", { signal: second.signal });
    first.abort("a");
    expect(await a).toBe("a");
    expect((await b).id).toBe("version_1");
    expect(platform.fetches()).toHaveLength(1);

    ended = 0;
    const c = failure(client.getPromptVersion("other", { signal: first.signal }));
    expect(await c).toBe("a");
    const third = new AbortController();
    const d = failure(client.getPromptVersion("other", { signal: third.signal }));
    await fetches(platform, 2);
    third.abort("d");
    expect((await client.getPromptVersion("other")).id, "nobody joins a request that ends").toBe("version_1");
    expect(await d).toBe("d");
    await vi.waitFor(() => expect(ended).toBe(2));
    expect(platform.fetches()).toHaveLength(3);
  });
});

describe("cache: an expired entry is dropped before the fetch", () => {
  it.each([
    [100, {}],
    [1099, {}],
    // What an ID stands for can be edited: it expires like a label.
    [100, { version: "version_1" }],
  ])("stale-while-revalidate: served at once, and refreshed behind: %i s, %j", async (at, pin) => {
    const { platform, clock, serve, get } = await setupClock();
    expect(await get(pin)).toBe(1);
    serve(2);
    clock.seconds = 99;
    expect(await get(pin)).toBe(1);
    expect(platform.fetches()).toHaveLength(1);
    clock.seconds = at;
    expect(await get(pin)).toBe(1);
    await fetches(platform, 2);
    await vi.waitFor(async () => expect(await get(pin)).toBe(2));
    expect(platform.fetches()).toHaveLength(2);
  });

  it("older than cacheTtl + cacheMaxStale is never served without a request", async () => {
    const { clock, serve, get } = await setupClock();
    await get();
    serve(2);
    clock.seconds = 1100;
    expect(await get()).toBe(2);
  });

  it("stale on outage: served after it expires, however old, and reported once", async () => {
    const { platform, clock, serve, get, warnings } = await setupClock();
    await get();
    platform.prompt = answers(503);
    clock.seconds = 200;
    expect(await get()).toBe(1);
    await fetches(platform, 2);
    expect(warnings).toEqual([]);
    clock.seconds = 7300;
    expect(await get()).toBe(1);
    expect(await get()).toBe(1);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(
      `Prompt "greeting" (production) couldn't be refreshed. Version 1, confirmed 122 minutes ago, is served. The`,
    );
    serve(2);
    expect(await get()).toBe(2);
    platform.prompt = answers(503);
    clock.seconds = 8460;
    expect(await get()).toBe(2);
    expect(warnings[1]).toContain("Version 2, confirmed 19 minutes ago");
  });

  it("in an outage the background refresh is only retried after retryMaxDelay", async () => {
    const { platform, clock, client, get } = await setupClock({ retryMaxDelay: 20 });
    await get();
    const failed = new Promise<void>((resolve) => {
      // What the client does about it is done before the next turn of the event loop.
      const off = Telemetry.onResponse(() => setImmediate(() => resolve(off())));
    });
    platform.prompt = answers(503);
    clock.seconds = 150;
    await get();
    await failed;
    clock.seconds = 169;
    await get();
    // A request that was made for it would be there before this one.
    await client.getPromptVersion("other").catch(() => {});
    expect(platform.fetches()).toHaveLength(3);
    clock.seconds = 171;
    await get();
    await fetches(platform, 4);
  });

  it.each([
    [404, "prompt_not_found", NotFoundError],
    [404, "no_production_version", NoProductionVersionError],
    [403, "forbidden", AuthorizationError],
  ])("a %i (%s) drops an entry, and no stale one is served after it", async (status, code, expected) => {
    const { platform, clock, get, client } = await setupClock();
    await get();
    platform.prompt = answers(status, { error: { code } });
    clock.seconds = 150;
    expect(await get()).toBe(1);
    await fetches(platform, 2);
    await vi.waitFor(async () => {
      expect(await failure(client.getPromptVersion("greeting"))).toBeInstanceOf(expected);
    });
    platform.prompt = answers(503);
    expect(await failure(client.getPromptVersion("greeting"))).toBeInstanceOf(ServerError);
  });

  it("a background refresh that fails for a reason other than an outage is reported to the next caller", async () => {
    const { platform, clock, client, get, serve } = await setupClock();
    await get();
    platform.login = answers(401);
    platform.prompt = answers(401);
    clock.seconds = 150;
    expect(await get()).toBe(1);
    await vi.waitFor(async () => {
      expect(await failure(client.getPromptVersion("greeting"))).toBeInstanceOf(InvalidCredentialsError);
    });
    platform.login = (response) => json(response, 200, { access_token: "new" });
    platform.prompt = answers(503);
    expect(await get()).toBe(1);
    serve(2);
    clock.seconds = 190;
    expect(await get()).toBe(1);
    await vi.waitFor(async () => expect(await get()).toBe(2));
  });

  it("a call that is aborted is no failure of what is cached", async () => {
    const { platform, clock, get, serve } = await setupClock();
    await get();
    const controller = new AbortController();
    platform.prompt = () => controller.abort("enough");
    expect(await failure(get({ cacheTtl: 0, signal: controller.signal }))).toBe("enough");
    serve(2);
    clock.seconds = 150;
    expect(await get()).toBe(1);
    await vi.waitFor(async () => expect(await get()).toBe(2));
  });
});

it("cache: bounded size: one fetched again is the newest, and pushes out no other", async () => {
  const { platform, client } = await setup({ cacheMaxEntries: 2 });
  for (const name of ["a", "b", "c", "c", "b"]) await client.getPromptVersion(name);
  for (const name of ["b", "b"]) await client.getPromptVersion(name, { cacheTtl: 0 });
  for (const name of ["c", "a", "b", "c"]) await client.getPromptVersion(name, { cacheTtl: 100 });
  const names = platform.fetches().map(({ path }) => path.split("/")[4]);
  expect(names).toEqual(["a", "b", "c", "b", "b", "a", "c"]);
});

describe("one call's own options", () => {
  it("cache: false neither reads nor writes", async () => {
    const { platform, serve, get } = await setupClock();
    expect(await get()).toBe(1);
    serve(2);
    expect(await get({ cache: false })).toBe(2);
    expect(await get()).toBe(1);
    expect(platform.fetches()).toHaveLength(2);
  });

  it("cacheTtl applies to this call and what it caches; 0 always fetches", async () => {
    const { platform, clock, serve, get } = await setupClock();
    await get({ cacheTtl: 1000 });
    clock.seconds = 500;
    expect(await get()).toBe(1);
    expect(platform.fetches()).toHaveLength(1);
    serve(2);
    expect(await get({ cacheTtl: 0 })).toBe(2);
    platform.prompt = answers(503);
    expect(await get({ cacheTtl: 0 })).toBe(2);
  });

  it.each([-1, 1e6, Number.NaN, "5"])("an impossible cacheTtl is refused: %s", async (cacheTtl) => {
    const { client, platform } = await setup();
    const error = await failure(client.getPromptVersion("x", { cacheTtl: cacheTtl as number }));
    expect(error).toMatchObject({ code: "config_invalid", message: expect.stringContaining("cacheTtl") });
    expect(platform.seen).toEqual([]);
  });

  it("cacheEnabled: false caches nothing", async () => {
    const { client, platform } = await setup({ cacheEnabled: false });
    await client.getPromptVersion("x");
    await client.getPromptVersion("x", { cache: true });
    expect(platform.fetches()).toHaveLength(2);
  });
});

it("an ETag is sent back, and a 304 confirms what is cached", async () => {
  const { platform, clock, client } = await setupClock();
  const conditions: unknown[] = [];
  platform.prompt = (response, { headers }) => {
    conditions.push(headers["if-none-match"]);
    if (headers["if-none-match"] === 'W/"7"') response.writeHead(304).end();
    else json(response, 200, version(), { etag: 'W/"7"' });
  };
  const first = await client.getPromptVersion("greeting");
  clock.seconds = 1200;
  expect(await client.getPromptVersion("greeting")).toBe(first);
  clock.seconds = 1299;
  expect(await client.getPromptVersion("greeting")).toBe(first);
  expect(conditions).toEqual([undefined, 'W/"7"']);
});

it.each([
  ...['""', 'W/"a!~#"'].map((etag) => [etag, true] as const),
  ...["7", '"a b"', '"a"b"', '"é"', "", '"', 'w/"1"', 'x"1"', '"1"x'].map((etag) => [etag, false] as const),
])("the ETag %j is sent back: %s", async (etag, isSent) => {
  const { platform, client } = await setup();
  platform.prompt = answers(200, version(), { etag });
  await client.getPromptVersion("greeting");
  await client.getPromptVersion("greeting", { cacheTtl: 0 });
  expect(platform.fetches()[1]?.headers["if-none-match"]).toBe(isSent ? etag : undefined);
});

it("clearCache forgets at once, and a request in progress isn't cached", async () => {
  const { platform, client } = await setup();
  await client.getPromptVersion("greeting");
  await client.clearCache();
  platform.prompt = (response) => setTimeout(() => json(response, 200, version({ version_number: 2 })), 50);
  const underWay = client.getPromptVersion("greeting");
  await fetches(platform, 2);
  const cleared = client.clearCache();
  platform.prompt = answers(200, version({ version_number: 3 }));
  expect((await client.getPromptVersion("greeting")).versionNumber).toBe(3);
  expect((await underWay).versionNumber).toBe(2);
  await cleared;
  expect((await client.getPromptVersion("greeting")).versionNumber).toBe(3);
});

it("close aborts calls in progress and refuses later ones, cached or not", async () => {
  const { platform, client } = await setup();
  await client.getPromptVersion("cached");
  platform.prompt = () => {};
  const underWay = failure(client.getPromptVersion("greeting"));
  const direct = failure(client.getPromptVersion("greeting", { cache: false }));
  await fetches(platform, 3);
  await client.close();
  await client.close();
  expect(await underWay).toMatchObject({ code: "client_closed" });
  expect(await direct).toMatchObject({ code: "client_closed" });
  expect(await failure(client.getPromptVersion("cached"))).toMatchObject({ code: "client_closed" });
});

it("the debug log says where each version came from, and why", async () => {
  const { platform, clock, get } = await setupClock();
  platform.prompt = (response, { headers }) =>
    headers["if-none-match"] === undefined
      ? json(response, 200, version(), { etag: '"1"' })
      : response.writeHead(304).end();
  lines.length = 0;
  await get();
  await get();
  clock.seconds = 100;
  await get();
  await vi.waitFor(() => expect(lines).toHaveLength(3));
  const shared = { cacheStore: new Map() as unknown as CacheStore };
  for (let i = 0; i < 2; i++) await makeClient(platform, shared).getPromptVersion("greeting");
  platform.prompt = answers(503);
  clock.seconds = 5000;
  await get();
  expect(lines.map((line) => line.replace("greeting@production: version 1 ", ""))).toEqual([
    "was fetched",
    "in memory is stale",
    "was confirmed",
    "was fetched",
    "is in the shared cache",
    "in memory is old",
    "is served: it couldn't be refreshed",
  ]);
});
