import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { ConnectionError, NotFoundError } from "../../../src/errors/classes.ts";
import { loadOptions } from "../../../src/project/config/load-options.ts";
import type { Options } from "../../../src/project/config/options.ts";
import { writeSnapshot } from "../../../src/project/snapshot/store.ts";
import { PolicySource } from "../../../src/project/versions/source.ts";
import type { PromptRef, PromptVersionData } from "../../../src/prompt.ts";
import { makeApp } from "../../support/app.ts";
import { snapshotEntry } from "../snapshot/entry.ts";

const ref = (name: string): PromptRef => ({ name, pin: { kind: "label", label: "production" } });
const entry = (name: string, versionNumber: number) =>
  snapshotEntry(ref(name), {
    promptId: `prompt_${name}`,
    versionNumber,
    content: `${name} ${versionNumber}`,
  });
const down = () => Promise.reject(new ConnectionError("refused", { code: "connection_failed" }));
const notFound = () =>
  Promise.reject(new NotFoundError("gone", { code: "prompt_not_found", httpStatus: 404 }));

let requests: string[];
beforeEach(() => {
  requests = [];
});

/** The source of a build in a project with these prompts committed in version 1. */
async function sourceOf(
  committed: readonly string[],
  options: Options,
  platform: (name: string, signal: AbortSignal) => Promise<PromptVersionData>,
) {
  const cwd = await makeApp({ "scope.config.json": JSON.stringify(options) });
  const resolved = await loadOptions({ cwd, env: {}, isTestRun: false });
  for (const name of committed) await writeSnapshot(resolved.snapshotDir, entry(name, 1));
  const project = {
    options: resolved,
    fetchVersion: ({ name }: PromptRef, signal = AbortSignal.any([])) => {
      requests.push(name);
      return platform(name, signal);
    },
  };
  return new PolicySource(project, { info: () => {}, warn: () => {} });
}

it("asks once for each prompt", async () => {
  const source = await sourceOf([], { fetch: "auto" }, async (name) => entry(name, 2).version);
  const [a, again] = await Promise.all([source.get(ref("a")), source.get(ref("a"))]);
  expect(again).toBe(a);
  expect(requests).toEqual(["a"]);
});

it.each(["auto", "always"] as const)("%s fails on a refusal, and says the way out", async (fetch) => {
  const prompts = { news: {} };
  const source = await sourceOf(["a"], { fetch, prompts }, notFound);
  await expect(source.get(ref("a"))).rejects.toMatchObject({
    code: "prompt_not_found",
    hint: expect.stringContaining("SCOPE_FETCH=never"),
  });
  await expect(source.get(ref("new"))).rejects.toMatchObject({ hint: 'Did you mean "news"?' });
  // A name that is configured but isn't on the platform doesn't suggest itself.
  await expect(source.get(ref("news"))).rejects.toMatchObject({
    hint: expect.not.stringContaining("Did you mean"),
  });
  expect(source.outage).toBeUndefined();
});

it("an outage is decided once: nothing else is tried, and requests in progress are aborted", async () => {
  const committed = ["a", "b", "c", "d", "e"];
  const source = await sourceOf(committed, { fetch: "auto", concurrency: 2 }, (name, signal) =>
    name === "a" ? Promise.resolve(entry("a", 2).version) : name === "c" ? down() : hanging(name, signal),
  );
  expect((await source.get(ref("a"))).source).toBe("platform");
  const got = await Promise.all(["b", "c", "d", "e"].map((name) => source.get(ref(name))));
  expect(got.map(({ source }) => source)).toEqual(Array(4).fill("stale-snapshot"));
  expect(requests.slice(1).sort()).toEqual(["b", "c"]);
  expect(source.stale.map(({ ref }) => ref.name).sort()).toEqual(["b", "c", "d", "e"]);
  expect((await source.get(ref("a"))).source).toBe("platform");
});

const hanging = (_: string, signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

describe("a platform that never answers", () => {
  /** Asks for these prompts, with a clock that stands still. */
  async function ask(
    names: readonly string[],
    options: Options,
    committed = names,
    platform: Parameters<typeof sourceOf>[2] = hanging,
  ) {
    const source = await sourceOf(committed, options, platform);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const all = Promise.all(names.map(async (name) => (await source.get(ref(name))).source));
    all.catch(() => {});
    while (requests.length < Math.min(names.length, options.concurrency ?? 8))
      await new Promise((done) => setImmediate(done));
    return { source, all };
  }

  it("delays an auto build with a complete snapshot for 15 s, and no longer", async () => {
    const { source, all } = await ask(["a"], { fetch: "auto" });
    await vi.advanceTimersByTimeAsync(14_900);
    expect(source.outage).toBeUndefined();
    await vi.advanceTimersByTimeAsync(200);
    expect(await all).toEqual(["stale-snapshot"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("delays it for 15 s in all, even if a response comes now and then", async () => {
    const names = ["slow", "a"];
    const { source, all } = await ask(names, { fetch: "auto" }, names, (name, signal) =>
      name === "slow"
        ? new Promise((done) => setTimeout(() => done(entry("slow", 2).version), 12_000))
        : hanging(name, signal),
    );
    await vi.advanceTimersByTimeAsync(14_900);
    expect(source.outage).toBeUndefined();
    await vi.advanceTimersByTimeAsync(200);
    expect(await all).toEqual(["platform", "stale-snapshot"]);
  });

  it("isn't treated as down while responses come steadily", async () => {
    const names = Array.from({ length: 30 }, (_, i) => `p${i}`);
    const { all } = await ask(
      names,
      { fetch: "auto", concurrency: 1 },
      names,
      (name) => new Promise((done) => setTimeout(() => done(entry(name, 2).version), 900)),
    );
    await vi.advanceTimersByTimeAsync(28_000);
    expect(new Set(await all)).toEqual(new Set(["platform"]));
  });

  it.each(["auto", "always"] as const)("is waited for if a prompt has no snapshot: %s", async (fetch) => {
    const { source } = await ask(["a", "new"], { fetch }, fetch === "auto" ? ["a"] : ["a", "new"]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(source.outage).toBeUndefined();
  });
});
