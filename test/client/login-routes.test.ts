// The login's two routes: the one of the official SDKs, and the documented one.
import { describe, expect, it } from "vitest";
import { failure, makeClient, setup } from "./client-setup.ts";
import { answers, type Behaviour, inTurn, token } from "./faulty-platform.ts";

const SDK = "/v1/auth/applications/login";
const DOCUMENTED = "/v1/auth/sdk-token";

/** A server with one of the routes; the other one answers with `absent`. */
const only =
  (route: string, absent = 404, there: Behaviour = token()): Behaviour =>
  (response, seen) =>
    (seen.path === route ? there : answers(absent, { code: "not_found", message: "No." }))(response, seen);

/** Each fetch is refused once with its token, so that each is a new login. */
const refusesEachToken = (): Behaviour => {
  const refused = new Set<string>();
  return (response, seen) => {
    const sent = String(seen.headers.authorization);
    if (refused.has(sent)) return answers(401)(response, seen);
    refused.add(sent);
    return answers(500)(response, seen);
  };
};

/** Logs in as often as it's said how. */
async function logIn(...logins: readonly Behaviour[]) {
  const { platform, client } = await setup({ maxRetries: 0 });
  platform.prompt = refusesEachToken();
  let error: Awaited<ReturnType<typeof failure>> | undefined;
  for (const [time, login] of logins.entries()) {
    platform.login = login;
    error = await failure(client.getPromptVersion(`p${time}`));
  }
  const paths = platform.logins().map(({ path }) => path);
  const bodies = platform.logins().map(({ body }) => JSON.parse(body));
  return { paths, bodies, error };
}

describe.each([404, 405])("if the missing route answers %i", (absent) => {
  const [sdk, documented] = [only(SDK, absent), only(DOCUMENTED, absent)];

  it("the SDKs' route is tried first, and is the only one if it exists", async () => {
    const { paths, bodies } = await logIn(sdk, sdk);
    expect(paths).toEqual([SDK, SDK]);
    expect(bodies[0]).toEqual({ account_id: "org_1", client_id: "key-hush", client_secret: "secret-hush" });
  });

  it("the documented one is tried then, and is the only one from then on", async () => {
    const { paths, bodies } = await logIn(documented, documented, documented);
    expect(paths).toEqual([SDK, DOCUMENTED, DOCUMENTED, DOCUMENTED]);
    expect(bodies[1]).toEqual({ account_id: "org_1", key_id: "key-hush", key_secret: "secret-hush" });
  });

  it("a route that is down for a moment is tried first again: only what works is remembered", async () => {
    const { paths, error } = await logIn(sdk, only(DOCUMENTED, absent, answers(401)), sdk);
    expect(paths).toEqual([SDK, SDK, DOCUMENTED, SDK]);
    expect(error).toMatchObject({ code: "server_error" });
  });

  it("a login that moves while the client runs is followed, and back", async () => {
    const { paths } = await logIn(sdk, documented, documented, sdk, sdk);
    expect(paths).toEqual([SDK, SDK, DOCUMENTED, DOCUMENTED, DOCUMENTED, SDK, SDK]);
  });
});

it("if neither exists the error names both, each was tried once, and no secret is shown", async () => {
  const { paths, error } = await logIn(answers(404, { message: "No secret-hush here." }));
  expect([...paths].sort()).toEqual([SDK, DOCUMENTED].sort());
  expect(error).toMatchObject({ name: "TokenRefreshError", code: "login_failed", httpStatus: 404 });
  for (const route of [SDK, DOCUMENTED]) expect(error?.message).toContain(route);
  expect(error?.hint).toContain("SCOPE_AUTH_API_URL");
  expect(error?.message).not.toContain("hush");
});

it.each([401, 403])("a documented route that refuses with %i is remembered too", async (status) => {
  const refusing = only(DOCUMENTED, 404, answers(status));
  const { paths, error } = await logIn(refusing, refusing);
  expect(error).toMatchObject({ name: "InvalidCredentialsError", httpStatus: status });
  expect(paths).toEqual([SDK, DOCUMENTED, DOCUMENTED]);
});

it.each([400, 401, 503])("a first route that answers %i is the only one tried", async (status) => {
  expect((await logIn(only(SDK, 404, answers(status)))).paths).toEqual([SDK]);
});

it("a second route without a response is an outage without a status", async () => {
  const { platform, client } = await setup({ maxRetries: 0 });
  platform.login = (response, seen) =>
    seen.path === SDK ? answers(404)(response, seen) : response.destroy();
  const error = await failure(client.getPromptVersion("a"));
  expect(error).toMatchObject({
    name: "TokenRefreshError",
    httpStatus: 0,
    cause: { name: "ConnectionError" },
  });
});

it("each route is retried like any request", async () => {
  const { platform, client } = await setup();
  platform.login = inTurn(answers(503), answers(404), answers(503), token());
  await client.getPromptVersion("a");
  expect(platform.logins().map(({ path }) => path)).toEqual([SDK, SDK, DOCUMENTED, DOCUMENTED]);
});

describe("without an address of its own, the login is at that of the prompts", () => {
  it.each(["", "/", "/api/v1", "/scope", "/scope/api/v1/"])("with %j after the host", async (end) => {
    const { platform } = await setup();
    const client = makeClient(platform, { baseUrl: platform.url + end, authApiUrl: undefined });
    // The documented route is tried first, so a gateway's 401 for the other one isn't met.
    const path = (end.startsWith("/scope") ? "/scope" : "") + DOCUMENTED;
    platform.login = only(path, 401);
    await client.getPromptVersion("a");
    expect(platform.logins().map((seen) => seen.path)).toEqual([path]);
    expect(JSON.parse(platform.logins()[0]?.body ?? "")).toMatchObject({ key_id: "key-hush" });
  });

  it.each([404, 405])("the SDKs' is tried after a %i, and then remembered", async (absent) => {
    const { platform } = await setup();
    const client = makeClient(platform, { authApiUrl: undefined });
    platform.login = only(SDK, absent);
    platform.prompt = refusesEachToken();
    for (const name of ["a", "b"]) await failure(client.getPromptVersion(name));
    expect(
      platform
        .logins()
        .map(({ path }) => path)
        .slice(0, 3),
    ).toEqual([DOCUMENTED, SDK, SDK]);
  });
});

it("both are below the address's own path", async () => {
  const { platform } = await setup();
  platform.login = only(`/gateway${DOCUMENTED}`);
  await makeClient(platform, { authApiUrl: `${platform.url}/gateway//` }).getPromptVersion("a");
  expect(platform.logins().map(({ path }) => path)).toEqual([`/gateway${SDK}`, `/gateway${DOCUMENTED}`]);
});
