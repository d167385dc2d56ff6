import { describe, expect } from "vitest";
import { findChromium } from "../browser/chromium.ts";
import { installed, PAGE_PROMPT } from "./installed.ts";

/** Test runners that open a browser: here Chromium instead of the one that Playwright would download. */
// biome-ignore format: one row a line
const RUNNERS = [
  { title: "Vitest browser mode", fixture: "vitest-browser", package: "vitest", config: "vitest.config.ts", run: "vitest run", passed: 2 },
  {
    title: "Playwright component tests",
    fixture: "playwright-ct",
    package: "@playwright/experimental-ct-react",
    config: "playwright-ct.config.ts",
    run: "playwright test -c playwright-ct.config.ts",
    passed: 1,
  },
];

for (const runner of RUNNERS) {
  describe(runner.title, () => {
    const supports = installed(
      { ...runner, env: { CHROMIUM_PATH: findChromium() } },
      async (app, platform) => {
        await app.succeedBin("scope-gen pull");
        await platform.save(PAGE_PROMPT, "Good morning {{name}}, this is {{product}}.");
      },
    );

    supports("Chromium", "tests render the committed version without a request", async (app, platform) => {
      const before = platform.gateway.polls.length;
      const { stdout, stderr } = await app.succeedBin(runner.run);
      expect(stdout).toMatch(new RegExp(`\\b${runner.passed} passed`));
      expect(stdout + stderr).not.toContain("browser bundle");
      expect(platform.gateway.polls.slice(before)).toEqual([]);
    });
  });
}
