import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { decodeVersion } from "../../src/client/api/decode-version.ts";
import { isOutage } from "../../src/client/api/is-outage.ts";
import { emitHelper } from "../../src/compiler/emit-helper.ts";
import * as classes from "../../src/errors/classes.ts";
import { isScopeError } from "../../src/errors/scope-error.ts";
import { decodeAnswer } from "../../src/runtime/live/decode-answer.ts";
import { isDown, isEverybodys, type LiveErrorCode, liveError } from "../../src/runtime/live/live-error.ts";
import { renderOf } from "../../src/runtime/live/render-content.ts";
import { resolveSettings } from "../../src/runtime/live/settings.ts";
import { splitTemplate } from "../../src/runtime/live/split-template.ts";
import { parseScope } from "../../src/template/parse-scope.ts";
import { liveBuild, loadLiveModule } from "../live/emitted-live-module.ts";
import { compileVersion, versions } from "../live/version-samples.ts";

const credentials = { orgId: "org", apiKey: "key", apiSecret: "secret" };

describe("an answer", () => {
  const version = {
    id: "version_1",
    prompt_id: "prompt_1",
    version_number: 1,
    content: "Hello",
    prompt_type: "text",
    status: "published",
    is_production: true,
    metadata: { a: 1 },
    variables: null,
  };
  const messages = [{ role: "user", content: "Hi", more: 1 }];
  const part = fc.constantFrom<unknown[]>(
    undefined,
    null,
    "",
    "text",
    "chat",
    "draft",
    0,
    -1,
    1.5,
    2 ** 60,
    {},
    [],
    true,
    "[",
    messages,
    { messages },
    JSON.stringify(messages),
    JSON.stringify({ messages }),
    [{ role: "", content: "x" }],
    [null],
    { deep: Array.from({ length: 101 }).reduce((inner) => [inner], 1) },
    { huge: Number.POSITIVE_INFINITY },
  );
  const field = fc.constantFrom(
    "id",
    "prompt_id",
    "version_number",
    "content",
    "prompt_type",
    "status",
    "metadata",
    "variables",
  );

  it("is decoded as the client decodes it, and refused where the client refuses what is used", () => {
    const bodies = fc.oneof(
      fc.dictionary(field, part, { maxKeys: 3 }).map((changed) => ({ ...version, ...changed })),
      part,
    );
    fc.assert(
      fc.property(bodies, (body) => {
        const ours = attempt(() => decodeAnswer(structuredClone(body)));
        const theirs = attempt(() => decodeVersion(structuredClone(body), "greeting"));
        if (theirs.value !== undefined) {
          const { id: versionId, promptId, versionNumber, content, metadata } = theirs.value;
          expect(ours.value).toEqual({ versionId, promptId, versionNumber, content, metadata });
          expect(Object.isFrozen(ours.value?.metadata)).toBe(true);
        } else if (!["variables", "status"].includes((theirs.error as { field: string }).field)) {
          expect(ours.error).toBeInstanceOf(classes.ValidationError);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe("a template", () => {
  it("is split where the compiler splits it", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "{{",
      "}}",
      "a",
      "_1",
      "é",
      "e\u0301",
      "名前",
      "\ud83d",
      " ",
      "\n",
      "-",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        const ours = splitTemplate(text).map((part, at) => (at % 2 ? { name: part } : { text: part }));
        const theirs = parseScope(text).map((part) =>
          part.kind === "text" ? { text: part.text } : { name: part.name },
        );
        // Between two variables, and at both ends, there is a text here, though it may be empty.
        expect(ours.filter((part) => part.text !== "")).toEqual(theirs);
      }),
      { numRuns: 5000 },
    );
  });
});

describe("an error of the live client", () => {
  const samples: readonly [LiveErrorCode, abstract new (...args: never[]) => Error][] = [
    ["credentials_missing", classes.MissingApiKeyError],
    ["config_invalid", classes.ConfigurationError],
    ["insecure_url", classes.ConfigurationError],
    ["credentials_invalid", classes.InvalidCredentialsError],
    ["authentication_failed", classes.AuthenticationError],
    ["login_failed", classes.TokenRefreshError],
    ["access_denied", classes.AuthorizationError],
    ["prompt_not_found", classes.NotFoundError],
    ["rate_limited", classes.RateLimitError],
    ["server_error", classes.ServerError],
    ["request_refused", classes.ApiError],
    ["redirect_refused", classes.ApiError],
    ["connection_failed", classes.ConnectionError],
    ["request_timeout", classes.TimeoutError],
    ["response_invalid", classes.ValidationError],
    ["response_too_large", classes.ValidationError],
  ];

  it.each(samples)("%s is of the class that the client throws for it", (code, Class) => {
    const error = liveError(code, "what happened", { cause: "why", hint: "what to do" });
    expect(error).toBeInstanceOf(Class);
    expect(isScopeError(error, code)).toBe(true);
    expect(error).toMatchObject({ name: Class.name, code, cause: "why", hint: "what to do" });
    // Every class of the tree agrees, those it is not of included.
    const full = new (Class as new (message: string, options: object) => Error)("", { code, httpStatus: 0 });
    for (const Other of Object.values(classes)) {
      if (typeof Other === "function") expect(error instanceof Other).toBe(full instanceof Other);
    }
    expect(isDown(error)).toBe(isOutage(full));
  });

  it("of credentials or addresses concerns every prompt", () => {
    const everybodys = samples.filter(([code]) => isEverybodys(liveError(code, ""))).map(([code]) => code);
    expect(everybodys.sort()).toEqual([
      "authentication_failed",
      "config_invalid",
      "credentials_invalid",
      "credentials_missing",
      "insecure_url",
      "login_failed",
    ]);
  });
});

describe("the settings of a look", () => {
  it("are configureLive's over the environment's over the build's", () => {
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
      ...liveBuild,
      baseUrl: "https://env.test/base",
      environment: "blue",
      credentials: { orgId: "org", apiKey: "client", apiSecret: "secret" },
    });
    const given = { credentials: { apiKey: "mine", clientSecret: "mine too" } };
    expect(resolveSettings(liveBuild, given, env).credentials).toEqual({
      orgId: "org",
      apiKey: "mine",
      apiSecret: "mine too",
    });
  });

  it.each([
    ["http://platform.test", "insecure_url"],
    ["http://127.0.0.1.evil.test", "insecure_url"],
    ["http://localhost.evil.test", "insecure_url"],
    ["ftp://platform.test", "insecure_url"],
    ["platform.test", "config_invalid"],
    ["", "config_invalid"],
  ])("refuse %j as an address", (baseUrl, code) => {
    const resolve = () => resolveSettings(liveBuild, { credentials, baseUrl }, {});
    expect(attempt(resolve).error).toMatchObject({ code });
    expect(attempt(resolve).error).toBeInstanceOf(classes.ConfigurationError);
  });

  it.each(["http://127.0.0.1:3000", "http://localhost", "http://[::1]:1", "https://x.test/a/b"])(
    "take %j",
    (baseUrl) => {
      expect(resolveSettings(liveBuild, { credentials, baseUrl }, {}).baseUrl).toBe(baseUrl);
    },
  );

  it("take http elsewhere when that was allowed", () => {
    const given = { credentials, baseUrl: "http://inside.test", allowInsecure: true };
    expect(resolveSettings(liveBuild, given, {}).baseUrl).toBe("http://inside.test");
  });

  it("name what is missing of the credentials, and never a value", () => {
    const { error } = attempt(() => resolveSettings(liveBuild, { credentials: { apiSecret: "hidden" } }, {}));
    expect(error).toMatchObject({
      code: "credentials_missing",
      message: "Credentials: orgId, apiKey missing, apiSecret set.",
    });
    expect(JSON.stringify(error)).not.toContain("hidden");
  });
});

describe("a version that was not compiled", () => {
  it("renders and fails as its compiled code would", async () => {
    vi.stubEnv("SCOPE_LIVE", "off");
    const code = Buffer.from(emitHelper({ development: false })).toString("base64");
    const helpers = await import(`data:text/javascript;base64,${code}`);
    const value = fc.constantFrom<unknown[]>("x", "{{name}}", "", 0, 1n, false, null, undefined, {}, [
      "a",
      1,
    ]);
    const values = fc.oneof(
      fc.constantFrom<unknown[]>(undefined, null, "text", 5),
      fc.dictionary(fc.constantFrom("name", "plan", "constructor", "名前", "x_1", "toString"), value),
    );
    fc.assert(
      fc.property(versions, values, ([version], given) => {
        if (version === undefined) return;
        const compiled = loadLiveModule(compileVersion(version)).current();
        const adopted = renderOf(version.content, "greeting", helpers);
        const run = (render: typeof adopted) => {
          const { value: rendered, error } = attempt(() => render(given as Record<string, unknown>));
          const { message, missingVariables } = (error ?? {}) as Record<string, unknown>;
          return { rendered, message, missingVariables };
        };
        expect(run(adopted)).toEqual(run(compiled.render));
      }),
      { numRuns: 3000 },
    );
    vi.unstubAllEnvs();
  });
});

function attempt<T>(run: () => T): { readonly value?: T; readonly error?: unknown } {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
}
