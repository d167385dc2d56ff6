import type { ServerResponse } from "node:http";
import { expect, it } from "vitest";
import type { ManyOptions } from "../../src/client/index.ts";
import { failure, setup } from "./client-setup.ts";
import { json, version } from "./faulty-platform.ts";

/** What a call says of its progress, one after the other: `b` is refused, and `c` does what the test wants. */
async function oneByOne(onC: (response: ServerResponse) => void, options: ManyOptions = {}) {
  const { platform, client } = await setup({ maxRetries: 0 });
  platform.prompt = (response, { path }) => {
    if (path.includes("/c/")) onC(response);
    else json(response, path.includes("/b/") ? 403 : 200, version());
  };
  const told: unknown[] = [];
  const call = client.getPromptVersions(["a", "b", "c", "d"], {
    concurrency: 1,
    onProgress: ({ done, total, index, ref, result }) =>
      told.push([done, total, index, ref.name, result.status]),
    ...options,
  });
  return { platform, client, told, call };
}
const PROGRESS = [
  [1, 4, 0, "a", "fulfilled"],
  [2, 4, 1, "b", "rejected"],
  [3, 4, 2, "c", "fulfilled"],
  [4, 4, 3, "d", "fulfilled"],
];

it("results are in the order of the refs, and one failure doesn't lose the others", async () => {
  const { platform, client } = await setup({ maxRetries: 0 });
  platform.prompt = (response, { path }) => {
    const id = path.replace(/^.*versions./, "");
    const [status, body] = path.includes("/gone/")
      ? [404, { error: { code: "prompt_not_found" } }]
      : [200, version({ id })];
    setTimeout(() => json(response, status, body), path.includes("/slow/") ? 60 : 0);
  };
  const versions = [
    { name: "a", label: "latest" },
    { name: "b", version: "version_2", label: "latest" },
  ] as const;
  const results = await client.getPromptVersions(["slow", "gone", ...versions, "..", "slow"]);
  const told = results.map((result) =>
    result.status === "fulfilled" ? result.value.id : (result.reason as { code: string }).code,
  );
  const slow = "/api/v1/prompts/slow/production";
  const latest = "/api/v1/prompts/a/latest";
  expect(told).toEqual([slow, "prompt_not_found", latest, "version_2", "name_invalid", slow]);
  expect(platform.logins()).toHaveLength(1);
  expect(platform.fetches()).toHaveLength(4);
});

it.each([
  [{ concurrency: 1 }, 1],
  [{ concurrency: 3 }, 3],
  [{}, 16],
])("as many at once as concurrency says, and no more: %j", async (options, expected) => {
  const { platform, client } = await setup();
  const held: ServerResponse[] = [];
  let most = 0;
  platform.prompt = (response) => {
    most = Math.max(most, held.push(response));
    if (held.length < expected) return;
    setTimeout(() => {
      for (const one of held.splice(0)) json(one, 200, version());
    }, 5);
  };
  const names = Array.from({ length: 48 }, (_, i) => `prompt-${i}`);
  await client.getPromptVersions(names, options);
  expect(most).toBe(expected);
  expect(platform.fetches()).toHaveLength(48);
});

it("reports its progress", async () => {
  const { told, call } = await oneByOne((response) => json(response, 200, version()));
  await call;
  expect(told).toEqual(PROGRESS);
});

it("an aborted call rejects with the signal's reason, and starts nothing more", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const { platform, client, told, call } = await oneByOne(() => controller.abort("enough"), { signal });
  expect(await failure(call)).toBe("enough");
  expect(platform.fetches()).toHaveLength(3);
  expect(told).toEqual(PROGRESS.slice(0, 2));
  expect(await failure(client.getPromptVersions(["a"], { signal }))).toBe("enough");
});

it("a progress callback that throws ends the call with its error, and nothing more starts", async () => {
  const onProgress = () => {
    throw new RangeError("mine");
  };
  const { platform, call } = await oneByOne(() => {}, { onProgress });
  expect(await failure(call)).toBeInstanceOf(RangeError);
  expect(platform.fetches()).toHaveLength(1);
});

it.each([0, -1, 1.5, Number.NaN, Infinity, "4", 2 ** 53])(
  "an impossible concurrency is refused, whatever the signal says: %s",
  async (given) => {
    const { client } = await setup();
    const concurrency = given as number;
    for (const options of [{ concurrency }, { concurrency, signal: AbortSignal.abort("early") }])
      expect(await failure(client.getPromptVersions(["a"], options))).toMatchObject({
        name: "ConfigurationError",
        code: "config_invalid",
        message: "concurrency must be a whole number of at least 1.",
      });
  },
);

it("no refs give no results", async () => {
  const { platform, client } = await setup();
  expect(await client.getPromptVersions([])).toEqual([]);
  expect(platform.seen).toEqual([]);
});
