import { afterEach, expect, it } from "vitest";
import { PlatformVersions } from "../../src/dev/platform-versions.ts";
import { RateLimitError } from "../../src/errors/classes.ts";
import type { PromptRef } from "../../src/prompt.ts";
import { waitFor } from "../support/wait-for.ts";

const REF: PromptRef = { name: "greeting", pin: { kind: "label", label: "production" } };

let versions: PlatformVersions | undefined;
afterEach(() => versions?.close());

it("a Retry-After is obeyed up to retryMaxDelay", async () => {
  const looks: number[] = [];
  versions = new PlatformVersions({
    environment: "production",
    concurrency: 1,
    fetchVersion: async () => {
      looks.push(performance.now());
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
  await expect(versions.resolve(REF)).rejects.toThrow();
  await waitFor("three looks", () => looks.length >= 3);
  const [, second, third] = looks as [number, number, number];
  expect(third - second).toBeGreaterThanOrEqual(295);
});
