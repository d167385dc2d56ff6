import { expect, it, onTestFinished, vi } from "vitest";
import { testProject } from "../commands/cli-helpers.ts";
import { FILES, liveThrough, PROMPTS } from "./history.ts";

it.each([1, 2, 3, 4])(
  "a team's branches merge without a conflict that nobody caused: history %i",
  async (seed) => {
    // Builds, and no test runs.
    vi.stubEnv("VITEST", "");
    vi.stubEnv("NODE_ENV", "production");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { merges } = await liveThrough(await testProject(FILES, PROMPTS), seed);
    expect(merges).toBeGreaterThan(1);
  },
);
