import { describe, expect, it, vi } from "vitest";
import { configureLive, liveStatus } from "../../../src/runtime/configure-live.ts";
import { credentials, refresh, serve, time, useSimulatedTime } from "./live-server.ts";

useSimulatedTime();

const LOGIN = { access_token: "token", expires_in: 300 };
const ETAG = '"2"';

function json(body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), { headers });
}

function version(content: string): unknown {
  const metadata = { model: "large" };
  return {
    id: "version_2",
    prompt_id: "prompt_1",
    version_number: 2,
    status: "published",
    content,
    metadata,
  };
}

describe("a condition", () => {
  const other = { "the base URL": "https://b.test", "the environment": "staging", "the organisation": "b" };

  /** A platform whose every site has another version, by the same etag. */
  function sites() {
    const conditions: (string | null)[] = [];
    let login: { account_id?: string } = {};
    const answer = async (url: string, { body, headers }: RequestInit) => {
      if (body) {
        login = JSON.parse(body as string);
        return json(LOGIN);
      }
      const sent = new Headers(headers);
      conditions.push(sent.get("if-none-match"));
      if (conditions.at(-1) === ETAG) return new Response(null, { status: 304 });
      const site = [new URL(url).origin, sent.get("x-scope-environment"), login.account_id];
      return json(version(`Hi {{name}} of ${site.join()}`), { etag: ETAG });
    };
    return { answer: answer as typeof fetch, conditions };
  }

  it.each([
    ["the base URL", () => configureLive({ baseUrl: other["the base URL"] })],
    ["the environment", () => vi.stubEnv("SCOPE_ENVIRONMENT", other["the environment"])],
    ["the organisation", () => configureLive({ credentials: { ...credentials, orgId: "b" } })],
  ] as const)("isn't sent if %s is different", async (what, change) => {
    const { answer, conditions } = sites();
    const { prompt } = serve({ fetch: answer });
    await refresh();
    await refresh();
    expect(conditions).toEqual([null, ETAG]);
    expect(prompt.content).toBe("Hi {{name}} of https://platform.test,production,org");
    change();
    await refresh();
    vi.stubEnv("SCOPE_ENVIRONMENT", "");
    expect(conditions).toEqual([null, ETAG, null]);
    expect(prompt.content).toContain(other[what]);
  });

  it("that wasn't sent isn't answered by a 304", async () => {
    const onError = vi.fn();
    const answer = async (_: string, { body }: RequestInit) =>
      body ? json(LOGIN) : new Response(null, { status: 304 });
    const { answer: first } = sites();
    serve({ fetch: first, onError });
    await refresh();
    configureLive({ fetch: answer as typeof fetch, environment: "staging" });
    expect(await refresh()).toMatchObject([{ status: "stale", versionNumber: 2 }]);
    expect(onError.mock.calls.map(([error]) => [error.code, error.httpStatus])).toEqual([
      ["redirect_refused", 304],
    ]);
  });
});

describe("a fetch that ignores the signal", () => {
  const never = () => new Promise<never>(() => {});

  it.each([
    ["at the login", "login_failed"],
    ["at the prompt", "request_timeout"],
  ])("delays nobody for longer than the time-out: %s", async (where, code) => {
    const onError = vi.fn();
    const answer = async (_: string, { body }: RequestInit) =>
      !!body === (where === "at the login") ? never() : json(LOGIN);
    serve({ fetch: answer as typeof fetch, timeout: 2, onError });
    expect(await refresh()).toMatchObject([{ status: "stale" }]);
    const [error] = onError.mock.calls[0] as [Error & { code: string; cause: { code?: string } }];
    expect(error.code).toBe(code);
    expect(error.message).toContain("No complete response from ");
    expect(time.keepingAlive).toBe(0);
  });

  it("isn't waited for if a response is too large", async () => {
    const onError = vi.fn();
    const cancel = vi.fn(never);
    const answer = async (_: string, { body }: RequestInit) =>
      body
        ? json(LOGIN)
        : new Response(new ReadableStream({ pull: (given) => given.enqueue(new Uint8Array(400)), cancel }));
    serve({ fetch: answer as typeof fetch, maxBodyBytes: 1000, onError });
    await refresh(undefined, 1);
    expect(onError.mock.calls.map(([error]) => error.code)).toEqual(["response_too_large"]);
    expect(cancel).toHaveBeenCalledTimes(1);
    expect(liveStatus()).toMatchObject([{ status: "stale" }]);
  });
});
