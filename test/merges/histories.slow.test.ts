import { describe, expect, it, onTestFinished, vi } from "vitest";
import { testProject } from "../commands/cli-helpers.ts";
import { FILES, liveThrough, PROMPTS } from "./history.ts";

const SEEDS = Array.from({ length: 200 }, (_, at) => 1000 + at);

describe("200 random histories of a team", () => {
  let merges = 0;
  it.each(SEEDS)(
    "merge without a conflict that nobody caused: history %i",
    { timeout: 300_000 },
    async (seed) => {
      // Builds, and no test runs.
      vi.stubEnv("VITEST", "");
      vi.stubEnv("NODE_ENV", "production");
      onTestFinished(() => void vi.unstubAllEnvs());
      const outcome = await liveThrough(await testProject(FILES, PROMPTS), seed);
      merges += outcome.merges;
      expect(outcome.merges).toBeGreaterThan(1);
    },
  );

  it("contain hundreds of merges", () => {
    expect(merges).toBeGreaterThan(400);
  });
});
