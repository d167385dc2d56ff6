import { describe, expect, it, vi } from "vitest";
import { type Api, fetchVersion } from "../../../src/client/api/fetch-version.ts";
import type { TokenSource } from "../../../src/client/api/token-source.ts";
import { Cancel } from "../../../src/client/http/cancel.ts";
import type { PromptRef } from "../../../src/prompt.ts";
import { failure } from "../client-setup.ts";
import { fakeTransport, type Reply, senderOf } from "../fake-transport.ts";
import { version } from "../faulty-platform.ts";

const PRODUCTION: PromptRef = { name: "greeting", pin: { kind: "label", label: "production" } };
const LATEST: PromptRef = { name: "greeting", pin: { kind: "label", label: "latest" } };
const BY_ID: PromptRef = { name: "greeting", pin: { kind: "version", versionId: "version_1" } };
const FOUND: Reply = { body: version() };
const notFound = (code?: string): Reply => ({ status: 404, body: { error: { code } } });

function setup(replies: Reply[], overrides: Partial<Api> = {}) {
  const transport = fakeTransport(...replies);
  let made = 0;
  const drop = vi.fn();
  const tokens = { get: () => `token-${++made}`, drop } as unknown as TokenSource;
  const api: Api = {
    ...senderOf(transport),
    baseUrl: "https://api.example",
    apiVersion: "v1",
    environment: "staging",
    tokens,
    ...overrides,
  };
  return { api, drop, requests: transport.requests };
}

const lastNames = (requests: readonly { path: string }[]) =>
  requests.map(({ path }) => path.split("/").at(-1));

it("sends token and environment, and returns version and ETag", async () => {
  const { api, requests, drop } = setup([{ ...FOUND, headers: { etag: '"1"' } }]);
  const fetched = await fetchVersion(api, PRODUCTION, undefined);
  expect(fetched).toMatchObject({ kind: "version", data: { id: "version_1" }, etag: '"1"' });
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({
    method: "GET",
    origin: "https://api.example",
    path: "/api/v1/prompts/greeting/production",
    headers: { authorization: "Bearer token-1", "x-scope-environment": "staging" },
  });
  expect(requests[0]?.headers).not.toHaveProperty("if-none-match");
  expect(drop).not.toHaveBeenCalled();
});

describe("a known ETag", () => {
  it("is sent, and a 304 confirms it", async () => {
    const { api, requests } = setup([{ status: 304 }]);
    expect(await fetchVersion(api, PRODUCTION, '"1"')).toEqual({ kind: "unchanged" });
    expect(requests[0]?.headers["if-none-match"]).toBe('"1"');
  });

  it("a 304 without one is an error", async () => {
    const { api } = setup([{ status: 304 }]);
    expect(await failure(fetchVersion(api, PRODUCTION, undefined))).toMatchObject({ httpStatus: 304 });
  });

  it("another status is handled as usual", async () => {
    const { api } = setup([{ status: 500 }]);
    expect(await failure(fetchVersion(api, PRODUCTION, '"1"'))).toMatchObject({ code: "server_error" });
  });
});

it.each<[etag: string | undefined, kept: boolean]>([
  ['"1"', true],
  ['W/"a!~#"', true],
  ['""', true],
  [undefined, false],
  ["1", false],
  ['w/"1"', false],
  ['x"1"', false],
  ['"1"x', false],
  ['"a"b"', false],
  ['"a b"', false],
  ['"é"', false],
])("the ETag %j is kept: %s", async (etag, kept) => {
  const { api } = setup([{ ...FOUND, headers: etag === undefined ? {} : { etag } }]);
  expect(await fetchVersion(api, PRODUCTION, undefined)).toHaveProperty("etag", kept ? etag : undefined);
});

it("an unusable response is refused, with the prompt's name", async () => {
  const { api } = setup([{ body: "<html>" }]);
  expect(await failure(fetchVersion(api, PRODUCTION, undefined))).toMatchObject({
    code: "response_invalid",
    message: expect.stringContaining("https://api.example"),
    where: { prompt: "greeting" },
  });
});

it("a response with too many values is refused", async () => {
  const { api } = setup([FOUND], { mostParts: 1 });
  expect(await failure(fetchVersion(api, PRODUCTION, undefined))).toMatchObject({
    code: "response_too_large",
  });
});

it("no error shows the token", async () => {
  const invalid = setup([{ body: version({ status: "token-1" }) }]);
  const error = await failure(fetchVersion(invalid.api, PRODUCTION, undefined));
  expect(error.message).toMatch(/It contains the token, so it isn't shown\.$/);
  const refused = setup([{ status: 400, body: { message: "No token-1." } }]);
  const { message } = await failure(fetchVersion(refused.api, PRODUCTION, undefined));
  expect(message).toContain(": No ");
  expect(message).not.toContain("token-1");
});

it("every attempt is within the call's limits, with its own token", async () => {
  const cancel = new Cancel();
  const { api, requests } = setup([{ status: 500 }, FOUND], {
    clock: () => 500,
    async retry(limits, attempt) {
      expect(limits).toEqual({ cancel, deadlineAt: 3500 });
      await attempt();
      return attempt();
    },
  });
  await fetchVersion(api, PRODUCTION, undefined, cancel);
  expect(requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer token-1", "Bearer token-2"]);
  expect(requests[0]?.cancel).toBe(cancel);
});

describe("a login in progress", () => {
  const login = Promise.resolve("late");
  const tokens = { get: () => login } as unknown as TokenSource;

  it("is waited for", async () => {
    const { api, requests } = setup([FOUND], { tokens });
    await fetchVersion(api, PRODUCTION, undefined);
    expect(requests[0]?.headers.authorization).toBe("Bearer late");
  });

  it("is waited for within the limits", async () => {
    const waitWithin = vi.fn(async () => "in time");
    const { api, requests } = setup([FOUND], { tokens, waitWithin });
    await fetchVersion(api, PRODUCTION, undefined);
    expect(waitWithin).toHaveBeenCalledWith(login, { cancel: undefined, deadlineAt: 3000 });
    expect(requests[0]?.headers.authorization).toBe("Bearer in time");
  });

  it("isn't waited for if there is a token", async () => {
    const waitWithin = vi.fn();
    await fetchVersion(setup([FOUND], { waitWithin }).api, PRODUCTION, undefined);
    expect(waitWithin).not.toHaveBeenCalled();
  });
});

describe("a refused token", () => {
  it("is dropped, and a new one is tried", async () => {
    const { api, drop, requests } = setup([{ status: 401 }, FOUND]);
    expect(await fetchVersion(api, PRODUCTION, undefined)).toMatchObject({ kind: "version" });
    expect(drop.mock.calls).toEqual([["token-1"]]);
    expect(requests[1]?.headers.authorization).toBe("Bearer token-2");
  });

  it("is an error the second time", async () => {
    const { api, drop, requests } = setup([{ status: 401 }]);
    expect(await failure(fetchVersion(api, PRODUCTION, undefined))).toMatchObject({
      code: "authentication_failed",
    });
    expect(requests).toHaveLength(2);
    expect(drop).toHaveBeenCalledTimes(1);
  });
});

describe("404", () => {
  it.each([
    ["latest", LATEST],
    ["a version", BY_ID],
  ])("of %s means there's no such prompt", async (_, ref) => {
    const { api, requests } = setup([notFound()]);
    expect(await failure(fetchVersion(api, ref, undefined))).toMatchObject({ code: "prompt_not_found" });
    expect(requests).toHaveLength(1);
  });

  it("of production, if the code says that there's no production version", async () => {
    const { api, requests } = setup([notFound("no_Production_version")]);
    const error = await failure(fetchVersion(api, PRODUCTION, undefined));
    expect(error.name).toBe("NoProductionVersionError");
    expect(error.message).toBe('Prompt "greeting" has no production version.');
    expect({ ...error }).toEqual({
      code: "no_production_version",
      promptId: "greeting",
      where: { prompt: "greeting" },
      hint: 'Label a version production on the platform, or ask for label "latest".',
    });
    expect(error.cause).toMatchObject({ code: "prompt_not_found" });
    expect(requests).toHaveLength(1);
  });

  it.each(["prompt_not_found", "PromptNotFound", "prompt.not-found"])(
    "of production, if the code is %s",
    async (code) => {
      const { api, requests } = setup([notFound(code)]);
      expect(await failure(fetchVersion(api, PRODUCTION, undefined))).toMatchObject({
        code: "prompt_not_found",
      });
      expect(requests).toHaveLength(1);
    },
  );

  it("of production, without a code: the latest version decides", async () => {
    const { api, requests } = setup([notFound(), FOUND]);
    expect(await failure(fetchVersion(api, PRODUCTION, '"1"'))).toMatchObject({
      code: "no_production_version",
    });
    expect(lastNames(requests)).toEqual(["production", "latest"]);
    expect(requests[1]?.headers).not.toHaveProperty("if-none-match");
  });

  it("of production and of latest means there's no such prompt", async () => {
    const { api, requests } = setup([notFound("gone"), notFound("other")]);
    expect(await failure(fetchVersion(api, PRODUCTION, undefined))).toMatchObject({
      code: "prompt_not_found",
      errorCode: "gone",
    });
    expect(lastNames(requests)).toEqual(["production", "latest"]);
  });

  it("of production, with an outage for latest, is that outage", async () => {
    const { api } = setup([notFound(), { status: 503 }]);
    const error = await failure(fetchVersion(api, PRODUCTION, undefined));
    expect(error).toMatchObject({ code: "server_error" });
    expect(error.message).toContain("(production)");
  });
});

it("a 403 for production makes no second request", async () => {
  const { api, requests } = setup([{ status: 403 }]);
  expect(await failure(fetchVersion(api, PRODUCTION, undefined))).toMatchObject({ code: "access_denied" });
  expect(requests).toHaveLength(1);
});
