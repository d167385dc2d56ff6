import { expect, it, onTestFinished, vi } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { makeApp } from "../support/app.ts";
import { cli, testProject } from "./cli-helpers.ts";

const APP = { "scope.config.json": '{ "prompts": ["a", "b", "c"] }' };
const PROMPTS = { "a/1.md": "A", "b/1.md": "B", "c/1.md": "C" };
const ROUND_MS = 5000;

it("prints nothing for a round that changed nothing", async () => {
  const { root, env, platform, prompt } = await testProject(APP, PROMPTS);
  const stop = new AbortController();
  const said: string[] = [];
  const gets = () => platform.requests.filter(({ method }) => method === "GET").length;
  const watching = cli(["pull", "--watch"], {
    cwd: root,
    env,
    signal: stop.signal,
    onStdout: (text) => said.push(text),
  });
  await vi.waitFor(() => expect(said).toHaveLength(1), { timeout: 30_000 });
  // A whole round in which nothing changed.
  await vi.waitFor(() => expect(gets()).toBeGreaterThanOrEqual(9), { timeout: 6 * ROUND_MS });
  await prompt("a/2.md", "Still nothing.");
  await vi.waitFor(() => expect(said).toHaveLength(2), { timeout: 6 * ROUND_MS });
  stop.abort();
  expect((await watching).code).toBe(0);
  expect(said[0]).toContain("3 changed");
  expect(said[1]).toContain("1 changed, 2 unchanged");
});

it("retries after an outage in the first round", async () => {
  const { root, env, platform } = await testProject(APP, PROMPTS);
  const { port } = new URL(platform.url);
  await platform.close();
  const stop = new AbortController();
  const errors: string[] = [];
  const said: string[] = [];
  const watching = cli(["pull", "--watch"], {
    cwd: root,
    env,
    signal: stop.signal,
    onStdout: (text) => said.push(text),
    onStderr: (text) => errors.push(text),
  });
  await vi.waitFor(() => expect(errors.join("")).toContain("build_platform_down"), { timeout: 40_000 });
  const dir = await makeApp(PROMPTS);
  const back = await startPlatform({ dir, port: Number(port) });
  onTestFinished(() => back.close());
  await vi.waitFor(() => expect(said.join("")).toContain("3 changed"), { timeout: 40_000 });
  stop.abort();
  expect((await watching).code).toBe(0);
}, 90_000);
