// One test, or one block of them, for each row of the table of what the official SDKs do wrong: labels, logins, answers.
import { describe, expect, it } from "vitest";
import {
  InvalidCredentialsError,
  isOutage,
  type Label,
  TokenRefreshError,
  ValidationError,
} from "../../src/client/index.ts";
import { failure, setup } from "./client-setup.ts";
import { answers } from "./faulty-platform.ts";

describe("any label but latest silently fetches production: an unknown label is refused before any request", () => {
  it.each(["Production", "", null])("%j", async (label) => {
    const { platform, client } = await setup();
    const error = await failure(client.getPromptVersion("greeting", { label: label as Label }));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({
      code: "label_invalid",
      field: "label",
      value: label,
      message: `The label must be "production" or "latest", but is ${JSON.stringify(label)}.`,
      hint: 'To get one version, use its ID: { version: "version_…" }.',
    });
    expect(platform.seen).toEqual([]);
  });
});

describe("an auth server's 503 is reported as HTTP 401", () => {
  it.each([503, 429])("the real status: %i, an outage", async (status) => {
    const { platform, client } = await setup({ maxRetries: 0 });
    platform.login = answers(status, { error: { message: "Try later." } });
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(TokenRefreshError);
    expect(error).toMatchObject({ httpStatus: status, code: "login_failed" });
    expect(error.message).toContain("Try later.");
    expect(isOutage(error)).toBe(true);
  });

  it.each([401, 403])("wrong credentials are not an outage: %i", async (status) => {
    const { platform, client } = await setup();
    platform.login = answers(status, {
      error: "invalid_client",
      message: "No such application: secret-hush",
    });
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(InvalidCredentialsError);
    expect(error).toMatchObject({
      httpStatus: status,
      code: "credentials_invalid",
      message: `The login at ${platform.url} was refused with ${status}: No such application: [REDACTED]`,
      hint: "Check credentials.orgId, credentials.apiKey, credentials.apiSecret: together they identify one application.",
    });
    expect(isOutage(error)).toBe(false);
    expect(platform.logins()).toHaveLength(1);
  });

  it.each<[body: unknown, errorCode: string | undefined, said: string]>([
    [{ error: { code: "c", message: "m" } }, "c", ": m"],
    [{ code: "c", message: "m" }, "c", ": m"],
    [{ error: { code: "inner", message: "first" }, code: "outer", message: "second" }, "inner", ": first"],
    [{ error: "text", message: "m" }, undefined, ": m"],
    [{ error: "text" }, undefined, ": text"],
    [{ error: { code: "", message: "" }, code: "outer", message: "second" }, "outer", ": second"],
    [{ error: { code: 7, message: {} } }, undefined, ""],
    [{ error: null, message: "" }, undefined, ""],
    [null, undefined, ""],
    ["<html>", undefined, ""],
  ])("finds code and message in %j", async (body, errorCode, said) => {
    const { platform, client } = await setup();
    platform.login = answers(400, body);
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toMatchObject({ errorCode, hint: undefined });
    expect(error.message).toBe(`The login at ${platform.url} failed with 400${said}`);
  });

  it.each([302, 399])("a login that redirects names the option: %i", async (status) => {
    const { platform, client } = await setup();
    platform.login = answers(status);
    expect(await failure(client.getPromptVersion("greeting"))).toMatchObject({
      name: "TokenRefreshError",
      hint: "Redirects aren't followed: set authApiUrl to the final address.",
    });
  });

  it.each([undefined, "", 5, " token", "token\r\n", "tökén"])(
    "a login without a usable token: %j",
    async (access_token) => {
      const { platform, client } = await setup();
      for (const body of [{ access_token, expires_in: 60 }, null]) {
        platform.login = answers(200, body);
        const error = await failure(client.getPromptVersion("greeting"));
        expect(error).toMatchObject({
          name: "TokenRefreshError",
          code: "login_failed",
          httpStatus: 200,
          message: `The login failed. The login at ${platform.url} returned no access_token.`,
          cause: { name: "ValidationError", code: "response_invalid", field: "access_token" },
        });
      }
    },
  );

  it("a page instead of a login says where to look", async () => {
    const { platform, client } = await setup();
    platform.login = (response) => response.end("<html>");
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toMatchObject({
      code: "login_failed",
      message: `The login failed. The response from ${platform.url} isn't JSON: it's something else.`,
      hint: expect.stringContaining("Check that baseUrl and authApiUrl"),
      cause: { where: undefined },
    });
  });
});

describe("a 302's body is taken for a prompt; HTML or empty 200 crashes", () => {
  it("a 304 that nobody requested isn't one", async () => {
    const { platform, client } = await setup();
    platform.prompt = (response) => response.writeHead(304).end();
    expect(await failure(client.getPromptVersion("greeting"))).toMatchObject({ httpStatus: 304 });
  });

  it("a long text from the server is cut", async () => {
    const { platform, client } = await setup({ maxRetries: 0 });
    const shown = async (length: number) => {
      platform.prompt = answers(400, { message: "x".repeat(length) });
      return (await failure(client.getPromptVersion("greeting"))).message;
    };
    expect(await shown(300)).toMatch(/: x{300}$/);
    expect(await shown(301)).toMatch(/: x{300}…$/);
  });
});
