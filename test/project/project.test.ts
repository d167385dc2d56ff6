import { expect, it, vi } from "vitest";
import { openProject } from "../../src/project/project.ts";
import { makeApp } from "../support/app.ts";

it("a proxy with a bad address fails the fetch, but not the end of the run", async () => {
  const cwd = await makeApp({ "scope.config.json": "{}" });
  const env = { SCOPE_ORG_ID: "o", SCOPE_API_KEY: "k", SCOPE_API_SECRET: "s" };
  const project = await openProject({ cwd, env, isTestRun: false });
  vi.stubEnv("HTTP_PROXY", "no proxy at all");
  try {
    const ref = { name: "a", pin: { kind: "label", label: "production" } } as const;
    await expect(project.fetchVersion?.(ref)).rejects.toThrow();
    await expect(project.close()).resolves.toBeUndefined();
  } finally {
    vi.unstubAllEnvs();
  }
});
