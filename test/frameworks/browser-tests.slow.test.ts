import { afterAll, beforeAll, describe, expect } from "vitest";
import { findChromium } from "../browser/chromium.ts";
import { DevPlatform } from "../support/dev-platform.ts";
import { Application } from "./application.ts";
import { PAGE_PROMPT } from "./framework.ts";
import { supports } from "./support.ts";

/** Test runners that open a browser: here Chromium instead of the one that Playwright would download. */
const RUNNERS = [
  {
    title: "Vitest browser mode",
    fixture: "vitest-browser",
    package: "vitest",
    config: "vitest.config.ts",
    run: "vitest run",
    passed: 2,
  },
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
    let app: Application;
    let platform: DevPlatform;
    let version: string;
    const row = () => `${runner.title} ${version}`;
    beforeAll(async () => {
      platform = await DevPlatform.start();
      await platform.save(PAGE_PROMPT, "Hello {{name}}, welcome to {{product}}.");
      app = await Application.install(runner.fixture);
      app.env = { ...platform.env, CHROMIUM_PATH: findChromium() };
      version = await app.version(runner.package);
      await app.succeedBin("scope-gen pull");
      await platform.save(PAGE_PROMPT, "Good morning {{name}}, this is {{product}}.");
    }, 300_000);
    afterAll(async () => {
      await app?.remove();
      await platform?.close();
    });

    supports(row, "Chromium", "tests render the committed version without a request", async () => {
      const before = platform.gateway.polls.length;
      const { stdout, stderr } = await app.succeedBin(runner.run);
      expect(stdout).toMatch(new RegExp(`\\b${runner.passed} passed`));
      expect(stdout + stderr).not.toContain("browser bundle");
      expect(platform.gateway.polls.slice(before)).toEqual([]);
    });
  });
}
