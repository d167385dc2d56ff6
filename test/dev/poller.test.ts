import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { Poller, type PollerOptions } from "../../src/dev/poller.ts";
import type { PromptRef } from "../../src/prompt.ts";
import { waitFor } from "../support/wait-for.ts";

const ref = (name: string): PromptRef => ({ name, pin: { kind: "label", label: "production" } });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let poller: Poller | undefined;
afterEach(() => poller?.close());

interface Look {
  readonly name: string;
  readonly at: number;
}

/** A poller whose looks are written down; `answer` decides how each ends. */
function start(options: Partial<PollerOptions>, answer: (name: string) => Promise<void> = async () => {}) {
  const looks: Look[] = [];
  const said: string[] = [];
  poller = new Poller({
    intervalMs: 100,
    maxRequestsPerSecond: 1000,
    poll: async ({ name }) => {
      looks.push({ name, at: performance.now() });
      await answer(name);
    },
    isUsed: () => true,
    pauseOf: () => undefined,
    kindOf: () => "down",
    onOutage: () => said.push("outage"),
    onBack: () => said.push("back"),
    onStretch: (ms) => said.push(`stretch ${Math.round(ms)}`),
    ...options,
  });
  return { poller, looks, said };
}

const gaps = (looks: readonly Look[]) => looks.slice(1).map(({ at }, i) => at - (looks[i] as Look).at);
const of = (looks: readonly Look[], name: string) => looks.filter((look) => look.name === name);

describe("the poller", () => {
  it("looks at each prompt at once, and then again and again", async () => {
    const { poller, looks } = start({});
    for (const name of ["a", "b", "c"]) poller.add(ref(name));
    poller.add(ref("a"));
    await waitFor("four looks at each", () => ["a", "b", "c"].every((name) => of(looks, name).length >= 4));
    expect(Math.min(...gaps(of(looks, "a")))).toBeGreaterThanOrEqual(85);
  });

  it.each([false, true])(
    "plans once for many that are added, just fetched or not (%j)",
    async (wasJustFetched) => {
      const planned = vi.spyOn(globalThis, "setTimeout");
      onTestFinished(() => planned.mockRestore());
      const { poller, looks } = start({ intervalMs: 500, maxRequestsPerSecond: 100_000 });
      const names = Array.from({ length: 1000 }, (_, at) => String(at));
      for (const name of names) poller.add(ref(name), { wasJustFetched });
      // Intervals differ: each that is the shortest so far moves the timer.
      expect(planned.mock.calls.length).toBeLessThan(50);
      await waitFor("a look at each", () => new Set(looks.map(({ name }) => name)).size === names.length);
    },
  );

  it("waits an interval with a prompt that was just fetched", async () => {
    const { poller, looks } = start({ intervalMs: 200 });
    const before = performance.now();
    poller.add(ref("a"), { wasJustFetched: true });
    await waitFor("a look", () => looks.length > 0);
    expect((looks[0] as Look).at - before).toBeGreaterThanOrEqual(175);
  });

  it("never passes the rate, whatever is loaded; the interval stretches and says so", async () => {
    const { poller, looks, said } = start({ intervalMs: 100, maxRequestsPerSecond: 50 });
    for (let i = 0; i < 20; i++) poller.add(ref(String(i)));
    await waitFor("every prompt twice", () => looks.length >= 40);
    // 20 ms each; a timer may fire a little early.
    expect(Math.min(...gaps(looks))).toBeGreaterThanOrEqual(18);
    expect(new Set(looks.slice(0, 20).map(({ name }) => name)).size).toBe(20);
    expect(said[0]).toBe("stretch 120");
    expect(said.length).toBeLessThan(4);
  });

  it("does not wait for a slow answer to look at the others", async () => {
    const { poller, looks } = start({}, async (name) => {
      if (name === "slow") await pause(100_000);
    });
    poller.add(ref("slow"));
    poller.add(ref("a"));
    await waitFor("looks at the other", () => of(looks, "a").length >= 3);
    expect(of(looks, "slow")).toHaveLength(1);
  });

  it("backs off in an outage, twice as long each time", async () => {
    const { poller, looks } = start({ intervalMs: 40 }, async () => {
      throw new Error("down");
    });
    poller.add(ref("a"));
    await waitFor("four looks", () => looks.length >= 4);
    const [first, second, third] = gaps(looks) as [number, number, number];
    expect(first).toBeGreaterThanOrEqual(78);
    expect(second).toBeGreaterThanOrEqual(158);
    expect(third).toBeGreaterThanOrEqual(318);
  });

  it("tells an outage once, tries with one look at a time, and goes on with all when it is over", async () => {
    let isDown = true;
    let underWay = 0;
    let most = 0;
    const { poller, looks, said } = start({ intervalMs: 40 }, async () => {
      underWay += 1;
      if (said.length > 0) most = Math.max(most, underWay);
      await pause(5);
      underWay -= 1;
      if (isDown) throw new Error("down");
    });
    for (const name of ["a", "b", "c"]) poller.add(ref(name));
    await waitFor("six looks", () => looks.length >= 6);
    expect(said).toEqual(["outage"]);
    expect(most).toBe(1);
    isDown = false;
    await waitFor("the end of the outage", () => said.includes("back"), { timeoutMs: 30_000 });
    const seen = looks.length;
    await waitFor("all of them again", () =>
      ["a", "b", "c"].every((name) => of(looks.slice(seen), name).length >= 2),
    );
    expect(said).toEqual(["outage", "back"]);
  });

  it("waits as long as a 429 asks", async () => {
    const { poller, looks } = start({ intervalMs: 20, pauseOf: () => 400 }, async () => {
      throw new Error("429");
    });
    poller.add(ref("a"));
    await waitFor("a second look", () => looks.length >= 2);
    expect(gaps(looks)[0]).toBeGreaterThanOrEqual(395);
  });

  it("sits out a pause that is longer than a timer can be", async () => {
    const warnings: string[] = [];
    const listen = ({ name }: Error) => warnings.push(name);
    process.on("warning", listen);
    const { poller, looks } = start({ pauseOf: () => 3e12 }, async () => {
      throw new Error("429");
    });
    poller.add(ref("a"));
    await pause(200);
    process.off("warning", listen);
    expect(looks).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it("leaves out what is not used, and takes it in when it is", async () => {
    let isUsed = false;
    const { poller, looks } = start({ intervalMs: 40, isUsed: ({ name }) => name === "a" || isUsed });
    for (const name of ["a", "b"]) poller.add(ref(name));
    await waitFor("looks", () => looks.length >= 4);
    expect(of(looks, "b")).toEqual([]);
    isUsed = true;
    await waitFor("looks at both", () => of(looks, "b").length >= 2);
    isUsed = false;
    await pause(50);
    const seen = of(looks, "b").length;
    await pause(150);
    expect(of(looks, "b")).toHaveLength(seen);
  });

  it("never looks in step: intervals differ a little", async () => {
    const { poller, looks } = start({ intervalMs: 60 });
    poller.add(ref("a"));
    await waitFor("looks", () => looks.length >= 8);
    expect(new Set(gaps(looks).map((gap) => Math.round(gap * 10))).size).toBeGreaterThan(2);
  });

  it("ends when it is closed", async () => {
    const { poller, looks } = start({ intervalMs: 20 });
    poller.add(ref("a"));
    await waitFor("a look", () => looks.length > 0);
    poller.close();
    const seen = looks.length;
    await pause(100);
    expect(looks).toHaveLength(seen);
    poller.add(ref("b"));
    await pause(50);
    expect(looks).toHaveLength(seen);
  });
});
