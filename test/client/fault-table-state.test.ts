// One test, or one block of them, for each row of the table of what the official SDKs do wrong: the token.
// The rows about hooks and the cache have files of their own: telemetry.test.ts, cache/cache.test.ts.
import { afterEach, describe, expect, it, vi } from "vitest";
import { Telemetry } from "../../src/client/index.ts";
import { failure, setup } from "./client-setup.ts";
import { answers, inTurn, json, token, version } from "./faulty-platform.ts";

afterEach(() => {
  Telemetry.clear();
  vi.restoreAllMocks();
});

describe("a login for every request when expires_in is at most the refresh buffer", () => {
  it.each([0, -5])("a token with no lifetime left is used until a 401: %i s", async (expiresIn) => {
    let now = 0;
    const { platform, client } = await setup({}, { clock: () => now });
    platform.login = token(expiresIn);
    for (now = 0; now < 1e9; now += 1e8) await client.getPromptVersion("greeting", { cache: false });
    expect(platform.logins()).toHaveLength(1);
    platform.prompt = inTurn(answers(401), answers(200, version()));
    await client.getPromptVersion("greeting", { cache: false });
    expect(platform.logins()).toHaveLength(2);
  });

  it.each([
    [100, 60, 40],
    [300, 60, 240],
    [undefined, 60, 240],
    ["30", 60, 240],
    [100, 0, 100],
    [30, 60, 15],
    [60, 60, 30],
    [61, 60, 1],
  ])("renewed before it ends: lifetime %s s, buffer %i s, renewed at %i s", async (expiresIn, buffer, at) => {
    let now = 0;
    const loginTimes: number[] = [];
    const { platform, client } = await setup({ tokenRefreshBuffer: buffer }, { clock: () => now });
    platform.login = (response) => {
      loginTimes.push(now / 1000);
      json(response, 200, { access_token: `token-${loginTimes.length}`, expires_in: expiresIn });
    };
    for (const second of [0, at - 1, at, at + 0.5]) {
      now = second * 1000;
      await client.getPromptVersion("greeting", { cache: false });
      // A renewal goes on behind the call that began it.
      await vi.waitFor(() => expect(loginTimes).toHaveLength(second < at ? 1 : 2));
    }
    expect(loginTimes).toEqual([0, at]);
    await client.getPromptVersion("greeting", { cache: false });
    expect(platform.fetches().at(-1)?.headers.authorization).toBe("Bearer token-2");
  });

  it("a failed renewal harms nobody while the old token is valid, and is tried again 5 s later", async () => {
    let now = 0;
    const { platform, client } = await setup({ maxRetries: 0 }, { clock: () => now });
    let failed = Promise.resolve();
    const get = async (at: number) => {
      now = at;
      await client.getPromptVersion("greeting", { cache: false });
      await failed;
      return platform.logins().length;
    };
    expect(await get(0)).toBe(1);
    platform.login = answers(503);
    failed = new Promise((resolve) => {
      const off = Telemetry.onResponse(({ method }) => {
        if (method === "POST") setImmediate(() => resolve(off()));
      });
    });
    expect(await get(250_000)).toBe(2);
    expect(await get(254_999)).toBe(2);
    await get(255_000);
    await vi.waitFor(() => expect(platform.logins()).toHaveLength(3));
    await expect(get(301_000)).rejects.toMatchObject({ httpStatus: 503 });
  });

  it("a lifetime counts from when the successful attempt was sent", async () => {
    let now = 0;
    const sleep = async () => {
      now = 50_000;
    };
    const { platform, client } = await setup({ tokenRefreshBuffer: 0 }, { clock: () => now, sleep });
    platform.login = inTurn(answers(503), (response, seen) => {
      now = 60_000;
      token(100)(response, seen);
    });
    const logins = async (at: number) => {
      now = at;
      await client.getPromptVersion("greeting", { cache: false });
      return platform.logins().length;
    };
    expect([await logins(0), await logins(149_999), await logins(150_000)]).toEqual([2, 2, 3]);
  });

  it("a caller that aborts doesn't end the others' login", async () => {
    const { platform, client } = await setup();
    const controller = new AbortController();
    platform.login = (response, seen) => {
      controller.abort("enough");
      setTimeout(() => token()(response, seen), 20);
    };
    const given = failure(client.getPromptVersion("a", { signal: controller.signal }));
    const kept = client.getPromptVersion("b");
    expect(await given).toBe("enough");
    expect((await kept).id).toBe("version_1");
    expect(platform.logins()).toHaveLength(1);
  });

  it("on 401 one new login and one retry, shared by all callers of the revoked token", async () => {
    const { platform, client } = await setup();
    await client.getPromptVersion("warm-up");
    const revoked = platform.fetches()[0]?.headers.authorization;
    platform.prompt = (response, { headers }) =>
      headers.authorization === revoked ? json(response, 401, {}) : json(response, 200, version());
    await Promise.all(Array.from({ length: 20 }, (_, i) => client.getPromptVersion(`prompt-${i}`)));
    expect(platform.logins()).toHaveLength(2);
    expect(platform.fetches()).toHaveLength(41);
  });

  it("the clock is monotonic: setting the wall clock changes nothing", async () => {
    const { platform, client } = await setup();
    await client.getPromptVersion("a");
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 1e10);
    await client.getPromptVersion("b");
    await client.getPromptVersion("a");
    expect(platform.logins()).toHaveLength(1);
    expect(platform.fetches()).toHaveLength(2);
  });
});
