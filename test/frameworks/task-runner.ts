import { afterAll, beforeAll, describe, expect } from "vitest";
import { DevPlatform } from "../support/dev-platform.ts";
import { Application } from "./application.ts";
import { copyStarter, expectBuilt } from "./starter.ts";
import { supports } from "./support.ts";

/** A repository of `fixtures/frameworks` whose root has the prompts, and whose application is built by a task runner. */
export interface TaskRunnerFixture {
  readonly fixture: string;
  readonly title: string;
  readonly package: string;
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

const PROMPT = "greeting-template";
const SOURCE = "apps/web/src/main.ts";

/** What a task runner must do with prompts. Each test begins where the one before it ended. */
export function testTaskRunner(runner: TaskRunnerFixture): void {
  describe(runner.title, () => {
    let app: Application;
    let platform: DevPlatform;
    let version: string;
    const row = () => `${runner.title} ${version}`;
    const output = async () => (await app.succeed("node", ["apps/web/dist/main.js"])).stdout.trim();
    beforeAll(async () => {
      platform = await DevPlatform.start();
      await platform.save(PROMPT, "Hello {{name}}.");
      app = await Application.install(runner.fixture);
      // Nx's daemon would outlive the test.
      app.env = { ...platform.env, NX_DAEMON: "false" };
      version = await app.version(runner.package);
      await app.succeed("git", ["init", "-q"]);
    }, 300_000);
    afterAll(async () => {
      await app?.remove();
      await platform?.close();
    }, 60_000);

    supports(
      row,
      "build",
      "without the settings a pull is not seen: the old prompt is replayed",
      async () => {
        const restore = await copyStarter(app, runner.settings);
        await app.succeedBin("scope-gen pull");
        await app.succeedBin(runner.build, { SCOPE_FETCH: "never" });
        expect(await output()).toBe("Hello Ada.");
        await platform.save(PROMPT, "Good morning {{name}}.");
        await app.succeedBin("scope-gen pull");
        await app.succeedBin(runner.build, { SCOPE_FETCH: "never" });
        expect(await output()).toBe("Hello Ada.");
        await restore();
      },
    );

    supports(
      row,
      "build",
      "with them a pull is built, and what did not change comes from the cache",
      async () => {
        await app.succeedBin(runner.build, { SCOPE_FETCH: "never" });
        expect(await output()).toBe("Good morning Ada.");
        await platform.save(PROMPT, "Good evening {{name}}.");
        await app.succeedBin("scope-gen pull");
        const first = await app.succeedBin(runner.build, { SCOPE_FETCH: "never" });
        expect(await output()).toBe("Good evening Ada.");
        expect(first.stdout).not.toMatch(CACHED);
        expect((await app.succeedBin(runner.build, { SCOPE_FETCH: "never" })).stdout).toMatch(CACHED);
      },
    );

    supports(row, "SCOPE_FETCH", "reaches the task", async () => {
      const wrong = { SCOPE_FETCH: "sometimes" };
      const refused = await app.bin(runner.rebuild, wrong);
      expect(refused.code).not.toBe(0);
      expect(refused.stdout + refused.stderr).toContain("SCOPE_FETCH must be auto, always or never");
      if (!runner.isStrict) return;
      const restore = await copyStarter(app, runner.settings);
      await app.succeedBin(runner.rebuild, wrong);
      await restore();
    });

    supports(row, "types", "the application sees the root's: a misspelt variable is refused", async () => {
      await app.succeedBin(runner.typecheck);
      const restore = await app.replace(SOURCE, "name:", "nmae:");
      const refused = await app.bin(runner.typecheck);
      await restore();
      expect(refused.code).not.toBe(0);
      expect(refused.stdout + refused.stderr).toContain("nmae");
    });

    supports(row, "doctor", "knows what has been built", () => expectBuilt(app));
  });
}

/** How Turborepo and Nx say that a task was not run. */
const CACHED = /FULL TURBO|existing outputs match the cache|local cache/;
