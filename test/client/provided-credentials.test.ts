// Credentials that rotate: a function that gives key and secret, an object that gives tokens.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  ApiKeyCredentials,
  type CacheStore,
  Configuration,
  type CredentialsSource,
  client as clientOfProcess,
  configure,
  isOutage,
  resetConfiguration,
  ScopeClient,
  type TokenProvider,
} from "../../src/client/index.ts";
import { CREDENTIALS, closing, failure, makeClient, setup, stringForms } from "./client-setup.ts";
import { answers, type Behaviour, json, startFaultyPlatform, version } from "./faulty-platform.ts";

// Of the machine that runs the tests nothing is taken.
beforeEach(() => void vi.stubEnv("SCOPE_ORG_ID", undefined));
afterEach(() => {
  vi.unstubAllEnvs();
  resetConfiguration();
});

/** Serves prompts for these tokens alone. */
const serves =
  (isGood: (token: string) => boolean): Behaviour =>
  (response, { headers }) => {
    if (!isGood(String(headers.authorization).replace("Bearer ", ""))) return json(response, 401, {});
    json(response, 200, version());
  };

describe("a function", () => {
  it("returns what the login uses, under either name, and is called again after a 401", async () => {
    let calls = 0;
    const credentials = async () =>
      ++calls === 1 ? CREDENTIALS : { orgId: "org_1", clientId: "key-2", clientSecret: "secret-2" };
    const { platform, client } = await setup({ credentials });
    let good = "1";
    platform.login = (response, { body }) =>
      json(response, 200, { access_token: body.includes("secret-hush") ? "1" : "2" });
    platform.prompt = serves((token) => token === good);
    for (const name of ["a", "b"]) await client.getPromptVersion(name);
    expect(calls).toBe(1);
    good = "2";
    await client.getPromptVersion("c");
    expect(calls).toBe(2);
    expect(platform.logins().map(({ body }) => JSON.parse(body))).toEqual([
      { account_id: "org_1", client_id: "key-hush", client_secret: "secret-hush" },
      { account_id: "org_1", client_id: "key-2", client_secret: "secret-2" },
    ]);
    expect(platform.fetches()).toHaveLength(4);
  });

  it("can return ApiKeyCredentials, synchronously, and leave the organisation to the environment", async () => {
    vi.stubEnv("SCOPE_ORG_ID", "org_env");
    const { client, platform } = await setup({ credentials: () => new ApiKeyCredentials(CREDENTIALS) });
    expect((await failure(client.getPromptVersion("a"))).message).toContain("organisation org_1");
    const other = makeClient(platform, { credentials: () => ({ apiKey: "k", apiSecret: "s" }) });
    await other.getPromptVersion("a");
    expect(JSON.parse(platform.logins()[0]?.body ?? "").account_id).toBe("org_env");
    vi.stubEnv("SCOPE_ORG_ID", undefined);
    await makeClient(platform, { credentials: () => new ApiKeyCredentials(CREDENTIALS) }).getPromptVersion(
      "a",
    );
    expect(JSON.parse(platform.logins()[1]?.body ?? "").account_id).toBe("org_1");
  });

  it("works for one organisation", async () => {
    const organisations = ["org_1", "org_2"];
    const { client, platform } = await setup({
      credentials: () => ({ ...CREDENTIALS, orgId: organisations.shift() }),
    });
    platform.prompt = answers(401);
    const error = await failure(client.getPromptVersion("a"));
    expect(error).toMatchObject({ name: "ConfigurationError", code: "config_invalid" });
    expect(error.message).toContain("org_2");
    expect(platform.logins()).toHaveLength(1);
  });

  it.each([
    [undefined, "orgId, apiKey, apiSecret missing, none set"],
    ["secret-hush", "orgId, apiKey, apiSecret missing"],
    [{ orgId: "o", apiKey: "secret-hush" }, "apiSecret missing, orgId, apiKey set"],
    [{ orgId: "o", apiKey: 5, apiSecret: "secret-hush" }, "apiKey missing, orgId, apiSecret set"],
  ])("that returns %j is an error that says what is missing, never a value", async (returned, message) => {
    const { client, platform } = await setup({ credentials: (() => returned) as never });
    const error = await failure(client.getPromptVersion("a"));
    expect(error).toMatchObject({ name: "MissingApiKeyError", code: "credentials_missing" });
    expect(error.message).toContain(message);
    expect(stringForms(error)).not.toContain("hush");
    expect(isOutage(error)).toBe(false);
    expect(platform.seen).toEqual([]);
  });
});

describe("getToken()", () => {
  /** Tokens by number, with what else the test wants of each. */
  const provider = (
    give: (call: number) => unknown,
    more: object = {},
  ): TokenProvider & { calls: number } => ({
    ...more,
    calls: 0,
    getToken() {
      this.calls += 1;
      return give(this.calls) as string;
    },
  });

  it.each<[string, unknown]>([
    ["as a string", "hush-1"],
    ["with its lifetime", { token: "hush-1", expiresIn: 60 }],
    ["of unknown lifetime", { token: "hush-1" }],
    ["in a promise", Promise.resolve("hush-1")],
  ])("replaces the login: a token %s", async (_, given) => {
    const credentials = provider(() => given);
    const { client, platform } = await setup({ credentials });
    for (const name of ["a", "b"]) await client.getPromptVersion(name);
    expect(platform.logins()).toEqual([]);
    const sent = platform.fetches().map(({ headers }) => headers.authorization);
    expect(sent).toEqual(["Bearer hush-1", "Bearer hush-1"]);
    expect(credentials.calls).toBe(1);
  });

  it("is called once more after a 401, and the request is sent again", async () => {
    const credentials = provider((call) => `hush-${call}`);
    const { client, platform } = await setup({ credentials });
    platform.prompt = serves((token) => token === "hush-2");
    await client.getPromptVersion("a");
    expect([credentials.calls, platform.fetches().length]).toEqual([2, 2]);
    platform.prompt = answers(401, { message: "hush-2, hush-3" });
    const error = await failure(client.getPromptVersion("b"));
    expect(error).toMatchObject({ name: "AuthenticationError", httpStatus: 401 });
    expect(stringForms(error)).not.toContain("hush-3");
    expect([credentials.calls, platform.fetches().length]).toEqual([3, 4]);
  });

  it.each([
    [{ token: "t", expiresIn: 100 }, 39, 41],
    ["t", 239, 241],
    [{ token: "t" }, 239, 241],
  ])("is called again %j, the buffer before it expires", async (given, before, after) => {
    let seconds = 0;
    const credentials = provider(() => given);
    const { client } = await setup({ credentials }, { clock: () => seconds * 1000 });
    const calls = [];
    for (seconds of [0, before, after]) {
      await client.getPromptVersion("a", { cache: false });
      calls.push(credentials.calls);
    }
    expect(calls).toEqual([1, 1, 2]);
  });

  it.each([undefined, null, 7, "", "a b\n", {}, { token: 5 }, { access_token: "hush" }])(
    "that returns %j is an error",
    async (given) => {
      const { client, platform } = await setup({ credentials: provider(() => given) });
      const error = await failure(client.getPromptVersion("a"));
      expect(error).toMatchObject({ name: "ConfigurationError", code: "config_invalid" });
      expect(stringForms(error)).not.toContain("hush");
      expect(platform.seen).toEqual([]);
    },
  );

  it("is in no string form of client or configuration, and neither is its object's content", async () => {
    class Vault {
      secret = "hush";
      readonly orgId = "org_1";
      async getToken() {
        return `${this.secret}-token`;
      }
    }
    const { client } = await setup({ credentials: new Vault() });
    await client.getPromptVersion("a");
    expect(stringForms(client) + stringForms(client.config)).not.toContain("hush");
    expect(client.config.toJSON().credentials).toEqual({ orgId: "org_1", getToken: "[function]" });
    const asked = new Configuration({ credentials: Object.assign(() => CREDENTIALS, { orgId: "o" }) }, {});
    expect(asked.toJSON().credentials).toEqual({ orgId: "o", function: "[function]" });
  });
});

describe("a failure of the application's own code", () => {
  const wrong = new Error("vault: hush is wrong");
  const reject = () => Promise.reject(wrong);
  const fail = () => {
    throw wrong;
  };
  it.each<[string, CredentialsSource]>([
    ["credentials()", reject],
    ["getToken()", { getToken: reject }],
    ["getToken()", { getToken: fail }],
  ])("of %s is a TokenRefreshError with its cause", async (name, credentials) => {
    const { client, platform } = await setup({ credentials });
    const error = await failure(client.getPromptVersion("a"));
    expect(error).toMatchObject({ name: "TokenRefreshError", code: "login_failed", httpStatus: 0 });
    expect(error.cause).toBe(wrong);
    expect(error.message).toContain(name);
    expect(error.message + error.hint).not.toContain("hush");
    expect(isOutage(error)).toBe(true);
    expect(platform.seen).toEqual([]);
  });

  it("is passed on if it's one of our errors", async () => {
    const { client } = await setup({ credentials: () => ApiKeyCredentials.fromEnv({}) });
    expect(await failure(client.getPromptVersion("a"))).toMatchObject({ name: "MissingApiKeyError" });
  });

  it("that never ends fails each call at its deadline, and a later call asks again", async () => {
    let calls = 0;
    const credentials = { getToken: () => (++calls === 1 ? new Promise<string>(() => {}) : "token") };
    const { client, platform } = await setup({ credentials, deadline: 0.3 });
    const error = await failure(client.getPromptVersion("a"));
    expect(error).toMatchObject({ name: "TimeoutError", code: "request_timeout" });
    expect(error.message).toBe(`No complete response from ${platform.url} within 0.3 s (deadline).`);
    await client.getPromptVersion("b");
    expect(calls).toBe(2);
  });
});

describe("a shared store", () => {
  it("is separated by the object's organisation, or else by SCOPE_ORG_ID", async () => {
    const map = new Map<string, unknown>();
    const cacheStore = map as unknown as CacheStore;
    const platform = closing(await startFaultyPlatform());
    const fetchWith = (credentials: TokenProvider) =>
      makeClient(platform, { credentials, cacheStore }).getPromptVersion("a");
    await fetchWith({ orgId: "org_a", getToken: () => "t" });
    vi.stubEnv("SCOPE_ORG_ID", "org_b");
    await fetchWith({ getToken: () => "t" });
    await fetchWith({ getToken: () => "t" });
    expect(platform.fetches()).toHaveLength(2);
    expect([...map.keys()].map((key) => /org_./.exec(key)?.[0])).toEqual(["org_a", "org_b"]);
  });

  it("is refused if the organisation is unknown, which is fine if nothing is shared", async () => {
    const options = {
      credentials: { getToken: () => "t" },
      cacheStore: new Map() as unknown as CacheStore,
      baseUrl: "https://scope.example",
    };
    expect(() => new ScopeClient(options)).toThrow(/organisation/);
    await using client = new ScopeClient({ ...options, cacheEnabled: false });
    expect(client.config.credentials?.orgId).toBeUndefined();
  });
});

it("works through configure(), Configuration and its merge", async () => {
  const platform = closing(await startFaultyPlatform());
  const urls = { baseUrl: platform.url, authApiUrl: platform.url };
  configure({ ...urls, credentials: { getToken: () => "from-configure" } });
  await closing(clientOfProcess()).getPromptVersion("a");
  const config = new Configuration({ ...urls, credentials: () => CREDENTIALS }).merge({ timeout: 5 });
  await closing(new ScopeClient({ config })).getPromptVersion("a");
  const again = new Configuration({ ...urls, credentials: config.credentials }, {});
  await closing(new ScopeClient(again)).getPromptVersion("a");
  expect(platform.fetches()[0]?.headers.authorization).toBe("Bearer from-configure");
  expect(platform.logins()).toHaveLength(2);
});

it.each([
  [{ getToken: "token" }, 'Unknown option "credentials.getToken"'],
  [{ getToken: () => "t", orgId: 5 }, "credentials.orgId must be text"],
])("%j is refused", (credentials, message) => {
  expect(() => new ScopeClient({ credentials: credentials as never })).toThrow(message);
});
