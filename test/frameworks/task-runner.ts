import { describe, expect } from "vitest";
import type { Application } from "./application.ts";
import { expectChecked, installed, PAGE_PROMPT, type Tool } from "./installed.ts";
import { copyStarter, expectBuilt } from "./starter.ts";

/** A repository of `fixtures/frameworks` whose root has the prompts, and whose application is built by a task runner. */
export interface TaskRunnerFixture extends Tool {
  /** Runs the task "build" of the application. */
  readonly build: string;
  /** Runs it whatever the cache says. */
  readonly rebuild: string;
  readonly typecheck: string;
  /** The file of its settings. */
  readonly settings: string;
  /** Does it keep variables from tasks that its settings do not name? */
  readonly isStrict: boolean;
}

/** What a task runner must do with prompts. Each test begins where the one before it ended. */
export function testTaskRunner(runner: TaskRunnerFixture): void {
  describe(runner.title, () => {
    const output = async (app: Application) =>
      (await app.succeed("node", ["apps/web/dist/main.js"])).stdout.trim();
    // Nx's daemon would outlive the test.
    const supports = installed({ ...runner, env: { NX_DAEMON: "false" } }, async (app, platform) => {
      await platform.save(PAGE_PROMPT, "Hello {{name}}.");
      await app.succeed("git", ["init", "-q"]);
    });

    supports("build", "without the settings, the old prompt is replayed", async (app, platform) => {
      const restore = await copyStarter(app, runner.settings);
      await app.succeedBin("scope-gen pull");
      await app.succeedBin(runner.build, { SCOPE_FETCH: "never" });
      expect(await output(app)).toBe("Hello Ada.");
      await platform.save(PAGE_PROMPT, "Good morning {{name}}.");
      await app.succeedBin("scope-gen pull");
      await app.succeedBin(runner.build, { SCOPE_FETCH: "never" });
      expect(await output(app)).toBe("Hello Ada.");
      await restore();
    });

    supports("build", "with them a pull is built; the rest is cached", async (app, platform) => {
      await app.succeedBin(runner.build, { SCOPE_FETCH: "never" });
      expect(await output(app)).toBe("Good morning Ada.");
      await platform.save(PAGE_PROMPT, "Good evening {{name}}.");
      await app.succeedBin("scope-gen pull");
      const first = await app.succeedBin(runner.build, { SCOPE_FETCH: "never" });
      expect(await output(app)).toBe("Good evening Ada.");
      expect(first.stdout).not.toMatch(CACHED);
      expect((await app.succeedBin(runner.build, { SCOPE_FETCH: "never" })).stdout).toMatch(CACHED);
    });

    supports("SCOPE_FETCH", "reaches the task", async (app) => {
      const wrong = { SCOPE_FETCH: "sometimes" };
      const refused = await app.bin(runner.rebuild, wrong);
      expect(refused.code).not.toBe(0);
      expect(refused.stdout + refused.stderr).toContain("SCOPE_FETCH must be auto, always or never");
      if (!runner.isStrict) return;
      const restore = await copyStarter(app, runner.settings);
      await app.succeedBin(runner.rebuild, wrong);
      await restore();
    });

    supports("types", "the application sees the root's: a misspelt variable is refused", (app) =>
      expectChecked(app, [runner.typecheck], "apps/web/src/main.ts", "name:"),
    );

    supports("doctor", "knows what has been built", expectBuilt);
  });
}

/** How Turborepo and Nx say that a task was not run. */
const CACHED = /FULL TURBO|existing outputs match the cache|local cache/;
