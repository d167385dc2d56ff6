import { expect, it, onTestFinished, vi } from "vitest";
import { PlatformVersions } from "../../../src/build/dev/platform-versions.ts";
import { RateLimiter } from "../../../src/build/dev/rate-limiter.ts";
import { decodeVersion } from "../../../src/client/api/decode-version.ts";
import { ConnectionError, RateLimitError } from "../../../src/errors/classes.ts";
import type { PromptRef, PromptVersionData } from "../../../src/prompt.ts";
import { version } from "../../client/faulty-platform.ts";

const REF: PromptRef = { name: "greeting", pin: { kind: "label", label: "production" } };

it("a Retry-After is obeyed up to retryMaxDelay", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const polls: number[] = [];
  const versions = new PlatformVersions({
    environment: "production",
    concurrency: 1,
    fetchVersion: async () => {
      polls.push(performance.now());
      throw new RateLimitError("Too many.", { code: "rate_limited", httpStatus: 429, retryAfter: 3_000_000 });
    },
    rateLimiter: new RateLimiter(),
    isUsed: () => true,
    loadSnapshot: async () => undefined,
    live: { intervalMs: 20, maxRequestsPerSecond: 1000 },
    retryMaxDelayMs: 300,
    reporter: { info: () => {}, warn: () => {} },
    onChange: () => {},
    onProblem: () => {},
    onSiteProblem: () => {},
  });
  onTestFinished(() => {
    versions.close();
    vi.useRealTimers();
  });
  await expect(versions.resolve(REF)).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(1000);
  const [, second, third] = polls as [number, number, number];
  expect(third - second).toBeGreaterThanOrEqual(300);
  expect(third - second).toBeLessThanOrEqual(331);
});

it("an outage is said once for all prompts, and its end once", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const committed: PromptVersionData = decodeVersion(version(), REF);
  const said: string[] = [];
  let isDown = true;
  const versions = new PlatformVersions({
    environment: "production",
    concurrency: 1,
    fetchVersion: async () => {
      if (isDown) throw new ConnectionError("No answer.", { code: "connection_failed" });
      return committed;
    },
    rateLimiter: new RateLimiter(),
    isUsed: () => true,
    loadSnapshot: async (ref) => ({ ref, environment: "production", version: committed }),
    live: { intervalMs: 20, maxRequestsPerSecond: 1000 },
    retryMaxDelayMs: 300,
    reporter: { info: (text) => said.push(text), warn: (text) => said.push(text) },
    onChange: () => {},
    onProblem: () => {},
    onSiteProblem: () => said.push("problem"),
  });
  onTestFinished(() => {
    versions.close();
    vi.useRealTimers();
  });
  for (const name of ["a", "b", "c"]) await versions.resolve({ ...REF, name });
  await vi.advanceTimersByTimeAsync(1000);
  expect(said).toEqual([expect.stringContaining("can't be reached (No answer.)")]);
  isDown = false;
  await vi.advanceTimersByTimeAsync(2000);
  expect(said.slice(1)).toEqual(["The Scope platform is back."]);
});
