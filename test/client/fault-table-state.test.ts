// One test, or one block of them, for each row of the table of what the official SDKs do wrong: token, hooks.
// The row about the cache has a file of its own, cache.test.ts.
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  AuthenticationError,
  type ErrorInfo,
  type RequestInfo,
  type ResponseInfo,
  Telemetry,
} from "../../src/client/index.ts";
import { failure, setup } from "./client-setup.ts";
import { answers, inTurn, json, token, version } from "./faulty-platform.ts";

afterEach(() => {
  Telemetry.clear();
  vi.restoreAllMocks();
});

describe("a login for every request when expires_in is at most the refresh buffer", () => {
  it.each([60, 10, 1])("the buffer is clamped to the lifetime: %i s", async (expiresIn) => {
    const { platform, client } = await setup({ tokenRefreshBuffer: 60 }, { clock: () => 0 });
    platform.login = token(expiresIn);
    for (let i = 0; i < 5; i++) await client.getPromptVersion("greeting", { cache: false });
    expect(platform.logins()).toHaveLength(1);
  });

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

  it("one login in flight for any number of callers", async () => {
    const { platform, client } = await setup();
    platform.login = (response, seen) => setTimeout(() => token()(response, seen), 50);
    await Promise.all(Array.from({ length: 50 }, (_, i) => client.getPromptVersion(`prompt-${i}`)));
    expect(platform.logins()).toHaveLength(1);
    expect(platform.fetches()).toHaveLength(50);
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

  it("a 401 that a new login doesn't fix is an AuthenticationError", async () => {
    const { platform, client } = await setup();
    platform.prompt = (response, { headers }) =>
      json(response, 401, { error: { code: "token_invalid", message: `Bad ${headers.authorization}` } });
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({
      code: "authentication_failed",
      httpStatus: 401,
      errorCode: "token_invalid",
    });
    expect(error.message).toContain("Bad Bearer [REDACTED]");
    expect(platform.logins()).toHaveLength(2);
    expect(platform.fetches()).toHaveLength(2);
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

describe("hooks get full prompt text and headers; a raising hook breaks the request", () => {
  function record() {
    const requests: RequestInfo[] = [];
    const responses: ResponseInfo[] = [];
    const errors: ErrorInfo[] = [];
    const offs = [
      Telemetry.onRequest((info) => requests.push(info)),
      Telemetry.onResponse((info) => responses.push(info)),
      Telemetry.onError((info) => errors.push(info)),
    ];
    return { requests, responses, errors, offs };
  }

  it("hooks get method, url, status, time and ids of every attempt, also of logins", async () => {
    const { requests, responses, errors } = record();
    let now = 0;
    const { platform, client } = await setup({}, { clock: () => now });
    platform.prompt = inTurn(
      answers(503),
      (response) => response.socket?.destroy(),
      (response) => {
        now += 30;
        json(response, 200, version());
      },
    );
    await client.getPromptVersion("greeting");
    const url = `${platform.url}/api/v1/prompts/greeting/production`;
    expect(requests.map((info) => `${info.method} ${info.url}`)).toEqual([
      `POST ${platform.url}/v1/auth/applications/login`,
      ...Array(3).fill(`GET ${url}`),
    ]);
    expect(responses.map((info) => info.statusCode)).toEqual([200, 503, 200]);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.requestId).toBe(requests[2]?.requestId);
    expect(responses[2]).toEqual({
      requestId: requests[3]?.requestId,
      method: "GET",
      url,
      statusCode: 200,
      elapsedMs: 30,
    });
    expect(platform.seen.map(({ headers }) => headers["x-request-id"])).toEqual(
      requests.map((info) => info.requestId),
    );
  });

  it("no hook sees secret, token, body or text", async () => {
    const { requests, responses, errors } = record();
    const { platform, client } = await setup();
    platform.prompt = inTurn((response) => response.socket?.destroy(), answers(200, version()));
    await client.getPromptVersion("greeting");
    const all = JSON.stringify([requests, responses, errors]);
    expect(all).not.toMatch(/hush|token-\d|Hello/);
    expect(requests[1]?.headers.authorization).toBe("Bearer [REDACTED]");
  });

  it("content only if you ask for it, and never a login's", async () => {
    const contents: (string | undefined)[] = [];
    Telemetry.onResponse((info) => contents.push(info.content), { content: true });
    const { platform, client } = await setup();
    await client.getPromptVersion("greeting");
    expect(contents).toEqual([undefined, JSON.stringify(version())]);
    platform.prompt = (response) => response.writeHead(400).end();
    await failure(client.getPromptVersion("other"));
    expect(contents.at(-1)).toBe("");
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("hook");
      },
    ],
    [
      "rejects",
      async () => {
        throw new Error("hook");
      },
    ],
  ])("a hook that %s is reported once and isolated", async (_, hook) => {
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    const { platform, client } = await setup();
    platform.prompt = inTurn((response) => response.socket?.destroy(), answers(200, version()));
    Telemetry.onRequest(hook);
    Telemetry.onResponse(hook);
    const after = record();
    Telemetry.onError(hook);
    await client.getPromptVersion("greeting");
    await client.getPromptVersion("other");
    expect(after.responses).toHaveLength(3);
    expect(report.mock.calls).toEqual([
      ["A Telemetry.onRequest hook threw an error; the request goes on.", new Error("hook")],
    ]);
  });

  it("each registration returns a function that ends it, and clear ends all", async () => {
    const { requests, responses, errors, offs } = record();
    const { client } = await setup();
    for (const off of offs) off();
    await client.getPromptVersion("a");
    const again = record();
    Telemetry.clear();
    await client.getPromptVersion("b");
    expect([requests, responses, errors, again.requests, again.responses].flat()).toEqual([]);
  });

  it("telemetryEnabled: false keeps a client's events to itself", async () => {
    const { requests } = record();
    const { client } = await setup({ telemetryEnabled: false });
    await client.getPromptVersion("greeting");
    expect(requests).toEqual([]);
  });
});
