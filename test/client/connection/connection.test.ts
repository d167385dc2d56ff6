import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { type ConnectionOptions, resolveConnection } from "../../../src/client/connection/connection.ts";
import { ConfigurationError } from "../../../src/errors/classes.ts";
import type { ScopeError } from "../../../src/errors/scope-error.ts";
import { DEFAULT_ROLES } from "../../../src/prompt.ts";
import { thrownBy } from "../client-setup.ts";

function failure(options: object, env = {}, file?: string, origins?: ReadonlyMap<string, string>) {
  const error = thrownBy(() => resolveConnection(options as ConnectionOptions, env, { file, origins }));
  expect(error).toBeInstanceOf(ConfigurationError);
  return error as unknown as ScopeError;
}

it("the defaults are those of the SDK family", () => {
  expect(resolveConnection({}, {})).toEqual({
    baseUrl: undefined,
    authApiUrl: undefined,
    apiVersion: "v1",
    timeout: 30,
    openTimeout: 10,
    deadline: 120,
    cacheEnabled: true,
    cacheTtl: 300,
    cacheMaxStale: 3600,
    cacheMaxEntries: 1000,
    maxRetries: 3,
    retryBaseDelay: 0.5,
    retryMaxDelay: 30,
    telemetryEnabled: true,
    environment: "production",
    tokenRefreshBuffer: 60,
    maxBodyBytes: 10 * 1024 * 1024,
    allowInsecure: false,
    roles: DEFAULT_ROLES,
    cacheStore: undefined,
    credentials: undefined,
  });
});

describe("roles", () => {
  it("add to the default ones, whatever their case, or are turned off", () => {
    const { roles } = resolveConnection({ roles: { Narrator: "assistant", human: "customer" } }, {});
    expect(roles).toEqual({ ...DEFAULT_ROLES, narrator: "assistant", human: "customer" });
    expect(resolveConnection({ roles: false }, {}).roles).toBe(false);
  });

  it.each<[roles: unknown, problem: string]>([
    ["user", 'roles must be an object such as { human: "user" } or false, but is "user".'],
    [true, 'roles must be an object such as { human: "user" } or false, but is true.'],
    [null, 'roles must be an object such as { human: "user" } or false, but is null.'],
    [{ Human: "customer", human: "user" }, 'roles has "human" twice: letter case doesn\'t count.'],
    [{ human: 1 }, 'roles["human"] must be text, but is 1.'],
    [{ human: "" }, 'roles["human"] must be text, but is "".'],
  ])("%j is refused", (roles, problem) => {
    expect(() => resolveConnection({ roles: roles as false }, {})).toThrow(problem);
  });
});

describe("precedence", () => {
  const env = {
    SCOPE_API_URL: "https://env.example",
    SCOPE_AUTH_API_URL: "https://env-auth.example/",
    SCOPE_ENVIRONMENT: "staging",
    SCOPE_TOKEN_REFRESH_BUFFER: "12.5",
  };

  it("uses the environment if nothing is explicit, also for undefined", () => {
    expect(resolveConnection({ environment: "test" }, env).environment).toBe("test");
    expect(resolveConnection({ environment: undefined }, env)).toMatchObject({
      baseUrl: "https://env.example",
      authApiUrl: "https://env-auth.example",
      environment: "staging",
      tokenRefreshBuffer: 12.5,
    });
  });

  it("treats an empty variable as not set", () => {
    expect(resolveConnection({}, { SCOPE_ENVIRONMENT: "", SCOPE_API_KEY: "" })).toMatchObject({
      environment: "production",
      credentials: undefined,
    });
  });

  it("names the variable instead of the option if the variable is wrong", () => {
    expect(failure({}, { SCOPE_TOKEN_REFRESH_BUFFER: "1e3" }).message).toBe(
      'SCOPE_TOKEN_REFRESH_BUFFER must be a number, at least 0 and at most 3600 seconds, but is "1e3".',
    );
    expect(failure({}, { SCOPE_API_URL: "http://example.com" }).message).toContain(
      "SCOPE_API_URL is http://",
    );
  });
});

describe("bad values", () => {
  // biome-ignore format: one row a line
  const cases: [string, object, string, string?][] = [
    ["an unknown key", { baseURL: "x" }, 'Unknown option "baseURL".', 'Did you mean "baseUrl"?'],
    ["a snake_case key", { max_retries: 1 }, 'Unknown option "max_retries".', 'Did you mean "maxRetries"?'],
    ["milliseconds for seconds", { timeout: 30_000 }, "timeout must be more than 0 and at most 600 seconds, but is 30000.", "It's in seconds: 30000 milliseconds are 30."],
    ["zero where zero isn't allowed", { deadline: 0 }, "deadline must be more than 0 and at most 3600 seconds, but is 0."],
    ["hours for seconds", { timeout: 3_600_000 }, "timeout must be more than 0 and at most 600 seconds, but is 3600000."],
    ["a thousand retries", { maxRetries: 1000 }, "maxRetries must be at least 0 and at most 20, but is 1000."],
    ["a negative", { cacheTtl: -1 }, "cacheTtl must be at least 0 and at most 86400 seconds, but is -1."],
    ["NaN", { timeout: Number.NaN }, "timeout must be a number, more than 0 and at most 600 seconds, but is NaN."],
    ["infinity", { timeout: Infinity }, "timeout must be more than 0 and at most 600 seconds, but is Infinity."],
    ["a number as a string", { timeout: "5" }, 'timeout must be a number, more than 0 and at most 600 seconds, but is "5".'],
    ["half a retry", { maxRetries: 1.5 }, "maxRetries must be a whole number, but is 1.5."],
    ["a string for a switch", { cacheEnabled: "no" }, 'cacheEnabled must be true or false, but is "no".'],
    ["null", { environment: null }, "environment must be text, but is null."],
    ["a line ending in a header", { environment: "a\r\nX: y" }, "environment can only contain letters, digits and . _ ~ -"],
    ["a path as a version", { apiVersion: ".." }, 'apiVersion can only contain letters, digits and . _ ~ -, but is "..".'],
    ["not an address", { baseUrl: "scope.example" }, "baseUrl must be an https:// address.", 'For example "https://your-scope-url".'],
    ["another scheme", { baseUrl: "ftp://x" }, "baseUrl must be an https:// address.", 'For example "https://your-scope-url".'],
    ["a store without methods", { cacheStore: {} }, "cacheStore must be a Keyv store with get, set and delete."],
    ["credentials as a string", { credentials: "key" }, "credentials must be an object with orgId, apiKey and apiSecret.", "Or a function that returns one, or an object with getToken()."],
    ["an unknown credential", { credentials: { apiSekret: "hush" } }, 'Unknown option "credentials.apiSekret".', 'Did you mean "apiSecret"?'],
    ["two names for one option that differ", { credentials: { apiKey: "a", clientId: "b" } }, "credentials.apiKey and credentials.clientId are two names for the same thing, but they differ.", "Leave one of them out."],
    ["a number as the secret", { credentials: { apiSecret: 5 } }, "credentials.apiSecret must be text, not number."],
  ];
  it.each(cases)("%s", (_, options, message, hint) => {
    const error = failure(options, {}, "/app/scope.config.ts");
    expect(error.message).toContain(message);
    expect(error.hint).toBe(hint);
    expect(error.where).toEqual({ file: "/app/scope.config.ts" });
    expect(error.code).toBe("config_invalid");
  });

  it("are reported together, those of the environment too", () => {
    const options = { timeout: 0, credentials: { apiSekret: "hush", orgId: 1 }, cacheStore: {} };
    const run = () => resolveConnection(options as never, { SCOPE_TOKEN_REFRESH_BUFFER: "x" });
    const problems = [
      "timeout must",
      'Unknown option "credentials.apiSekret"',
      "credentials.orgId must",
      "cacheStore",
      "SCOPE_TOKEN_",
    ];
    const errors = problems.map((problem) =>
      expect.objectContaining({ message: expect.stringContaining(problem) }),
    );
    expect(run).toThrow(expect.objectContaining({ code: "several_errors", errors }));
  });

  it("never shows a password in an address", () => {
    const error = failure({ baseUrl: "https://me:hush@example.com" });
    expect(`${error.message} ${error.hint}`).not.toContain("hush");
  });
});

describe("http:// is for loopback only", () => {
  it.each([
    "http://localhost:1",
    "http://127.0.0.1:80",
    "http://127.9.9.9",
    "http://[::1]:5",
    "http://scope.localhost",
  ])("accepts %s", (baseUrl) => {
    expect(resolveConnection({ baseUrl }, {}).baseUrl).toBe(new URL(baseUrl).origin);
  });

  it.each([
    "http://example.com",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "http://10.0.0.1",
  ])("refuses %s and says how to allow it", (address) => {
    for (const option of ["baseUrl", "authApiUrl"] as const) {
      const error = failure({ [option]: address });
      expect(error.code).toBe("insecure_url");
      expect(error.hint).toContain("allowInsecure: true");
      expect(resolveConnection({ [option]: address, allowInsecure: true }, {})[option]).toBe(address);
    }
  });
});

describe("credentials", () => {
  it("explicit ones win, each by itself", () => {
    expect(
      resolveConnection(
        { credentials: { clientId: "mine" } },
        { SCOPE_ORG_ID: "o", SCOPE_API_KEY: "k", SCOPE_API_SECRET: "s" },
      ).credentials,
    ).toMatchObject({ orgId: "o", apiKey: "mine", apiSecret: "s" });
  });

  it("keep the secret out of every output of an object that holds them", () => {
    const connection = resolveConnection(
      { credentials: { orgId: "o", apiKey: "hush-key", apiSecret: "hush" } },
      {},
    );
    expect(connection.credentials).toMatchObject({ apiSecret: "hush" });
    expect(JSON.stringify(connection) + inspect(connection, { depth: 9 })).not.toContain("hush");
  });

  it("an incomplete set names the file it's in, which doesn't have to be the config", () => {
    const origins = new Map([["SCOPE_ORG_ID", "/app/.env.local"]]);
    for (const [options, env, file] of [
      [{}, { SCOPE_ORG_ID: "o" }, "/app/.env.local"],
      [{}, { SCOPE_API_SECRET: "s" }, undefined],
      [{ credentials: { apiKey: "k" } }, {}, "/app/scope.config.ts"],
    ] as const)
      expect(failure(options, env, "/app/scope.config.ts", origins).where?.file).toBe(file);
  });
});
