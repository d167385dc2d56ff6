import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Platform, startPlatform } from "../../../src/platform/index.ts";
import { temporaryFolder, writeTree } from "../../support/app.ts";
import { scopeGen } from "../../support/run.ts";
import {
  BUNDLER_FLAGS,
  copyNextApp,
  type NextBundler,
  type RunningNext,
  removeNextApp,
  runNext,
} from "./next-app.ts";

const POLL = { timeout: 60_000, interval: 250 };

/** What `next dev` must do, with a bundler. */
export function devCases(bundler: NextBundler): void {
  describe(`next dev, ${bundler}`, { timeout: 300_000 }, () => {
    let dir: string;
    let platform: Platform;
    let root: string;
    let running: RunningNext | undefined;
    beforeEach(async () => {
      dir = await temporaryFolder();
      await writeTree(dir, {
        "greeting/1.md": "Hello {{name}}, one.",
        "support/hint/1.md": "A hint for the page.",
        "only-edge/1.md": "At the edge.",
      });
      platform = await startPlatform({ dir });
      root = await copyNextApp();
    });
    afterEach(async () => {
      await running?.close();
      running = undefined;
      await platform.close();
      await removeNextApp(root);
    });

    it("shows an edit on the platform in every runtime, and writes a contract's change to disk", async () => {
      const pulled = await scopeGen(["pull"], { cwd: root, env: platform.env });
      expect(pulled, pulled.stderr).toMatchObject({ code: 0 });
      running = await runNext(root, ["dev", BUNDLER_FLAGS[bundler]], platform.env);
      const { text } = running;
      expect(await text("/")).toContain("Hello Ada, one.");
      expect(await text("/edge")).toBe("Hello Edge, one. At the edge.");

      await writeTree(dir, {
        "greeting/2.md": "Hello {{name}}, two.",
        "support/hint/2.md": "A new hint.",
      });
      await expect.poll(() => text("/"), POLL).toMatch(/Hello Ada, two\.[\s\S]*version 2[\s\S]*A new hint\./);
      await expect.poll(() => text("/edge"), POLL).toBe("Hello Edge, two. At the edge.");

      await writeTree(dir, { "greeting/3.md": "Hello {{name}} of {{place}}." });
      await expect
        .poll(() => readFile(join(root, "scope-types", "greeting.d.ts"), "utf8"), POLL)
        .toContain("place");
    });

    it("a missing prompt fails its import readably, and works once it exists", async () => {
      await writeTree(root, {
        "pages/api/text.js":
          'import later from "scope:later";\nexport default (_, response) => response.send(later());\n',
      });
      running = await runNext(root, ["dev", BUNDLER_FLAGS[bundler]], platform.env);
      const { text, output } = running;
      expect(await text("/api/text")).not.toBe("It is there.");
      expect(output()).toContain("prompt_not_found");
      expect(output()).toMatch(/imported in pages\/api\/text\.js:1:19\n/);
      await writeTree(dir, { "later/1.md": "It is there." });
      await expect.poll(() => text("/api/text"), POLL).toBe("It is there.");
    });

    it("without credentials a pull shows at once", async () => {
      const pull = () => scopeGen(["pull"], { cwd: root, env: platform.env });
      expect(await pull()).toMatchObject({ code: 0 });
      running = await runNext(root, ["dev", BUNDLER_FLAGS[bundler]], {});
      const { text } = running;
      expect(await text("/")).toContain("Hello Ada, one.");
      await writeTree(dir, { "greeting/2.md": "Hello {{name}}, pulled." });
      expect(await pull()).toMatchObject({ code: 0 });
      await expect.poll(() => text("/"), POLL).toContain("Hello Ada, pulled.");
    });
  });
}
