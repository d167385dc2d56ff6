import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { answers, atMost, startFaultyPlatform, version } from "../client/faulty-platform.ts";
import { makeApp } from "../support/app.ts";
import { cli } from "./cli-helpers.ts";

it("pull fetches 60 prompts from a platform that allows only a few at a time", async () => {
  const platform = await startFaultyPlatform();
  onTestFinished(() => platform.close());
  platform.prompt = atMost(3, 100, answers(200, version()));
  const prompts = Array.from({ length: 60 }, (_, at) => `prompt-${at}`);
  const root = await makeApp({ "scope.config.json": JSON.stringify({ prompts, retryBaseDelay: 0.1 }) });
  const env = {
    SCOPE_ORG_ID: "o",
    SCOPE_API_KEY: "k",
    SCOPE_API_SECRET: "s",
    SCOPE_API_URL: platform.url,
    SCOPE_AUTH_API_URL: platform.url,
  };
  const { code, stderr } = await cli(["pull"], { cwd: root, env });
  expect(code, stderr).toBe(0);
  expect(await readdir(join(root, "scope"))).toHaveLength(60);
}, 60_000);
