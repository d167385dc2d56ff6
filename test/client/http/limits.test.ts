// What waits leaves neither a timer nor a callback behind, however the wait ends.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Cancel, sleep, within } from "../../../src/client/http/cancel.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  // In this order: what is put back last is what stays, and a spy was on a fake timer.
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => {});
const late = () => "late";
type Wait = (cancel: Cancel | undefined) => Promise<unknown>;

it.each<[name: string, wait: Wait, afterMs: number, outcome: object, cancelled?: "before" | "meanwhile"]>([
  ["sleep", (cancel) => sleep(100, cancel), 100, { status: "fulfilled", value: undefined }],
  ["sleep", () => sleep(100, undefined), 100, { status: "fulfilled" }],
  ["sleep", (cancel) => sleep(100, cancel), 50, { reason: "enough" }, "meanwhile"],
  ["sleep", (cancel) => sleep(100, cancel), 0, { reason: "enough" }, "before"],
  ["within", (cancel) => within(Promise.resolve(7), cancel, 100, late), 0, { value: 7 }],
  ["within", (cancel) => within(Promise.reject("mine"), cancel, 100, late), 0, { reason: "mine" }],
  ["within", (cancel) => within(never(), cancel, 100, late), 100, { reason: "late" }],
  ["within", (cancel) => within(never(), cancel, 100), 100, { status: "rejected", reason: undefined }],
  ["within", (cancel) => within(never(), cancel, 100, late), 50, { reason: "enough" }, "meanwhile"],
  ["within", (cancel) => within(Promise.reject("mine"), cancel, 100), 0, { reason: "enough" }, "before"],
])("%s %# ends after %3$i ms, and no earlier", async (_, wait, afterMs, outcome, cancelled) => {
  const cancel = new Cancel();
  const removed = vi.fn();
  const onAbort = cancel.onAbort.bind(cancel);
  const listen = vi.spyOn(cancel, "onAbort").mockImplementation((callback) => {
    const off = onAbort(callback);
    return () => removed(off());
  });
  if (cancelled === "before") cancel.abort("enough");
  const ended = vi.fn();
  const waiting = Promise.allSettled([wait(cancel)]).then(([result]) => ended(result));
  expect(vi.getTimerCount()).toBe(cancelled === "before" ? 0 : 1);
  await vi.advanceTimersByTimeAsync(Math.max(0, afterMs - 1));
  if (afterMs > 0) expect(ended).not.toHaveBeenCalled();
  if (cancelled === "meanwhile") cancel.abort("enough");
  else await vi.advanceTimersByTimeAsync(1);
  await waiting;
  expect(ended).toHaveBeenCalledWith(expect.objectContaining(outcome));
  expect(vi.getTimerCount()).toBe(0);
  if (cancelled === undefined) expect(removed).toHaveBeenCalledTimes(listen.mock.calls.length);
});

it("without a time or a cancel, within only waits for the promise", async () => {
  expect(await within(Promise.resolve(7), undefined)).toBe(7);
  within(never(), undefined);
  expect(vi.getTimerCount()).toBe(0);
});

// Node warns of a negative time-out.
it("within treats a time in the past as none", async () => {
  const set = vi.spyOn(globalThis, "setTimeout");
  const waiting = expect(within(never(), undefined, -5, late)).rejects.toBe("late");
  expect(set.mock.calls.map(([, ms]) => ms)).toEqual([0]);
  await vi.advanceTimersByTimeAsync(0);
  await waiting;
});
