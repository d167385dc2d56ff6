import { expect, it, vi } from "vitest";
import { isOutage, ValidationError } from "../../src/client/index.ts";
import { failure, makeClient, setup } from "./client-setup.ts";
import { answers } from "./faulty-platform.ts";

const REDIRECT = "Redirects aren't followed: set baseUrl to the final address.";
// biome-ignore format: one row a line
it.each<[status: number, name: string, code: string, hint?: string]>([
  [201, "ApiError", "response_invalid"],
  [206, "ApiError", "response_invalid"],
  [299, "ApiError", "response_invalid"],
  [300, "ApiError", "redirect_refused", REDIRECT],
  [399, "ApiError", "redirect_refused", REDIRECT],
  [400, "ApiError", "request_refused"],
  [401, "AuthenticationError", "authentication_failed", "Check that the platform and the login belong to the same environment."],
  [403, "AuthorizationError", "access_denied", "The application of these credentials can't read this prompt. Give it access on the platform."],
  [404, "NotFoundError", "prompt_not_found"],
  [409, "ConflictError", "request_conflict"],
  [422, "ApiError", "request_refused"],
  [429, "RateLimitError", "rate_limited"],
  [499, "ApiError", "request_refused"],
  [500, "ServerError", "server_error"],
  [503, "ServerError", "server_error"],
])("%i is a %s, with the real status and the server's code; an outage is retried", async (status, name, code, hint) => {
  const { platform, client } = await setup({ maxRetries: 1 });
  const headers = { "x-request-id": "theirs-1" };
  platform.prompt = answers(status, { error: { code: "theirs", message: "Because." } }, headers);
  const error = await failure(client.getPromptVersion("greeting", { label: "latest" }));
  expect(error.name).toBe(name);
  expect({ ...error }).toEqual({
    code,
    httpStatus: status,
    errorCode: "theirs",
    requestId: "theirs-1",
    hint,
    where: { prompt: "greeting" },
  });
  expect(error.message).toBe(
    `The platform responded with ${status} for prompt "greeting" (latest): Because.`,
  );
  const isRetried = status === 429 || status >= 500;
  expect(isOutage(error)).toBe(isRetried);
  // A token that is refused is renewed once.
  expect(platform.fetches()).toHaveLength(isRetried || status === 401 ? 2 : 1);
});

it.each([
  ["<html>", "request_refused"],
  [" \n", "prompt_not_found"],
])("a 404 with %j instead of JSON is %s", async (body, code) => {
  const { platform, client } = await setup();
  platform.prompt = (response) => response.writeHead(404).end(body);
  const error = await failure(client.getPromptVersion("greeting"));
  expect(error).toMatchObject({ name: "NotFoundError", code });
  expect(error.requestId).toBe(platform.fetches()[0]?.headers["x-request-id"]);
});

it.each([
  ["HTML", '<html lang="en">Sign in</html>', "text/html", "it's text/html."],
  ["half a JSON text", '{"id": "version_1"', "application/json", "it's application/json."],
  ["invalid UTF-8", Buffer.from([0x22, 0xff, 0x22]), "application/json", "it's application/json."],
  ["nothing", "", "text/html", "it's empty."],
  ["blanks", " \n", "text/html", "it's empty."],
  ["nested too deep", "[".repeat(201) + "]".repeat(201), "application/json", "is nested too deep."],
  ["null", "null", "application/json", "but is null."],
  ["a list", "[]", "application/json", "but is an array of 0."],
])("a complete body that isn't a version is a ValidationError, at once: %s", async (_, body, type, said) => {
  const { platform, client } = await setup();
  platform.prompt = (response) => response.writeHead(200, { "content-type": type }).end(body);
  const error = await failure(client.getPromptVersion("greeting"));
  expect(error).toBeInstanceOf(ValidationError);
  expect(error).toMatchObject({ code: "response_invalid", field: "body", where: { prompt: "greeting" } });
  expect(error.message.endsWith(said), error.message).toBe(true);
  expect(error.cause !== undefined).toBe(said.startsWith("it's"));
  expect(isOutage(error)).toBe(false);
  expect(platform.fetches()).toHaveLength(1);
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
  expect(platform.seen).toEqual([]);
});

it("a warning goes to the console by default, on one line that says which package it's from", async () => {
  const { platform } = await setup();
  const cacheStore = { get: () => Promise.reject(new Error("do\nwn")), set: () => {}, delete: () => {} };
  const client = makeClient(platform, { cacheStore: cacheStore as never });
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  try {
    await client.getPromptVersion("greeting");
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^unplugin-scope: .*do\\nwn$/)]]);
  } finally {
    warn.mockRestore();
  }
});
