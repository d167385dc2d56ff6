import { expect, it, onTestFinished, vi } from "vitest";
import { PlatformVersions } from "../../src/dev/platform-versions.ts";
import { RateLimitError } from "../../src/errors/classes.ts";
import type { PromptRef } from "../../src/prompt.ts";

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
    isOutage: () => true,
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
