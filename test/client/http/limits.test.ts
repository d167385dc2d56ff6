import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Cancel } from "../../../src/client/http/cancel.ts";
import { sleep, within } from "../../../src/client/http/limits.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  // In this order: what is put back last is what stays, and a spy was on a fake timer.
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** What a promise has come to so far. */
function watch(promise: Promise<unknown>): { state: unknown } {
  const watched: { state: unknown } = { state: "pending" };
  promise.then(
    (value) => {
      watched.state = ["resolved", value];
    },
    (reason) => {
      watched.state = ["rejected", reason];
    },
  );
  return watched;
}

/** One that notes how often a callback was taken away. */
function watchedCancel() {
  const cancel = new Cancel();
  const off = vi.fn();
  vi.spyOn(cancel, "onAbort").mockReturnValue(off);
  return { cancel, off };
}

const turn = () => vi.advanceTimersByTimeAsync(0);
const never = new Promise<never>(() => {});

describe("sleep", () => {
  it("resolves after the time, and no earlier", async () => {
    const slept = watch(sleep(100, undefined));
    await vi.advanceTimersByTimeAsync(99);
    expect(slept.state).toBe("pending");
    await vi.advanceTimersByTimeAsync(1);
    expect(slept.state).toEqual(["resolved", undefined]);
  });

  it("rejects with the reason when it's cancelled, and leaves no timer", async () => {
    const cancel = new Cancel();
    const slept = watch(sleep(100, cancel));
    expect(vi.getTimerCount()).toBe(1);
    cancel.abort("enough");
    await turn();
    expect(slept.state).toEqual(["rejected", "enough"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("doesn't start if it's already cancelled", async () => {
    const cancel = new Cancel();
    cancel.abort("enough");
    const slept = watch(sleep(100, cancel));
    expect(vi.getTimerCount()).toBe(0);
    await turn();
    expect(slept.state).toEqual(["rejected", "enough"]);
  });

  it("removes its cancel callback", async () => {
    const { cancel, off } = watchedCancel();
    const slept = watch(sleep(100, cancel));
    await vi.advanceTimersByTimeAsync(99);
    expect(off).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(slept.state).toEqual(["resolved", undefined]);
    expect(off).toHaveBeenCalledOnce();
  });
});

describe("within", () => {
  it("resolves like the promise", async () => {
    expect(await within(Promise.resolve(7), undefined)).toBe(7);
    await expect(within(Promise.reject(new RangeError("mine")), undefined)).rejects.toThrow("mine");
    expect(await within(Promise.resolve(7), new Cancel(), 100, () => "late")).toBe(7);
  });

  it("waits without an end if no time is given", async () => {
    const waited = watch(within(never, undefined));
    expect(vi.getTimerCount()).toBe(0);
    await turn();
    expect(waited.state).toBe("pending");
  });

  it("rejects at the deadline, and no earlier, with the error created then", async () => {
    const onDeadline = vi.fn(() => "late");
    const waited = watch(within(never, undefined, 100, onDeadline));
    await vi.advanceTimersByTimeAsync(99);
    expect(waited.state).toBe("pending");
    expect(onDeadline).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(waited.state).toEqual(["rejected", "late"]);
    expect(onDeadline).toHaveBeenCalledOnce();
  });

  it("rejects with undefined if no error is created", async () => {
    const waited = watch(within(never, undefined, 100));
    await vi.advanceTimersByTimeAsync(100);
    expect(waited.state).toEqual(["rejected", undefined]);
  });

  // Node warns of a negative time-out.
  it("treats a time in the past as none", async () => {
    const set = vi.spyOn(globalThis, "setTimeout");
    const waited = watch(within(never, undefined, -5, () => "late"));
    expect(set.mock.calls.map(([, ms]) => ms)).toEqual([0]);
    await turn();
    expect(waited.state).toEqual(["rejected", "late"]);
  });

  it("rejects with the reason when it's cancelled, and leaves no timer", async () => {
    const cancel = new Cancel();
    const waited = watch(within(never, cancel, 100));
    expect(vi.getTimerCount()).toBe(1);
    cancel.abort("enough");
    await turn();
    expect(waited.state).toEqual(["rejected", "enough"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("doesn't wait if it's already cancelled", async () => {
    const cancel = new Cancel();
    cancel.abort("enough");
    const waited = watch(within(Promise.resolve(7), cancel, 100));
    expect(vi.getTimerCount()).toBe(0);
    await turn();
    expect(waited.state).toEqual(["rejected", "enough"]);
  });

  it.each([
    ["resolves", () => Promise.resolve(7), ["resolved", 7]],
    ["rejects", () => Promise.reject("mine"), ["rejected", "mine"]],
  ])("releases timer and cancel when the promise %s", async (_, make, expected) => {
    const { cancel, off } = watchedCancel();
    const waited = watch(within(make() as Promise<unknown>, cancel, 100));
    expect(vi.getTimerCount()).toBe(1);
    expect(off).not.toHaveBeenCalled();
    await turn();
    expect(waited.state).toEqual(expected);
    expect(vi.getTimerCount()).toBe(0);
    expect(off).toHaveBeenCalledOnce();
  });

  it("releases the cancel at the deadline", async () => {
    const { cancel, off } = watchedCancel();
    const waited = watch(within(never, cancel, 100));
    await vi.advanceTimersByTimeAsync(100);
    expect(waited.state).toEqual(["rejected", undefined]);
    expect(off).toHaveBeenCalledOnce();
  });
});
