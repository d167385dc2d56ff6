import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PromptRef } from "../../../src/prompt.ts";
import { Poller, type PollerOptions, RateLimiter } from "../../../src/run/dev/poller.ts";

const ref = (name: string): PromptRef => ({ name, pin: { kind: "label", label: "production" } });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let poller: Poller | undefined;
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => {
  poller?.close();
  vi.useRealTimers();
});

interface Poll {
  readonly name: string;
  readonly at: number;
}

/** A poller whose polls are written down; `respond` decides how each ends. */
function start(options: Partial<PollerOptions>, respond: (name: string) => Promise<void> = async () => {}) {
  const polls: Poll[] = [];
  const reported: string[] = [];
  poller = new Poller({
    intervalMs: 100,
    maxRequestsPerSecond: 1000,
    rateLimiter: new RateLimiter(),
    poll: async ({ name }) => {
      polls.push({ name, at: performance.now() });
      await respond(name);
    },
    isUsed: () => true,
    onOutage: () => {
      reported.push("outage");
      return 0;
    },
    onBack: () => reported.push("back"),
    onStretch: (ms) => reported.push(`stretch ${Math.round(ms)}`),
    ...options,
  });
  return { poller, polls, reported };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const gaps = (polls: readonly Poll[]) => polls.slice(1).map(({ at }, i) => at - (polls[i] as Poll).at);
const of = (polls: readonly Poll[], name: string) => polls.filter((poll) => poll.name === name);
const failing = async () => {
  throw new Error("down");
};

describe("the poller", () => {
  it("polls each prompt at once, and then again and again", async () => {
    const { poller, polls } = start({});
    for (const name of ["a", "b", "c"]) poller.add(ref(name));
    poller.add(ref("a"));
    await pass(4);
    expect(polls.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    await pass(1000);
    for (const name of ["a", "b", "c"]) {
      // A little less than the interval, and a timer counts whole milliseconds.
      expect(Math.min(...gaps(of(polls, name)))).toBeGreaterThanOrEqual(90);
      expect(Math.max(...gaps(of(polls, name)))).toBeLessThanOrEqual(103);
    }
  });

  it.each([false, true])(
    "polls each of many new prompts, just fetched or not (%j)",
    async (wasJustFetched) => {
      const { poller, polls } = start({ intervalMs: 500, maxRequestsPerSecond: 100_000 });
      const names = Array.from({ length: 1000 }, (_, at) => String(at));
      for (const name of names) poller.add(ref(name), { wasJustFetched });
      await pass(2000);
      expect(new Set(polls.map(({ name }) => name)).size).toBe(names.length);
    },
  );

  it("waits an interval before it polls a prompt that was just fetched", async () => {
    const { poller, polls } = start({ intervalMs: 200 });
    poller.add(ref("a"), { wasJustFetched: true });
    await pass(179);
    expect(polls).toEqual([]);
    await pass(22);
    expect(polls).toHaveLength(1);
  });

  it("never exceeds the rate, however many prompts are loaded; the interval gets longer and it says so", async () => {
    const { poller, polls, reported } = start({ intervalMs: 100, maxRequestsPerSecond: 50 });
    for (let i = 0; i < 20; i++) poller.add(ref(String(i)));
    await pass(40 * 21);
    expect(polls.length).toBeGreaterThanOrEqual(40);
    expect(Math.min(...gaps(polls))).toBeGreaterThanOrEqual(20);
    expect(new Set(polls.slice(0, 20).map(({ name }) => name)).size).toBe(20);
    expect(reported).toEqual(["stretch 400"]);
  });

  it("doesn't report the interval while it polls nothing", async () => {
    const { poller, polls, reported } = start({ maxRequestsPerSecond: 50, isUsed: () => false });
    for (let i = 0; i < 20; i++) poller.add(ref(String(i)));
    await pass(2000);
    expect([polls, reported]).toEqual([[], []]);
  });

  it("doesn't wait for a slow response before it polls the others", async () => {
    const { poller, polls } = start({}, async (name) => {
      if (name === "slow") await pause(100_000);
    });
    poller.add(ref("slow"));
    poller.add(ref("a"));
    await pass(400);
    expect(of(polls, "a").length).toBeGreaterThanOrEqual(3);
    expect(of(polls, "slow")).toHaveLength(1);
  });

  it("backs off in an outage, doubling the wait each time", async () => {
    const { poller, polls } = start({ intervalMs: 40 }, failing);
    poller.add(ref("a"));
    await pass(700);
    expect(gaps(polls)).toHaveLength(3);
    for (const [i, gap] of gaps(polls).entries()) {
      expect(gap).toBeGreaterThanOrEqual(80 * 2 ** i);
      expect(gap).toBeLessThanOrEqual(80 * 2 ** i * 1.1 + 1);
    }
  });

  it("in an outage, retries with one poll at a time, and resumes them all when it's over", async () => {
    let isDown = true;
    let underWay = 0;
    let most = 0;
    const { poller, polls, reported } = start({ intervalMs: 40 }, async () => {
      underWay += 1;
      if (reported.length > 0) most = Math.max(most, underWay);
      await pause(5);
      underWay -= 1;
      if (isDown) throw new Error("down");
    });
    for (const name of ["a", "b", "c"]) poller.add(ref(name));
    await pass(1000);
    expect(polls.length).toBeGreaterThanOrEqual(6);
    expect(new Set(reported)).toEqual(new Set(["outage"]));
    expect(most).toBe(1);
    isDown = false;
    const seen = polls.length;
    await pass(2000);
    expect(reported.filter((one) => one === "back")).toHaveLength(1);
    expect(reported.at(-1)).toBe("back");
    for (const name of ["a", "b", "c"]) expect(of(polls.slice(seen), name).length).toBeGreaterThanOrEqual(2);
  });

  it("skips a prompt that isn't used, and polls it again once it is", async () => {
    let isUsed = false;
    const { poller, polls } = start({ intervalMs: 40, isUsed: ({ name }) => name === "a" || isUsed });
    for (const name of ["a", "b"]) poller.add(ref(name));
    await pass(200);
    expect(of(polls, "a").length).toBeGreaterThanOrEqual(4);
    expect(of(polls, "b")).toEqual([]);
    isUsed = true;
    await pass(120);
    const seen = of(polls, "b").length;
    expect(seen).toBeGreaterThanOrEqual(2);
    isUsed = false;
    await pass(150);
    expect(of(polls, "b")).toHaveLength(seen);
  });

  it("never polls in lockstep: intervals differ a little", async () => {
    const { poller, polls } = start({ intervalMs: 600 });
    poller.add(ref("a"));
    await pass(8 * 600);
    expect(new Set(gaps(polls)).size).toBeGreaterThan(2);
  });

  it("stops when it's closed", async () => {
    const { poller, polls } = start({ intervalMs: 20 });
    poller.add(ref("a"));
    await pass(10);
    expect(polls).toHaveLength(1);
    poller.close();
    poller.add(ref("b"));
    await pass(100);
    expect(polls).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
