import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  ApiKeyCredentials,
  ClientCredentials,
  Configuration,
  ConfigurationError,
  type CredentialsInput,
  client,
  configuration,
  configure,
  MissingApiKeyError,
  resetConfiguration,
  ScopeClient,
} from "../../src/client/index.ts";
import { CREDENTIALS, stringForms } from "./client-setup.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  resetConfiguration();
});

it("an http:// address from the environment is allowed by a client's own options and by configure() alone", async () => {
  vi.stubEnv("SCOPE_API_URL", "http://scope.example");
  expect(() => new ScopeClient({ credentials: CREDENTIALS })).toThrow(/http:/);
  await using one = new ScopeClient({ credentials: CREDENTIALS, allowInsecure: true });
  configure({ credentials: CREDENTIALS, allowInsecure: true });
  await using other = new ScopeClient({ timeout: 5 });
  for (const { config } of [one, other]) expect(config.baseUrl).toBe("http://scope.example");
});

describe("ApiKeyCredentials", () => {
  it("accepts key and secret under both names, and is ClientCredentials too", () => {
    expect(ClientCredentials).toBe(ApiKeyCredentials);
    const { orgId, apiKey: clientId, apiSecret: clientSecret } = CREDENTIALS;
    for (const given of [CREDENTIALS, { orgId, clientId, clientSecret }])
      expect(new ApiKeyCredentials(given)).toMatchObject({ ...CREDENTIALS, clientId, clientSecret });
  });

  it("comes from the environment, where the client's names override the SDKs'", () => {
    const env = { SCOPE_ORG_ID: "o", SCOPE_API_KEY: "old", SCOPE_CLIENT_ID: "new", SCOPE_API_SECRET: "s" };
    expect(ApiKeyCredentials.fromEnv(env)).toMatchObject({ orgId: "o", apiKey: "new", apiSecret: "s" });
  });

  it("names what is missing and what is set, never a value", () => {
    const nothing = {
      name: "MissingApiKeyError",
      code: "credentials_missing",
      message: "No credentials are set.",
      hint: expect.stringContaining("SCOPE_API_SECRET, or pass baseUrl and credentials"),
    };
    const unset = () => new ApiKeyCredentials(undefined as unknown as CredentialsInput);
    for (const make of [() => ApiKeyCredentials.fromEnv({}), () => new ApiKeyCredentials({}), unset])
      expect(make).toThrow(expect.objectContaining(nothing));
    expect(() => ApiKeyCredentials.fromEnv({ SCOPE_API_KEY: "hush" })).toThrow(
      "The credentials are incomplete: SCOPE_API_KEY is set, SCOPE_ORG_ID and SCOPE_API_SECRET or SCOPE_CLIENT_SECRET are not.",
    );
    // What is explicit doesn't read the environment.
    vi.stubEnv("SCOPE_API_SECRET", "from-env");
    expect(() => new ApiKeyCredentials({ orgId: "o", apiKey: "hush" })).toThrow(MissingApiKeyError);
  });

  it("is immutable, and shows key and secret in no string form", () => {
    const credentials = new ApiKeyCredentials(CREDENTIALS);
    expect(inspect(credentials)).toBe(String(credentials));
    expect(String(credentials)).toMatch(/^ApiKeyCredentials \{"orgId":"org_1","apiKey":"\[REDACTED\]"/);
    const shown = stringForms(credentials);
    expect(shown).not.toContain("hush");
    expect(shown).toContain("org_1");
    expect(() => Object.assign(credentials, { apiSecret: "other" })).toThrow(TypeError);
  });
});

describe("Configuration", () => {
  it("has every option in the user's units, frozen, and writes it", () => {
    const config = new Configuration({ timeout: 5, credentials: CREDENTIALS }, {});
    expect(config).toMatchObject({ timeout: 5, cacheTtl: 300, baseUrl: undefined, authApiUrl: undefined });
    expect(Object.isFrozen(config)).toBe(true);
    const { credentials, cacheStore, ...values } = config;
    expect(credentials).toBeInstanceOf(ApiKeyCredentials);
    expect(cacheStore).toBeUndefined();
    expect(Object.keys(values)).toHaveLength(19);
    expect(config.toJSON()).toEqual({ credentials: (credentials as ApiKeyCredentials).toJSON(), ...values });
  });

  it("logs in at the prompts' address if it has no other", () => {
    const url = "https://gw.example/scope";
    const { baseUrl, authApiUrl } = new Configuration({ baseUrl: `${url}/api/v1/` }, {});
    expect([baseUrl, authApiUrl]).toEqual([url, url]);
  });

  it("merges: the later option wins, undefined keeps it, and what wasn't explicit stays open", () => {
    const base = new Configuration({ timeout: 5, maxRetries: 1 }, { SCOPE_ENVIRONMENT: "staging" });
    const merged = base.merge({ timeout: 6, maxRetries: undefined });
    expect(merged).toMatchObject({ timeout: 6, maxRetries: 1, environment: "staging" });
    expect(base.timeout).toBe(5);
  });

  it("shows key and secret in no string form", () => {
    const cacheStore = Object.assign(new Map(), { url: "redis://user:hush@host" });
    const config = new Configuration({ credentials: CREDENTIALS, cacheStore: cacheStore as never }, {});
    expect(JSON.stringify(config) + inspect(config, { depth: 9, showHidden: true })).not.toContain("hush");
    expect(inspect(config)).toBe(String(config));
    expect(config.toJSON()).toMatchObject({
      credentials: { orgId: "org_1", apiKey: "[REDACTED]", apiSecret: "[REDACTED]" },
      cacheStore: "[store]",
      timeout: 30,
    });
    expect(String(config)).toBe(`Configuration ${JSON.stringify(config.toJSON())}`);
  });

  it("has its store, and no credentials if there are none", () => {
    const cacheStore = new Map() as never;
    const config = new Configuration({ cacheStore }, {});
    expect(config.cacheStore).toBe(cacheStore);
    expect(config.credentials).toBeUndefined();
    expect(config.merge({ timeout: 5 }).cacheStore).toBe(cacheStore);
    const shown = new Configuration({}, {}).toJSON();
    expect(shown).toMatchObject({ credentials: undefined });
    expect(Object.keys(shown)).not.toContain("cacheStore");
  });

  it("reads the process's environment unless it gets one", () => {
    vi.stubEnv("SCOPE_ENVIRONMENT", "of-the-process");
    expect(new Configuration().environment).toBe("of-the-process");
    expect(new Configuration({}, {}).environment).toBe("production");
  });

  it("refuses invalid options", () => {
    expect(() => new Configuration({ timeout: 30_000 }, {})).toThrow(ConfigurationError);
    expect(() => new Configuration({}, {}).merge({ timout: 1 } as never)).toThrow('Unknown option "timout".');
  });
});

describe("the configuration of the process", () => {
  beforeEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith("SCOPE_")) vi.stubEnv(name, undefined);
    resetConfiguration();
  });

  it("is read from the environment once, until configure adds to it or it is reset", () => {
    vi.stubEnv("SCOPE_ENVIRONMENT", "one");
    const first = configuration();
    vi.stubEnv("SCOPE_ENVIRONMENT", "two");
    expect(configuration()).toBe(first);
    expect(first.environment).toBe("one");
    configure({ timeout: 7 });
    const config = configure({ maxRetries: 0 });
    expect(config).toBe(configuration());
    expect(config).toMatchObject({ timeout: 7, maxRetries: 0 });
    resetConfiguration();
    expect(configuration()).toMatchObject({ timeout: 30, environment: "two" });
  });

  it("a bad option leaves the current values", () => {
    configure({ timeout: 7 });
    expect(() => configure({ timeout: 1e9 })).toThrow(ConfigurationError);
    expect(configuration().timeout).toBe(7);
  });

  it("client() is one client until the configuration changes or it is closed", async () => {
    configure({ credentials: CREDENTIALS, baseUrl: "https://scope.example" });
    const first = client();
    expect(client()).toBe(first);
    configure({ timeout: 7 });
    const second = client();
    expect(second).not.toBe(first);
    expect(second.config.timeout).toBe(7);
    await second.close();
    expect(client()).not.toBe(second);
    const own = client({ timeout: 8 });
    expect(own.config).toMatchObject({ timeout: 8, credentials: CREDENTIALS });
    await Promise.all([first.close(), own.close(), client().close()]);
  });

  it("a client's own options override those of config, or else the process's", async () => {
    const baseUrl = "https://scope.example";
    configure({ credentials: CREDENTIALS, baseUrl, timeout: 7 });
    const config = new Configuration({ credentials: CREDENTIALS, baseUrl, timeout: 9 });
    for (const [options, timeout, maxRetries] of [
      [undefined, 7, 3],
      [{ maxRetries: 0 }, 7, 0],
      [{ config, maxRetries: 1 }, 9, 1],
      [config, 9, 3],
    ] as const) {
      await using each = new ScopeClient(options);
      expect(each.config).toMatchObject({ timeout, maxRetries });
    }
  });

  it("a client without credentials is refused when it's created", () => {
    expect(() => client()).toThrow(MissingApiKeyError);
    expect(() => new ScopeClient({ timeout: 5 })).toThrow(MissingApiKeyError);
  });

  it.each([CREDENTIALS, async () => CREDENTIALS, { getToken: () => "hush" }])(
    "so is one without an address, however it gets its credentials: %#",
    (credentials) => {
      expect(configure({ credentials }).baseUrl).toBeUndefined();
      const refusal = expect.objectContaining({
        name: "ConfigurationError",
        code: "base_url_missing",
        hint: expect.stringContaining("SCOPE_API_URL"),
      });
      for (const make of [client, () => new ScopeClient({ authApiUrl: "https://auth.example" })])
        expect(make).toThrow(refusal);
      vi.stubEnv("SCOPE_API_URL", "https://scope.example");
      expect(() => new ScopeClient({ credentials, config: new Configuration() })).not.toThrow();
    },
  );
});
