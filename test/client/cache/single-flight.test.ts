import { expect, it } from "vitest";
import { Flights } from "../../../src/client/cache/single-flight.ts";
import { Cancel } from "../../../src/client/http/cancel.ts";
import { failure } from "../client-setup.ts";

/** Flights whose runs the test ends. */
function setup() {
  const flights = new Flights<string>();
  const runs: { cancel: Cancel; resolve(value: string): void; reject(error: unknown): void }[] = [];
  const start = (cancel: Cancel) =>
    new Promise<string>((resolve, reject) => {
      runs.push({ cancel, resolve, reject });
    });
  return { flights, runs, join: (cancel?: Cancel, key = "a") => flights.join(key, cancel, start) };
}

it("one run for all concurrent callers, and a new one afterwards", async () => {
  const { runs, join } = setup();
  const all = [join(), join(new Cancel()), join()];
  expect(runs).toHaveLength(1);
  runs[0]?.resolve("first");
  expect(await Promise.all(all)).toEqual(["first", "first", "first"]);
  const next = join();
  expect(runs).toHaveLength(2);
  runs[1]?.resolve("second");
  expect(await next).toBe("second");
});

it("every key has its own", () => {
  const { runs, join } = setup();
  join(undefined, "a");
  join(undefined, "b");
  expect(runs).toHaveLength(2);
});

it("a failure is reported to all, and the next caller starts again", async () => {
  const { runs, join } = setup();
  const all = [failure(join()), failure(join(new Cancel()))];
  runs[0]?.reject("down");
  expect(await Promise.all(all)).toEqual(["down", "down"]);
  join();
  expect(runs).toHaveLength(2);
});

it("a caller that was already aborted starts nothing", async () => {
  const { runs, join } = setup();
  const cancel = new Cancel();
  cancel.abort("enough");
  expect(await failure(join(cancel))).toBe("enough");
  expect(runs).toHaveLength(0);
});

it("a caller that aborts leaves the others their run, whichever of them aborts next", async () => {
  const { runs, join } = setup();
  const [one, other] = [new Cancel(), new Cancel()];
  const [first, second] = [failure(join(one)), failure(join(other))];
  one.abort("one");
  expect(await first).toBe("one");
  expect(runs[0]?.cancel.aborted).toBe(false);
  join(new Cancel());
  expect(runs).toHaveLength(1);
  one.abort("again");
  other.abort("other");
  expect(await second).toBe("other");
  expect(runs[0]?.cancel.aborted).toBe(false);
});

it("nobody joins a run that the last caller has aborted", async () => {
  const { runs, join } = setup();
  const cancel = new Cancel();
  const ended = failure(join(cancel));
  cancel.abort("enough");
  expect(runs[0]?.cancel.reason).toBe("enough");
  expect(await ended).toBe("enough");
  const next = join();
  expect(runs).toHaveLength(2);
  runs[0]?.reject("ended");
  await new Promise(setImmediate);
  expect(join()).toBe(next);
});

it("a caller that can't abort keeps the run going", () => {
  const { runs, join } = setup();
  const cancel = new Cancel();
  join();
  join(cancel).catch(() => {});
  cancel.abort("enough");
  expect(runs[0]?.cancel.aborted).toBe(false);
});

it.each<[end: "resolve" | "reject"]>([["resolve"], ["reject"]])(
  "aborting after the end (%s) changes nothing",
  async (end) => {
    const { runs, join } = setup();
    const cancel = new Cancel();
    const joined = join(cancel).catch(() => {});
    runs[0]?.[end]("over");
    await joined;
    cancel.abort("late");
    expect(runs[0]?.cancel.aborted).toBe(false);
  },
);

it("a forgotten run ends for those who wait, and the next caller starts a new one", async () => {
  const { flights, runs, join } = setup();
  const old = join();
  flights.forget();
  const fresh = join();
  expect(runs).toHaveLength(2);
  runs[0]?.resolve("old");
  expect(await old).toBe("old");
  expect(join()).toBe(fresh);
  expect(runs).toHaveLength(2);
});
