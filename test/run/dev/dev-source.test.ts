import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { decodeVersion } from "../../../src/client/api/decode-version.ts";
import { NotFoundError, RateLimitError } from "../../../src/errors/classes.ts";
import { ScopeError } from "../../../src/errors/scope-error.ts";
import { loadOptions } from "../../../src/project/config/load-options.ts";
import type { PromptRef, PromptVersionData } from "../../../src/prompt.ts";
import { DevSource } from "../../../src/run/dev/dev-source.ts";
import { RateLimiter } from "../../../src/run/dev/poller.ts";
import { version } from "../../client/faulty-platform.ts";
import { temporaryFolder } from "../../support/app.ts";

const REF: PromptRef = { name: "greeting", pin: { kind: "label", label: "production" } };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
});

async function start(
  label: "latest" | undefined,
  fetchVersion: (ref: PromptRef) => Promise<PromptVersionData>,
  onChange: (ref: PromptRef) => void = () => {},
) {
  const options = await loadOptions({ cwd: await temporaryFolder(), env: {}, isTestRun: false });
  const source = new DevSource({
    options: {
      ...options,
      dev: { intervalMs: 20, maxRequestsPerSecond: 1000, label },
      connection: { ...options.connection, retryMaxDelay: 0.3 },
    },
    fetchVersion,
    rateLimiter: new RateLimiter(),
    isUsed: () => true,
    reporter: { info: () => {}, warn: () => {} },
    onChange,
    onSiteProblem: () => {},
  });
  onTestFinished(() => source.close());
  return source;
}

it("a Retry-After is obeyed up to retryMaxDelay", async () => {
  const polls: number[] = [];
  const source = await start(undefined, async () => {
    polls.push(performance.now());
    throw new RateLimitError("Too many.", { code: "rate_limited", httpStatus: 429, retryAfter: 3_000_000 });
  });
  await expect(source.get(REF)).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(1000);
  const [, second, third] = polls as [number, number, number];
  expect(third - second).toBeGreaterThanOrEqual(300);
  expect(third - second).toBeLessThanOrEqual(331);
});

it("a preview is neither a version that was promoted in between, nor a reason not to follow the own label", async () => {
  const numbered = (number: number) =>
    decodeVersion({ ...version(), id: `v_${number}`, version_number: number, version: number }, REF);
  const current = { production: numbered(1), latest: numbered(1) };
  const served: unknown[][] = [];
  let refusal: Error | undefined;
  const source = await start(
    "latest",
    async ({ pin }) => {
      const label = pin.kind === "label" ? pin.label : "production";
      const answer = current[label];
      if (label === "latest" && refusal !== undefined) throw refusal;
      // Saved and promoted after `latest` was asked for.
      if (label === "latest" && answer.versionNumber === 2) current.production = current.latest = numbered(3);
      return answer;
    },
    async (ref) => {
      const { version, preview, problem } = await source.get(ref);
      served.push([version.versionNumber, preview?.versionNumber, problem]);
    },
  );
  await source.get(REF);
  await vi.advanceTimersByTimeAsync(100);
  expect(served).toEqual([[1, undefined, undefined]]);
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
