import { expect, it, vi } from "vitest";
import { ApiError, AuthorizationError, ConflictError } from "../../src/client/index.ts";
import { failure, makeClient, setup } from "./client-setup.ts";
import { answers } from "./faulty-platform.ts";

it.each([
  [400, ApiError, "request_refused"],
  [403, AuthorizationError, "access_denied"],
  [409, ConflictError, "request_conflict"],
  [422, ApiError, "request_refused"],
] as const)(
  "%i has its own error class and code, with the real status and the server's code",
  async (status, errorClass, code) => {
    const { platform, client } = await setup();
    platform.prompt = answers(status, { error: { code: "theirs", message: "Because." } });
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ name: errorClass.name, code, httpStatus: status, errorCode: "theirs" });
    expect(error.message).toContain("Because.");
  },
);

it("a login without a token names what is missing", async () => {
  const { platform, client } = await setup();
  platform.login = answers(200, { expires_in: 60 });
  const error = await failure(client.getPromptVersion("greeting"));
  expect(error).toMatchObject({
    code: "login_failed",
    message: `The login failed. The login at ${platform.url} returned no access_token.`,
    cause: { code: "response_invalid", field: "access_token" },
  });
});

it("an unknown option of a call is refused with the nearest name, before any request", async () => {
  const { platform, client } = await setup();
  const wrong = (options: object) => options as never;
  const unknown = (key: string, nearest: string) => ({
    code: "config_invalid",
    message: `Unknown option "${key}".`,
    hint: `Did you mean "${nearest}"?`,
  });
  const version = unknown("versionId", "version");
  expect(await failure(client.getPromptVersion("legal", wrong({ versionId: "v_1" })))).toMatchObject(version);
  expect(await failure(client.renderPrompt("legal", {}, wrong({ lable: "latest" })))).toMatchObject(
    unknown("lable", "label"),
  );
  expect(await failure(client.getPromptVersions(["legal"], wrong({ concurency: 2 })))).toMatchObject(
    unknown("concurency", "concurrency"),
  );
  const refs = [wrong({ name: "legal", versionId: "v_1" })];
  expect(await client.getPromptVersions(refs)).toMatchObject([{ status: "rejected", reason: version }]);
  expect(platform.seen).toEqual([]);
});

it("a missing latest version is requested once", async () => {
  const { platform, client } = await setup();
  platform.prompt = answers(404);
  expect(await failure(client.getPromptVersion("greeting", { label: "latest" }))).toMatchObject({
    httpStatus: 404,
  });
  expect(platform.fetches()).toHaveLength(1);
});

it("a warning goes to the console by default, and says which package it's from", async () => {
  const { platform } = await setup();
  const cacheStore = { get: () => Promise.reject(new Error("down")), set: () => {}, delete: () => {} };
  const client = makeClient(platform, { cacheStore: cacheStore as never });
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  try {
    await client.getPromptVersion("greeting");
    expect(warn.mock.calls.map(([text]) => text)).toEqual([expect.stringMatching(/^unplugin-scope: .*down/)]);
  } finally {
    warn.mockRestore();
  }
});
