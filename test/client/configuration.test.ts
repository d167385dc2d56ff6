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

const HUSH = { orgId: "org_1", apiKey: "key-hush", apiSecret: "secret-hush" };

afterEach(() => {
  vi.unstubAllEnvs();
  resetConfiguration();
});

/** Every form in which a value may end up in a log. */
function stringForms(value: unknown): string {
  const forms = [
    String(value),
    JSON.stringify(value),
    JSON.stringify({ value }),
    inspect(value, { depth: 9, showHidden: true }),
    inspect({ value }, { depth: 9, getters: true }),
    JSON.stringify({ ...(value as object) }),
  ];
  return forms.join("\n");
}

describe("an http:// address from the environment", () => {
  beforeEach(() => void vi.stubEnv("SCOPE_API_URL", "http://scope.example"));

  it("is allowed by the client's own options, and by configure()", async () => {
    await using one = new ScopeClient({ credentials: HUSH, allowInsecure: true });
    expect(one.config.baseUrl).toBe("http://scope.example");
    configure({ credentials: HUSH, allowInsecure: true });
    await using other = new ScopeClient({ timeout: 5 });
    expect(other.config.baseUrl).toBe("http://scope.example");
  });

  it("is refused otherwise", () => {
    expect(() => new ScopeClient({ credentials: HUSH })).toThrow(/http:/);
  });
});

describe("ApiKeyCredentials", () => {
  it("accepts key and secret under both names, and is ClientCredentials too", () => {
    expect(ClientCredentials).toBe(ApiKeyCredentials);
    const one = new ApiKeyCredentials(HUSH);
    const other = new ClientCredentials({
      orgId: "org_1",
      clientId: "key-hush",
      clientSecret: "secret-hush",
    });
    for (const each of [one, other]) {
      expect(each).toMatchObject(HUSH);
      expect([each.clientId, each.clientSecret]).toEqual([HUSH.apiKey, HUSH.apiSecret]);
    }
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
    expect(() => new ApiKeyCredentials({ orgId: "o", apiKey: "hush" })).toThrow(MissingApiKeyError);
  });

  it("doesn't read the environment if it's explicit", () => {
    vi.stubEnv("SCOPE_API_SECRET", "from-env");
    expect(() => new ApiKeyCredentials({ orgId: "o", apiKey: "k" })).toThrow(MissingApiKeyError);
  });

  it("shows key and secret in no string form", () => {
    const credentials = new ApiKeyCredentials(HUSH);
    expect(inspect(credentials)).toBe(String(credentials));
    expect(String(credentials)).toMatch(/^ApiKeyCredentials \{"orgId":"org_1","apiKey":"\[REDACTED\]"/);
    const shown = stringForms(credentials);
    expect(shown).not.toContain("hush");
    expect(shown).toContain("[REDACTED]");
    expect(shown).toContain("org_1");
  });

  it("is immutable", () => {
    const credentials = new ApiKeyCredentials(HUSH) as { apiSecret: string };
    expect(() => {
      credentials.apiSecret = "other";
    }).toThrow(TypeError);
  });
});

describe("Configuration", () => {
  it("has every option in the user's units, frozen", () => {
    const config = new Configuration({ timeout: 5, credentials: HUSH }, {});
    expect(config).toMatchObject({
      timeout: 5,
      cacheTtl: 300,
      baseUrl: undefined,
      authApiUrl: undefined,
      maxRetries: 3,
    });
    expect(new Configuration({ baseUrl: "https://gw.example/scope/api/v1/" }, {})).toMatchObject({
      baseUrl: "https://gw.example/scope",
      authApiUrl: "https://gw.example/scope",
    });
    expect(Object.isFrozen(config)).toBe(true);
    expect(config.credentials).toBeInstanceOf(ApiKeyCredentials);
  });

  it("merges: the later option wins, undefined keeps it, and what wasn't explicit stays open", () => {
    const base = new Configuration({ timeout: 5, maxRetries: 1 }, { SCOPE_ENVIRONMENT: "staging" });
    const merged = base.merge({ timeout: 6, maxRetries: undefined });
    expect(merged).toMatchObject({ timeout: 6, maxRetries: 1, environment: "staging" });
    expect(base.timeout).toBe(5);
  });

  it("shows key and secret in no string form", () => {
    const cacheStore = Object.assign(new Map(), { url: "redis://user:hush@host" });
    const config = new Configuration({ credentials: HUSH, cacheStore: cacheStore as never }, {});
    const shown = [
      String(config),
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
    ].join();
    expect(shown).not.toContain("hush");
    expect(inspect(config)).toBe(String(config));
    expect(config.toJSON()).toMatchObject({
      credentials: { orgId: "org_1", apiKey: "[REDACTED]", apiSecret: "[REDACTED]" },
      cacheStore: "[store]",
      timeout: 30,
    });
    expect(String(config)).toBe(`Configuration ${JSON.stringify(config.toJSON())}`);
  });

  it("writes every value", () => {
    const config = new Configuration({ credentials: HUSH }, {});
    const { credentials, cacheStore, ...values } = config;
    expect(credentials).toMatchObject({ apiKey: "key-hush" });
    expect(cacheStore).toBeUndefined();
    expect(Object.keys(values)).toHaveLength(19);
    expect(config.toJSON()).toEqual({ credentials: (credentials as ApiKeyCredentials).toJSON(), ...values });
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

  it("configure adds to what was set before, and resetConfiguration forgets it", () => {
    configure({ timeout: 7 });
    const config = configure({ maxRetries: 0 });
    expect(config).toBe(configuration());
    expect(config).toMatchObject({ timeout: 7, maxRetries: 0 });
    resetConfiguration();
    vi.stubEnv("SCOPE_ENVIRONMENT", "staging");
    expect(configuration()).toMatchObject({ timeout: 30, environment: "staging" });
  });

  it("is read from the environment once, until it is reset", () => {
    vi.stubEnv("SCOPE_ENVIRONMENT", "one");
    const first = configuration();
    vi.stubEnv("SCOPE_ENVIRONMENT", "two");
    expect(configuration()).toBe(first);
    expect(first.environment).toBe("one");
    resetConfiguration();
    expect(configuration().environment).toBe("two");
  });

  it("a bad option leaves the current values", () => {
    configure({ timeout: 7 });
    expect(() => configure({ timeout: 1e9 })).toThrow(ConfigurationError);
    expect(configuration().timeout).toBe(7);
  });

  it("client() is one client until the configuration changes or it is closed", async () => {
    configure({ credentials: HUSH, baseUrl: "https://scope.example" });
    const first = client();
    expect(client()).toBe(first);
    configure({ timeout: 7 });
    const second = client();
    expect(second).not.toBe(first);
    expect(second.config.timeout).toBe(7);
    await second.close();
    expect(client()).not.toBe(second);
    const own = client({ timeout: 8 });
    expect(own.config).toMatchObject({ timeout: 8, credentials: HUSH });
    await Promise.all([first.close(), own.close(), client().close()]);
  });

  it("a client's own options override those of config, or else the process's", async () => {
    const baseUrl = "https://scope.example";
    configure({ credentials: HUSH, baseUrl, timeout: 7 });
    const config = new Configuration({ credentials: HUSH, baseUrl, timeout: 9 });
    const clients = [
      new ScopeClient(),
      new ScopeClient({ maxRetries: 0 }),
      new ScopeClient({ config, maxRetries: 1 }),
      new ScopeClient(config),
    ];
    expect(clients.map(({ config }) => [config.timeout, config.maxRetries])).toEqual([
      [7, 3],
      [7, 0],
      [9, 1],
      [9, 3],
    ]);
    await Promise.all(clients.map((each) => each.close()));
  });

  it("a client without credentials is refused when it's created", () => {
    expect(() => client()).toThrow(MissingApiKeyError);
    expect(() => new ScopeClient({ timeout: 5 })).toThrow(MissingApiKeyError);
  });

  it.each([HUSH, async () => HUSH, { getToken: () => "hush" }])(
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
