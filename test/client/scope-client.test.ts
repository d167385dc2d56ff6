import { inspect } from "node:util";
import { expect, it } from "vitest";
import { failure, setup } from "./client-setup.ts";
import { answers, version } from "./faulty-platform.ts";

it("refuses another version than the one that was asked for by its ID, and names both", async () => {
  const { platform, client } = await setup();
  platform.prompt = answers(200, version({ id: "version_9" }));
  const error = await failure(client.getPromptVersion("greeting", { version: "version_8" }));
  expect(error).toMatchObject({ code: "response_invalid", field: "id" });
  expect(error.message).toMatch(/"version_8".*"version_9"/);
});

it("logs in once and fetches production, latest and a version by ID", async () => {
  const { platform, client } = await setup({ environment: "staging" });
  const greeting = await client.getPromptVersion("greeting");
  await client.getPromptVersion("greeting", { label: "latest" });
  await client.getPromptVersion("greeting", { version: "version_9", label: "latest" });
  expect(platform.logins()).toHaveLength(1);
  expect(JSON.parse(platform.logins()[0]?.body ?? "")).toEqual({
    account_id: "org_1",
    client_id: "key-hush",
    client_secret: "secret-hush",
  });
  expect(platform.fetches().map(({ path }) => path)).toEqual([
    "/api/v1/prompts/greeting/production",
    "/api/v1/prompts/greeting/latest",
    "/api/v1/prompts/greeting/versions/version_9",
  ]);
  expect(platform.fetches()[0]?.headers).toMatchObject({
    accept: "application/json",
    authorization: expect.stringMatching(/^Bearer token-\d+$/),
    "user-agent": expect.stringMatching(/^unplugin-scope\/\d/),
    "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    "x-scope-environment": "staging",
  });
  expect(greeting.render({ name: "Ada" })).toBe("Hello Ada!");
  expect(JSON.parse(JSON.stringify(greeting))).toEqual({
    id: "version_1",
    promptId: "prompt_1",
    versionNumber: 1,
    name: "greeting",
    label: "production",
    content: "Hello {{name}}!",
    variables: ["name"],
    type: "text",
    status: "published",
    isProduction: true,
    metadata: { model: "small", temperature: 0.5 },
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-02T00:00:00Z",
  });
});

it("renders a prompt in one call", async () => {
  const { client } = await setup();
  expect(await client.renderPrompt("greeting", { name: "Ada" })).toBe("Hello Ada!");
});

it("keeps key, secret and token out of every string form of the client", async () => {
  const { client } = await setup();
  await client.getPromptVersion("greeting");
  const shown =
    inspect(client, { depth: 20, showHidden: true }) + JSON.stringify(client) + String(client.config);
  expect(shown).not.toMatch(/hush|token-\d/);
});
