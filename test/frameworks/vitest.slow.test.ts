import { afterAll, beforeAll, describe, expect } from "vitest";
import { DevPlatform } from "../support/dev-platform.ts";
import { Application } from "./application.ts";
import { PAGE_PROMPT } from "./framework.ts";
import { supports } from "./support.ts";

/** By version of Vitest: the Node that runs it, where that of the run is too old. */
const VERSIONS = { "3": undefined, "4.1": undefined, "5": "node@22" } as const;

for (const [wanted, newerNode] of Object.entries(VERSIONS)) {
  describe(`Vitest ${wanted}`, () => {
    let app: Application;
    let platform: DevPlatform;
    let version: string;
    beforeAll(async () => {
      platform = await DevPlatform.start();
      await platform.save(PAGE_PROMPT, "Hello {{name}}, welcome to {{product}}.");
      app = await Application.install("vitest", [`vitest@${wanted}`]);
      app.env = platform.env;
      version = await app.version("vitest");
      await app.succeedBin("scope-gen pull");
    }, 300_000);
    afterAll(async () => {
      await app?.remove();
      await platform?.close();
    });

    supports(
      () => `Vitest ${version}`,
      `node, jsdom, vi.mock${newerNode ? ` (under ${newerNode})` : ""}`,
      "tests render the committed version",
      async () => {
        const vitest = ["node_modules/vitest/vitest.mjs", "run"];
        const { stdout, stderr } = newerNode
          ? await app.succeed("npx", ["--yes", newerNode, ...vitest])
          : await app.succeed("node", vitest);
        expect(stdout).toMatch(/Tests .*3 passed/);
        expect(stdout + stderr).not.toContain("browser bundle");
      },
    );
  });
}
