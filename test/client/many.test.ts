import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import type { Progress } from "../../src/client/index.ts";
import { failure, setup } from "./client-setup.ts";
import { json, version } from "./faulty-platform.ts";

describe("getPromptVersions", () => {
  it("results are in the order of the refs, and one failure doesn't lose the others", async () => {
    const { platform, client } = await setup({ maxRetries: 0 });
    platform.prompt = (response, { path }) => {
      const name = path.split("/")[4] ?? "";
      const delay = name === "slow" ? 60 : 0;
      const missing = { error: { code: "prompt_not_found" } };
      setTimeout(
        () =>
          name === "gone"
            ? json(response, 404, missing)
            : json(response, 200, version({ id: path.replace(/^.*versions./, "") })),
        delay,
      );
    };
    const results = await client.getPromptVersions([
      "slow",
      "gone",
      { name: "a", label: "latest" },
      { name: "b", version: "version_2", label: "latest" },
      "..",
      "slow",
    ]);
    const told = results.map((result) =>
      result.status === "fulfilled" ? result.value.id : (result.reason as { code: string }).code,
    );
    expect(told).toEqual([
      "/api/v1/prompts/slow/production",
      "prompt_not_found",
      "/api/v1/prompts/a/latest",
      "version_2",
      "name_invalid",
      "/api/v1/prompts/slow/production",
    ]);
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
    await client.getPromptVersions(
      Array.from({ length: 48 }, (_, i) => `prompt-${i}`),
      options,
    );
    expect(most).toBe(expected);
    expect(platform.fetches()).toHaveLength(48);
  });

  it("reports its progress", async () => {
    const { platform, client } = await setup({ maxRetries: 0 });
    platform.prompt = (response, { path }) => json(response, path.includes("/b/") ? 403 : 200, version());
    const told: Progress[] = [];
    await client.getPromptVersions(["a", "b", "c"], {
      concurrency: 1,
      onProgress: (each) => told.push(each),
    });
    expect(
      told.map(({ done, total, index, ref, result }) => [done, total, index, ref.name, result.status]),
    ).toEqual([
      [1, 3, 0, "a", "fulfilled"],
      [2, 3, 1, "b", "rejected"],
      [3, 3, 2, "c", "fulfilled"],
    ]);
  });

  it("an aborted call rejects with the signal's reason, and starts nothing more", async () => {
    const { platform, client } = await setup();
    const controller = new AbortController();
    platform.prompt = (response, { path }) => {
      if (path.includes("/c/")) controller.abort("enough");
      else json(response, 200, version());
    };
    const told: string[] = [];
    const call = client.getPromptVersions(["a", "b", "c", "d"], {
      concurrency: 1,
      signal: controller.signal,
      onProgress: ({ ref }) => told.push(ref.name),
    });
    expect(await failure(call)).toBe("enough");
    expect(platform.fetches()).toHaveLength(3);
    expect(told).toEqual(["a", "b"]);
    const late = client.getPromptVersions(["a"], { signal: controller.signal });
    expect(await failure(late)).toBe("enough");
  });

  it("a progress callback that throws ends the call with its error, and nothing more starts", async () => {
    const { platform, client } = await setup();
    const call = client.getPromptVersions(["a", "b"], {
      concurrency: 1,
      onProgress() {
        throw new RangeError("mine");
      },
    });
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
});
