import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ConnectionError, NotFoundError } from "../../../src/errors/classes.ts";
import type { SnapshotEntry } from "../../../src/project/snapshot/format.ts";
import { parseSnapshot } from "../../../src/project/snapshot/format.ts";
import {
  VersionResolver,
  type VersionResolverOptions,
} from "../../../src/project/versions/version-resolver.ts";
import type { PromptRef, PromptVersionData } from "../../../src/prompt.ts";
import { snapshotEntry } from "../snapshot/entry.ts";

const ref = (name: string): PromptRef => ({ name, pin: { kind: "label", label: "production" } });

const committedAs = (name: string, versionNumber: number): SnapshotEntry =>
  snapshotEntry(ref(name), {
    id: `version_${name}_${versionNumber}`,
    promptId: `prompt_${name}`,
    versionNumber,
    content: `${name} ${versionNumber}`,
  });
const version = (name: string, versionNumber: number) => committedAs(name, versionNumber).version;
const committed = (name: string) => committedAs(name, 1);
const refused = () => new ConnectionError("refused", { code: "connection_failed" });
const notFound = () => new NotFoundError("gone", { code: "prompt_not_found", httpStatus: 404 });

let said: string[];
let requests: string[];
beforeEach(() => {
  said = [];
  requests = [];
});

function answers(
  change: Partial<VersionResolverOptions>,
  platform: (name: string, signal: AbortSignal) => Promise<PromptVersionData> = async (name) =>
    version(name, 2),
) {
  return new VersionResolver({
    fetch: "auto",
    environment: "production",
    concurrency: 4,
    fetchVersion: (asked, signal) => {
      requests.push(asked.name);
      return platform(asked.name, signal);
    },
    loadSnapshot: async (asked) => (asked.name.startsWith("new") ? undefined : committed(asked.name)),
    promptIdOf: async (name) => (name.startsWith("new") ? undefined : `prompt_${name}`),
    knownNames: async () => ["a", "news"],
    warn: (text) => said.push(text),
    info: (text) => said.push(text),
    ...change,
  });
}

describe("platform up", () => {
  it.each(["auto", "always"] as const)("%s uses what the platform serves, and asks once", async (fetch) => {
    const run = answers({ fetch });
    const [a, again] = await Promise.all([run.resolve(ref("a")), run.resolve(ref("a"))]);
    expect(a).toMatchObject({ source: "platform", version: { versionNumber: 2 } });
    expect(again).toBe(a);
    expect(requests).toEqual(["a"]);
  });

  it("never requests nothing and uses the snapshot", async () => {
    const run = answers({ fetch: "never" });
    expect(await run.resolve(ref("a"))).toMatchObject({ source: "snapshot", version: { versionNumber: 1 } });
    await expect(run.resolve(ref("new"))).rejects.toMatchObject({
      code: "snapshot_missing",
      hint: expect.stringContaining("scope-gen pull"),
    });
    expect(requests).toEqual([]);
  });

  it.each(["auto", "always"] as const)("%s fails on a refusal, with or without a snapshot", async (fetch) => {
    const run = answers({ fetch }, () => Promise.reject(notFound()));
    await expect(run.resolve(ref("a"))).rejects.toMatchObject({
      code: "prompt_not_found",
      hint: expect.stringContaining("SCOPE_FETCH=never"),
    });
    await expect(run.resolve(ref("new"))).rejects.toMatchObject({ hint: 'Did you mean "news"?' });
    // A name that is configured but isn't on the platform doesn't suggest itself.
    await expect(run.resolve(ref("news"))).rejects.toMatchObject({
      hint: expect.not.stringContaining("Did you mean"),
    });
    expect(run.outage).toBeUndefined();
  });

  it("a name that is the committed ID isn't asked for twice", async () => {
    const run = answers({ promptIdOf: async (name) => name }, () => Promise.reject(notFound()));
    await expect(run.resolve(ref("prompt_a"))).rejects.toMatchObject({ code: "prompt_not_found" });
    expect(requests).toEqual(["prompt_a"]);
  });

  it("warns about a damaged snapshot that isn't used", async () => {
    const run = answers({
      loadSnapshot: () => Promise.reject(Object.assign(new Error("Damaged."), { where: { file: "a.json" } })),
    });
    expect(await run.resolve(ref("a"))).toMatchObject({ source: "platform", snapshot: undefined });
    expect(said).toEqual([expect.stringMatching(/Damaged\. \(a\.json\).*scope-gen pull/)]);
  });

  it("stops a build at a snapshot file in a merge conflict, which could hide a new variable", async () => {
    const loadSnapshot = async () =>
      parseSnapshot("<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n", "a.json");
    await expect(answers({ loadSnapshot, failsAtConflict: true }).resolve(ref("a"))).rejects.toMatchObject({
      code: "snapshot_damaged",
      where: { file: "a.json" },
    });
    expect(await answers({ loadSnapshot }).resolve(ref("a"))).toMatchObject({ source: "platform" });
  });
});

describe("platform down", () => {
  const down = () => Promise.reject(refused());

  it("auto uses the snapshot and remembers each stale prompt", async () => {
    const run = answers({}, down);
    const got = await Promise.all([run.resolve(ref("a")), run.resolve(ref("b"))]);
    expect(got.map(({ source }) => source)).toEqual(["stale-snapshot", "stale-snapshot"]);
    expect(run.stale.map((answer) => answer.ref.name)).toEqual(["a", "b"]);
    expect(run.outage).toMatchObject({ code: "connection_failed" });
  });

  it("auto without a snapshot says so", async () => {
    const run = answers({}, down);
    await expect(run.resolve(ref("new"))).rejects.toMatchObject({ code: "build_platform_down" });
  });

  it("auto with a damaged snapshot reports the damage", async () => {
    const damage = Object.assign(new Error("Damaged."), { code: "snapshot_damaged" });
    const run = answers({ loadSnapshot: () => Promise.reject(damage) }, down);
    await expect(run.resolve(ref("a"))).rejects.toBe(damage);
  });

  it("always is an error", async () => {
    const run = answers({ fetch: "always" }, down);
    await expect(run.resolve(ref("a"))).rejects.toMatchObject({
      code: "build_platform_down",
      cause: { code: "connection_failed" },
    });
  });

  it("is decided once: nothing else is tried, and requests in progress are aborted", async () => {
    const run = answers({ concurrency: 2 }, (name, signal) =>
      name === "a"
        ? Promise.reject(refused())
        : new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    );
    const got = await Promise.all(["b", "a", "c", "d"].map((name) => run.resolve(ref(name))));
    expect(got.map(({ source }) => source)).toEqual(Array(4).fill("stale-snapshot"));
    expect(requests).toEqual(["b", "a"]);
  });

  it("keeps what was fetched before", async () => {
    const run = answers({}, (name) => (name === "a" ? Promise.resolve(version("a", 2)) : down()));
    expect((await run.resolve(ref("a"))).source).toBe("platform");
    expect((await run.resolve(ref("b"))).source).toBe("stale-snapshot");
    expect((await run.resolve(ref("a"))).source).toBe("platform");
  });
});

describe("a platform that never answers", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const hanging = (_: string, signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

  it("delays an auto build with a complete snapshot for 15 s, and no longer", async () => {
    const run = answers({}, hanging);
    const answer = run.resolve(ref("a"));
    await vi.advanceTimersByTimeAsync(14_900);
    expect(run.outage).toBeUndefined();
    await vi.advanceTimersByTimeAsync(200);
    expect((await answer).source).toBe("stale-snapshot");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("delays it for 15 s in all, even if a response comes now and then", async () => {
    const run = answers({ concurrency: 9 }, (name, signal) =>
      name === "slow"
        ? new Promise((done) => setTimeout(() => done(version("slow", 2)), 12_000))
        : hanging(name, signal),
    );
    const all = Promise.all(["slow", "a"].map((name) => run.resolve(ref(name))));
    await vi.advanceTimersByTimeAsync(14_900);
    expect(run.outage).toBeUndefined();
    await vi.advanceTimersByTimeAsync(200);
    expect((await all).map(({ source }) => source)).toEqual(["platform", "stale-snapshot"]);
  });

  it("isn't treated as down while responses come steadily", async () => {
    const run = answers(
      { concurrency: 1 },
      (name) => new Promise((done) => setTimeout(() => done(version(name, 2)), 900)),
    );
    const all = Promise.all(Array.from({ length: 30 }, (_, i) => run.resolve(ref(`p${i}`))));
    await vi.advanceTimersByTimeAsync(28_000);
    expect(new Set((await all).map(({ source }) => source))).toEqual(new Set(["platform"]));
  });

  it("is waited for if a prompt has no snapshot, and with always", async () => {
    const auto = answers({}, hanging);
    const always = answers({ fetch: "always" }, hanging);
    void auto.resolve(ref("a")).catch(() => {});
    void auto.resolve(ref("new")).catch(() => {});
    void always.resolve(ref("a")).catch(() => {});
    await vi.advanceTimersByTimeAsync(60_000);
    expect([auto.outage, always.outage]).toEqual([undefined, undefined]);
  });
});

describe("no credentials", () => {
  it("auto uses the snapshot with one notice", async () => {
    const run = answers({ fetchVersion: undefined });
    await Promise.all([run.resolve(ref("a")), run.resolve(ref("b"))]);
    expect(said).toEqual([expect.stringContaining("committed snapshot")]);
    await expect(run.resolve(ref("new"))).rejects.toMatchObject({
      code: "snapshot_missing",
      hint: expect.stringContaining("SCOPE_API_KEY"),
    });
  });

  it("always is an error", async () => {
    const run = answers({ fetchVersion: undefined, fetch: "always" });
    await expect(run.resolve(ref("a"))).rejects.toMatchObject({ code: "build_credentials_needed" });
  });
});
