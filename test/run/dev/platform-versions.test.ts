import { expect, it, onTestFinished, vi } from "vitest";
import { decodeVersion } from "../../../src/client/api/decode-version.ts";
import { ConnectionError, NotFoundError, RateLimitError } from "../../../src/errors/classes.ts";
import { ScopeError } from "../../../src/errors/scope-error.ts";
import type { PromptRef, PromptVersionData } from "../../../src/prompt.ts";
import { PlatformVersions } from "../../../src/run/dev/platform-versions.ts";
import { RateLimiter } from "../../../src/run/dev/rate-limiter.ts";
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
    live: { intervalMs: 20, maxRequestsPerSecond: 1000, label: undefined },
    retryMaxDelayMs: 300,
    reporter: { info: () => {}, warn: () => {} },
    onChange: () => {},
    onSiteProblem: () => {},
  });
  onTestFinished(() => {
    versions.close();
    vi.useRealTimers();
  });
  await expect(versions.get(REF)).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(1000);
  const [, second, third] = polls as [number, number, number];
  expect(third - second).toBeGreaterThanOrEqual(300);
  expect(third - second).toBeLessThanOrEqual(331);
});

it("a preview is neither a version that was promoted in between, nor a reason not to follow the own label", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const numbered = (number: number) =>
    decodeVersion({ ...version(), id: `v_${number}`, version_number: number, version: number }, REF);
  const current = { production: numbered(1), latest: numbered(1) };
  const served: unknown[][] = [];
  let refusal: Error | undefined;
  const versions = new PlatformVersions({
    environment: "production",
    concurrency: 1,
    fetchVersion: async ({ pin }) => {
      const label = pin.kind === "label" ? pin.label : "production";
      const answer = current[label];
      if (label === "latest" && refusal !== undefined) throw refusal;
      // Saved and promoted after `latest` was asked for.
      if (label === "latest" && answer.versionNumber === 2) current.production = current.latest = numbered(3);
      return answer;
    },
    rateLimiter: new RateLimiter(),
    isUsed: () => true,
    loadSnapshot: async (ref) => ({ ref, environment: "production", version: numbered(1) }),
    live: { intervalMs: 20, maxRequestsPerSecond: 1000, label: "latest" },
    retryMaxDelayMs: 300,
    reporter: { info: () => {}, warn: () => {} },
    onChange: async (ref) => {
      const { version, preview, problem } = await versions.get(ref);
      served.push([version.versionNumber, preview?.versionNumber, problem]);
    },
    onSiteProblem: () => {},
  });
  onTestFinished(() => {
    versions.close();
    vi.useRealTimers();
  });
  await versions.get(REF);
  await vi.advanceTimersByTimeAsync(100);
  expect(served).toEqual([]);
  current.production = current.latest = numbered(2);
  await vi.advanceTimersByTimeAsync(100);
  expect(served.at(-1)).toEqual([3, undefined, undefined]);
  current.latest = numbered(4);
  await vi.advanceTimersByTimeAsync(100);
  expect(served.at(-1)).toEqual([3, 4, undefined]);
  refusal = new NotFoundError("Not found.", { code: "prompt_not_found", httpStatus: 404 });
  await vi.advanceTimersByTimeAsync(100);
  expect(served.at(-1)).toEqual([3, undefined, undefined]);
  refusal = new ScopeError("No.", { code: "access_denied" });
  current.production = numbered(5);
  await vi.advanceTimersByTimeAsync(100);
  expect(served.at(-1)).toEqual([5, undefined, refusal]);
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
    live: { intervalMs: 20, maxRequestsPerSecond: 1000, label: undefined },
    retryMaxDelayMs: 300,
    reporter: { info: (text) => said.push(text), warn: (text) => said.push(text) },
    onChange: () => {},
    onSiteProblem: () => said.push("problem"),
  });
  onTestFinished(() => {
    versions.close();
    vi.useRealTimers();
  });
  for (const name of ["a", "b", "c"]) await versions.get({ ...REF, name });
  await vi.advanceTimersByTimeAsync(1000);
  expect(said).toEqual([expect.stringContaining("can't be reached (No answer.)")]);
  isDown = false;
  await vi.advanceTimersByTimeAsync(2000);
  expect(said.slice(1)).toEqual(["The Scope platform is back."]);
});
