import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { emitHelper } from "../../../src/compiler/3-emit/emit-module.ts";
import { isScopeError } from "../../../src/errors/scope-error.ts";
import { DEFAULT_ROLES } from "../../../src/prompt.ts";
import { renderOf } from "../../../src/runtime/live/adopt-version.ts";
import { resolveSettings } from "../../../src/runtime/live/poll-version.ts";
import { liveBuild, loadLiveModule } from "./emitted-live-module.ts";
import { compileVersion, versions } from "./version-samples.ts";

const credentials = { orgId: "org", apiKey: "key", apiSecret: "secret" };

describe("the settings of a poll", () => {
  it("come from configureLive, then the environment, then the build", () => {
    const env = {
      SCOPE_API_URL: "https://env.test/base/",
      SCOPE_AUTH_API_URL: "",
      SCOPE_ENVIRONMENT: "staging",
      SCOPE_ORG_ID: "org",
      SCOPE_API_KEY: "key",
      SCOPE_CLIENT_ID: "client",
      SCOPE_API_SECRET: "secret",
    };
    expect(resolveSettings(liveBuild, { environment: "blue" }, env)).toEqual({
      baseUrl: "https://env.test/base",
      authApiUrl: liveBuild.authApiUrl,
      apiVersion: "v1",
      environment: "blue",
      timeout: 30,
      tokenRefreshBuffer: 60,
      maxBodyBytes: 1_000_000,
      credentials: { orgId: "org", apiKey: "client", apiSecret: "secret" },
      provider: undefined,
      orgId: "org",
    });
    const given = { credentials: { apiKey: "mine", clientSecret: "mine too" } };
    expect(resolveSettings(liveBuild, given, env).credentials).toEqual({
      orgId: "org",
      apiKey: "mine",
      apiSecret: "mine too",
    });
  });

  // What counts as this machine is in connection.test.ts.
  it.each<[baseUrl: string, result: string, allowInsecure?: boolean]>([
    ["http://platform.test", "insecure_url"],
    ["ftp://localhost", "insecure_url", true],
    ["platform.test", "config_invalid"],
    ["", "config_invalid"],
    ["http://127.0.0.1:3000", "accepted"],
    ["https://x.test/a/b", "accepted"],
    ["http://inside.test", "accepted", true],
  ])("have the address %j: %s", (baseUrl, result, allowInsecure) => {
    const given = { credentials, baseUrl, ...(allowInsecure && { allowInsecure }) };
    const { value, error } = attempt(() => resolveSettings(liveBuild, given, {}).baseUrl);
    if (result === "accepted") expect(value).toBe(baseUrl);
    else expect(error).toMatchObject({ code: result, name: "ConfigurationError" });
  });
});

it("a version that wasn't compiled renders and fails like its compiled code would", async () => {
  vi.stubEnv("SCOPE_LIVE", "off");
  const code = Buffer.from(emitHelper({ development: false })).toString("base64");
  const helpers = await import(`data:text/javascript;base64,${code}`);
  const value = fc.constantFrom<unknown[]>("x", "{{name}}", "", 0, 1n, false, null, undefined, {}, ["a", 1]);
  const values = fc.oneof(
    fc.constantFrom<unknown[]>(undefined, null, "text", 5),
    fc.dictionary(fc.constantFrom("name", "plan", "constructor", "名前", "x_1", "toString"), value),
  );
  fc.assert(
    fc.property(versions, values, ([version], given) => {
      if (version === undefined) return;
      const compiled = loadLiveModule(compileVersion(version)).current();
      const adopted = renderOf(version.content, "greeting", helpers, DEFAULT_ROLES);
      const run = (render: typeof adopted) => {
        const { value: rendered, error } = attempt(() => render(given as Record<string, unknown>));
        const { message, name, code, missingVariables } = (error ?? {}) as Record<string, unknown>;
        const isOurs = isScopeError(error, "variable_missing");
        return { rendered, message, name, code, missingVariables, isOurs };
      };
      expect(run(adopted)).toEqual(run(compiled.render));
    }),
    { numRuns: 3000 },
  );
  vi.unstubAllEnvs();
});

function attempt<T>(run: () => T): { readonly value?: T; readonly error?: unknown } {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
}
