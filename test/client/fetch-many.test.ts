import { describe, expect, it, vi } from "vitest";
import { fetchMany, type ManyOptions, type Progress, type VersionRef } from "../../src/client/fetch-many.ts";
import { cancelOf } from "../../src/client/http/cancel.ts";
import type { AnyPromptVersion } from "../../src/client/prompt-version.ts";
import { failure } from "./client-setup.ts";

type FetchOne = Parameters<typeof fetchMany>[2];
const version = (name: string) => ({ name }) as unknown as AnyPromptVersion;
const fulfilled = (name: string) => ({ status: "fulfilled", value: version(name) });

const begun = () => new Promise((resolve) => setImmediate(resolve));

/** Fetches that end when the test says so. */
function held() {
  const started: string[] = [];
  const ends = new Map<string, (failure?: Error) => void>();
  const fetchOne: FetchOne = ({ name }) => {
    started.push(name);
    return new Promise((resolve, reject) => {
      ends.set(name, (error) => (error === undefined ? resolve(version(name)) : reject(error)));
    });
  };
  const end = async (name: string, error?: Error) => {
    await begun();
    ends.get(name)?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { started, fetchOne, end };
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `p${i}`);

describe("the refs", () => {
  it("are passed on with the signal's cancel, a plain name as a ref", async () => {
    const fetchOne = vi.fn(async ({ name }: VersionRef) => version(name));
    const { signal } = new AbortController();
    const given = { name: "b", label: "latest" } as const;
    await fetchMany(["a", given], { signal }, fetchOne);
    expect(fetchOne.mock.calls).toEqual([
      [{ name: "a" }, cancelOf(signal)],
      [given, cancelOf(signal)],
    ]);
    await fetchMany(["c"], {}, fetchOne);
    expect(fetchOne.mock.lastCall).toEqual([{ name: "c" }, undefined]);
  });

  it("can be empty", async () => {
    const fetchOne = vi.fn();
    expect(await fetchMany([], {}, fetchOne)).toEqual([]);
    expect(fetchOne).not.toHaveBeenCalled();
  });
});

it("the results are in the order of the refs, whichever comes first", async () => {
  const { fetchOne, end } = held();
  const all = fetchMany(["a", "b", "c"], {}, fetchOne);
  const reason = new Error("mine");
  await end("c");
  await end("b", reason);
  await end("a");
  expect(await all).toEqual([fulfilled("a"), { status: "rejected", reason }, fulfilled("c")]);
});

describe("concurrency", () => {
  it.each([
    [{}, 20, 16],
    [{ concurrency: 1 }, 3, 1],
    [{ concurrency: 2 }, 3, 2],
    [{ concurrency: 5 }, 3, 3],
  ])("is what %j says", async (options: ManyOptions, count, expected) => {
    const { fetchOne, started, end } = held();
    const all = fetchMany(names(count), options, fetchOne);
    await begun();
    expect(started).toHaveLength(expected);
    for (let at = 0; at < count; at++) {
      expect(started).toHaveLength(Math.min(count, expected + at));
      await end(`p${at}`);
    }
    expect(await all).toHaveLength(count);
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity, "4", 2 ** 53])(
    "is never an impossible number: %s",
    async (concurrency) => {
      const fetchOne = vi.fn();
      const error = await failure(fetchMany(["a"], { concurrency: concurrency as number }, fetchOne));
      expect(error.message).toBe("concurrency must be a whole number of at least 1.");
      expect([error.name, error.code]).toEqual(["ConfigurationError", "config_invalid"]);
      expect(fetchOne).not.toHaveBeenCalled();
    },
  );
});

describe("the progress", () => {
  it("is reported as each one finishes", async () => {
    const { fetchOne, end } = held();
    const told: Progress[] = [];
    const last = { name: "c", version: "version_1" };
    const all = fetchMany(["a", "b", last], { onProgress: (each) => told.push(each) }, fetchOne);
    const reason = new Error("mine");
    await end("c");
    expect(told).toHaveLength(1);
    await end("a", reason);
    await end("b");
    await all;
    expect(told).toEqual([
      { done: 1, total: 3, ref: last, index: 2, result: fulfilled("c") },
      { done: 2, total: 3, ref: { name: "a" }, index: 0, result: { status: "rejected", reason } },
      { done: 3, total: 3, ref: { name: "b" }, index: 1, result: fulfilled("b") },
    ]);
  });

  it("that throws ends the call, and nothing more starts", async () => {
    const { fetchOne, started, end } = held();
    const thrown = new RangeError("mine");
    const told = vi.fn().mockImplementationOnce(() => {
      throw thrown;
    });
    const failed = failure(fetchMany(names(4), { concurrency: 2, onProgress: told }, fetchOne));
    await end("p0");
    expect(await failed).toBe(thrown);
    await end("p1");
    expect(told).toHaveBeenCalledTimes(2);
    expect(started).toEqual(["p0", "p1"]);
  });
});

describe("a signal", () => {
  it("that is already aborted starts nothing", async () => {
    const fetchOne = vi.fn();
    expect(await failure(fetchMany(["a"], { signal: AbortSignal.abort("early") }, fetchOne))).toBe("early");
    expect(fetchOne).not.toHaveBeenCalled();
  });

  it("that is aborted doesn't hide an impossible concurrency", async () => {
    const signal = AbortSignal.abort("early");
    expect(await failure(fetchMany(["a"], { signal, concurrency: 0 }, vi.fn()))).toMatchObject({
      code: "config_invalid",
    });
  });

  it("that aborts rejects with its reason, and ends the progress", async () => {
    const { fetchOne, end } = held();
    const controller = new AbortController();
    const told = vi.fn();
    const failed = failure(fetchMany(["a", "b"], { signal: controller.signal, onProgress: told }, fetchOne));
    await end("a");
    controller.abort("enough");
    await end("b");
    expect(await failed).toBe("enough");
    expect(told).toHaveBeenCalledOnce();
  });

  it("that doesn't abort changes nothing", async () => {
    const { signal } = new AbortController();
    const told = vi.fn();
    const fetchOne: FetchOne = async ({ name }) => version(name);
    expect(await fetchMany(["a"], { signal, onProgress: told }, fetchOne)).toEqual([fulfilled("a")]);
    expect(told).toHaveBeenCalledOnce();
  });
});
