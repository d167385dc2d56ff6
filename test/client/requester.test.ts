import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resolveConnection } from "../../src/client/connection/connection.ts";
import { Cancel } from "../../src/client/http/cancel.ts";
import type { TransportRequest, TransportResponse } from "../../src/client/http/transport.ts";
import { Requester, type RequesterParts } from "../../src/client/requester.ts";
import { MissingApiKeyError } from "../../src/errors/classes.ts";
import type { Pin } from "../../src/prompt.ts";
import { CREDENTIALS, failure } from "./client-setup.ts";
import { fakeTransport } from "./fake-transport.ts";
import { version } from "./faulty-platform.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const AUTH = "https://auth.test";
const label: Pin = { kind: "label", label: "latest" };
const body = (value: unknown) =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const responding = (
  status: number,
  value: unknown = {},
  headers: Record<string, string> = {},
): TransportResponse => ({ status, header: (name) => headers[name], body: body(value) });

/** A requester on a clock that only the test moves, whose logins and fetches are answered so. */
function requesting(
  answers: {
    readonly login?: (request: TransportRequest) => TransportResponse | Promise<TransportResponse>;
    readonly prompt?: (request: TransportRequest) => TransportResponse | Promise<TransportResponse>;
  } = {},
  parts: RequesterParts = {},
) {
  const seen: TransportRequest[] = [];
  const login = answers.login ?? (() => responding(200, { access_token: "token-1" }));
  const prompt = answers.prompt ?? (() => responding(200, version(), { etag: '"1"' }));
  const connection = {
    baseUrl: "https://platform.test",
    authApiUrl: AUTH,
    environment: "test",
    credentials: CREDENTIALS,
    tokenRefreshBuffer: 0,
    timeout: 60,
    deadline: 5,
    maxBodyBytes: 10_000,
    maxRetries: 1,
    retryBaseDelay: 0.1,
    retryMaxDelay: 0.1,
  };
  const requester = new Requester(resolveConnection(connection, {}), {
    random: () => 0,
    sleep: async () => {},
    transport: {
      async request(request) {
        seen.push(request);
        return request.method === "POST" ? login(request) : prompt(request);
      },
      async close() {},
    },
    ...parts,
  });
  return { requester, seen, paths: () => seen.map(({ origin, path }) => origin + path) };
}

describe("a version", () => {
  it("is fetched with a token, which later ones share", async () => {
    const { requester, seen, paths } = requesting();
    const fetched = await requester.fetchVersion({ name: "a", pin: label });
    expect(fetched).toMatchObject({ kind: "version", etag: '"1"', data: { versionNumber: 1 } });
    await requester.fetchVersion({ name: "b", pin: label });
    expect(paths()).toEqual([
      "https://auth.test/v1/auth/applications/login",
      "https://platform.test/api/v1/prompts/a/latest",
      "https://platform.test/api/v1/prompts/b/latest",
    ]);
    expect(seen[1]?.headers.authorization).toBe("Bearer token-1");
    expect(seen[0]?.body).toContain("secret-hush");
  });

  it("that is known is requested with its ETag", async () => {
    const { requester, seen } = requesting({ prompt: () => responding(304) });
    const known = { etag: '"1"' };
    expect(await requester.fetchVersion({ name: "a", pin: label }, known)).toEqual({ kind: "unchanged" });
    expect(seen[1]?.headers["if-none-match"]).toBe('"1"');
  });

  it("is tried again as often as the policy says", async () => {
    let count = 0;
    const { requester, seen } = requesting({
      prompt: () => (count++ === 0 ? responding(503) : responding(200, version())),
    });
    expect((await requester.fetchVersion({ name: "a", pin: label })).kind).toBe("version");
    expect(seen).toHaveLength(3);
  });

  it("whose messages can't be read fails with their place", async () => {
    const broken = version({ prompt_type: "chat", content: '[{"role":\n  5}]' });
    const { requester } = requesting({ prompt: () => responding(200, broken) });
    const error = await failure(requester.fetchVersion({ name: "a", pin: label }));
    expect(error.where).toMatchObject({ prompt: "a", versionNumber: 1 });
    expect(error.hint).toContain("scope-gen doctor --json");
  });

  it("waits with all others if the platform limits the rate", async () => {
    const waits: number[] = [];
    const sleep = (ms: number) => {
      waits.push(ms);
      return new Promise<never>(() => {});
    };
    const { requester, paths } = requesting({ prompt: () => responding(429) }, { sleep });
    for (const name of ["a", "b"]) {
      requester.fetchVersion({ name, pin: label });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(waits).toEqual([50, 50]);
    expect(paths().slice(1)).toEqual(["https://platform.test/api/v1/prompts/a/latest"]);
  });

  it("ends when it is cancelled", async () => {
    const cancel = new Cancel();
    const { requester } = requesting({
      prompt() {
        cancel.abort("enough");
        return Promise.reject(new Error("broken"));
      },
    });
    expect(await failure(requester.fetchVersion({ name: "a", pin: label }, { cancel }))).toBe("enough");
  });
});

describe("an invalid name", () => {
  it("is refused before any request", async () => {
    const { requester, seen } = requesting();
    const error = await failure(requester.fetchVersion({ name: "..", pin: label }));
    expect(error.message).toBe(`".." can't be a prompt name.`);
    expect(error).toMatchObject({ code: "name_invalid", field: "name", where: { prompt: ".." } });
    expect(seen).toEqual([]);
  });

  it("is refused for a version too", async () => {
    const { requester, seen } = requesting();
    const pin: Pin = { kind: "version", versionId: "." };
    const error = await failure(requester.fetchVersion({ name: "a", pin }));
    expect(error.message).toBe(`"." can't be a prompt version.`);
    expect(error).toMatchObject({ code: "name_invalid", field: "version", where: { prompt: "a" } });
    expect(seen).toEqual([]);
  });

  it("isn't one that a version has", async () => {
    const { requester, paths } = requesting({ prompt: () => responding(200, version({ id: "version_2" })) });
    await requester.fetchVersion({ name: "a", pin: { kind: "version", versionId: "version_2" } });
    expect(paths()[1]).toBe("https://platform.test/api/v1/prompts/a/versions/version_2");
  });
});

describe("a login that hangs", () => {
  const login = () => new Promise<never>(() => {});

  it("fails each call at its own deadline, and no earlier", async () => {
    const { requester, seen } = requesting({ login });
    const early = vi.fn();
    const first = failure(requester.fetchVersion({ name: "a", pin: label }));
    first.then(early);
    await vi.advanceTimersByTimeAsync(1000);
    const second = failure(requester.fetchVersion({ name: "b", pin: label }));
    second.then(early);
    await vi.advanceTimersByTimeAsync(3999);
    expect(early).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(early).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(1000);
    for (const error of [await first, await second]) {
      expect(error.message).toBe("No complete response from https://auth.test within 5 s (deadline).");
      expect(error.code).toBe("request_timeout");
    }
    expect(seen).toHaveLength(1);
  });

  it("ends for the call that is cancelled", async () => {
    const { requester } = requesting({ login });
    const cancel = new Cancel();
    const failed = failure(requester.fetchVersion({ name: "a", pin: label }, { cancel }));
    cancel.abort("enough");
    expect(await failed).toBe("enough");
  });

  it("ends with the reason when the requester is closed", async () => {
    const { requester } = requesting({
      login: ({ cancel }) =>
        new Promise((_, reject) => {
          cancel?.onAbort(() => reject(new Error("given up")));
        }),
    });
    const failed = failure(requester.fetchVersion({ name: "a", pin: label }));
    await new Promise((resolve) => setImmediate(resolve));
    requester.close("closed");
    expect(await failed).toBe("closed");
  });
});

it("opened for a connection, asks once with a login of its own, and ends what runs when it is closed", async () => {
  vi.useRealTimers();
  const connection = resolveConnection(
    { credentials: CREDENTIALS, baseUrl: "https://scope.example", timeout: 5 },
    {},
  );
  const transport = fakeTransport({ body: { access_token: "token" } }, { body: version() });
  const requester = new Requester(connection, { transport });
  expect(await requester.fetchFirst({ name: "greeting", pin: label })).toMatchObject({ versionNumber: 1 });
  expect(transport.requests).toHaveLength(2);
  const hanging = new Requester(connection, {
    transport: { request: () => new Promise(() => {}), close: async () => {} },
  });
  const running = hanging.fetchFirst({ name: "greeting", pin: label }, new Cancel());
  await hanging.close();
  await expect(running).rejects.toMatchObject({ code: "client_closed" });
  expect(() => new Requester(resolveConnection({}, {}))).toThrow(MissingApiKeyError);
});
