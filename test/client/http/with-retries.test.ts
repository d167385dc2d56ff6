import { afterEach, describe, expect, it, vi } from "vitest";
import { Cancel } from "../../../src/client/http/cancel.ts";
import { PlatformResponse } from "../../../src/client/http/send.ts";
import { RateLimit, type RetryPolicy, withRetries } from "../../../src/client/http/with-retries.ts";
import { ConnectionError } from "../../../src/errors/classes.ts";
import { failure } from "../client-setup.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const response = (status: number, headers: Record<string, string> = {}) =>
  new PlatformResponse({ status, header: (name) => headers[name], body: new Uint8Array() }, "id", []);
const broken = () => new ConnectionError("broken", { code: "connection_failed" });

type Outcome = PlatformResponse | Error;

/** More attempts or waits than any test needs: the retries do not end. */
const ENDLESS = 30;

/** Runs attempts with these outcomes, the last one for good, on a clock that only waits move. */
function retries(options: Partial<RetryPolicy> & { deadlineAt?: number } = {}) {
  const { deadlineAt = Infinity, ...overrides } = options;
  const time = { now: 0 };
  const waits: number[] = [];
  const cancel = new Cancel();
  const rateLimit = new RateLimit();
  const policy: RetryPolicy = {
    maxRetries: 2,
    retryBaseDelayMs: 100,
    retryMaxDelayMs: 1000,
    clock: () => time.now,
    random: () => 0,
    async sleep(ms, given) {
      expect(given).toBe(cancel);
      expect(waits.push(ms)).toBeLessThan(ENDLESS);
      time.now += ms;
    },
    ...overrides,
  };
  let count = 0;
  const run = (...outcomes: (Outcome | (() => Outcome))[]) =>
    withRetries(policy, rateLimit, { cancel, deadlineAt }, async () => {
      const given = outcomes[Math.min(count++, outcomes.length - 1)];
      expect(count).toBeLessThan(ENDLESS);
      const outcome = typeof given === "function" ? given() : (given as Outcome);
      if (outcome instanceof Error) throw outcome;
      return outcome;
    });
  return { run, waits, rateLimit, time, count: () => count };
}

it("a failure of another kind is thrown at once, and the last one of those to connect at the end", async () => {
  const { run, waits, count } = retries({ maxRetries: 1 });
  const [last, other] = [broken(), new RangeError("mine")];
  expect(await failure(run(response(500), last))).toBe(last);
  expect([count(), waits]).toEqual([2, [50]]);
  expect(await failure(retries().run(other))).toBe(other);
});

describe("the wait", () => {
  it("that would end before the deadline is made", async () => {
    const { run, waits, count } = retries({ deadlineAt: 51 });
    await run(response(500));
    expect([count(), waits]).toEqual([2, [50]]);
  });

  it("that would end at the deadline isn't", async () => {
    const { run, waits, count } = retries({ deadlineAt: 50 });
    await run(response(500));
    expect([count(), waits]).toEqual([1, []]);
  });

  it("uses the clock's own timers if none are given", async () => {
    vi.useFakeTimers();
    const { run, count } = retries({ maxRetries: 1, sleep: undefined });
    const done = run(response(500));
    await vi.advanceTimersByTimeAsync(49);
    expect(count()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect((await done).status).toBe(500);
    expect(count()).toBe(2);
  });
});

describe("a rate limit", () => {
  it("holds back every request until the pause is over", async () => {
    const { run, waits, rateLimit, time } = retries();
    time.now = 1000;
    rateLimit.pausedUntilMs = 1300;
    await run(response(200));
    expect(waits).toEqual([300]);
  });

  it.each([1000, 999])("whose pause is over holds back nothing: %i", async (pausedUntilMs) => {
    const { run, waits, rateLimit, time } = retries();
    time.now = 1000;
    rateLimit.pausedUntilMs = pausedUntilMs;
    await run(response(200));
    expect(waits).toEqual([]);
  });

  it("holds back no longer than the deadline", async () => {
    const { run, waits, rateLimit } = retries({ deadlineAt: 200 });
    rateLimit.pausedUntilMs = 300;
    await run(response(200));
    expect(waits).toEqual([200]);
  });

  it("whose pause grows meanwhile holds back longer", async () => {
    const waits: number[] = [];
    const { run, rateLimit, time } = retries({
      async sleep(ms) {
        expect(waits.push(ms)).toBeLessThan(ENDLESS);
        time.now += ms;
        if (waits.length === 1) rateLimit.pausedUntilMs += 40;
      },
    });
    rateLimit.pausedUntilMs = 100;
    await run(response(200));
    expect(waits).toEqual([100, 40]);
  });

  it("uses the clock's own timers if none are given", async () => {
    vi.useFakeTimers();
    const { run, rateLimit, time, count } = retries({ sleep: undefined });
    rateLimit.pausedUntilMs = 100;
    const done = run(response(200));
    await vi.advanceTimersByTimeAsync(99);
    expect(count()).toBe(0);
    time.now = 100;
    await vi.advanceTimersByTimeAsync(1);
    expect((await done).status).toBe(200);
  });

  it("pauses all requests of the client", async () => {
    const { run, rateLimit, time } = retries({ maxRetries: 1 });
    time.now = 1000;
    await run(response(429), response(200));
    expect(rateLimit.pausedUntilMs).toBe(1050);
  });

  it("doesn't shorten another request's pause", async () => {
    const { run, rateLimit, waits } = retries({ maxRetries: 1 });
    await run(() => {
      rateLimit.pausedUntilMs = 700;
      return response(429);
    }, response(200));
    expect([rateLimit.pausedUntilMs, waits]).toEqual([700, [700]]);
  });

  it("pauses nobody for anything but a rate limit", async () => {
    const { run, rateLimit } = retries();
    await run(response(503), broken(), response(200));
    expect(rateLimit.pausedUntilMs).toBe(0);
  });

  it("is retried if another request succeeded meanwhile", async () => {
    const { run, rateLimit, waits, count } = retries();
    const limited = () => response(429);
    const another = () => {
      rateLimit.letThrough++;
      return response(429);
    };
    await run(limited, limited, another, another, limited, limited);
    expect(waits).toEqual([50, 100, 50, 50, 100]);
    expect(count()).toBe(6);
  });

  it("another request's success doesn't cause retries after other failures", async () => {
    const { run, rateLimit, count } = retries();
    await run(() => {
      rateLimit.letThrough++;
      return response(503);
    });
    expect(count()).toBe(3);
  });

  it("a success before the attempt doesn't count", async () => {
    const { run, rateLimit, count } = retries();
    rateLimit.letThrough = 5;
    await run(response(429));
    expect(count()).toBe(3);
  });
});
