import { describe, expect } from "vitest";
import { installed } from "./installed.ts";

/** By version of Vitest: the Node that runs it, where that of the run is too old. */
const VERSIONS = { "3": undefined, "4.1": undefined, "5": "node@22" } as const;

for (const [wanted, newerNode] of Object.entries(VERSIONS)) {
  describe(`Vitest ${wanted}`, () => {
    const tool = { fixture: "vitest", title: "Vitest", package: "vitest", instead: [`vitest@${wanted}`] };
    const supports = installed(tool, (app) => app.succeedBin("scope-gen pull"));

    supports(
      `node, jsdom, vi.mock${newerNode ? ` (under ${newerNode})` : ""}`,
      "tests render the committed version",
      async (app) => {
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
