import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { DevPlatform } from "../support/dev-platform.ts";
import { waitFor } from "../support/wait-for.ts";
import { Application } from "./application.ts";
import { PAGE_PROMPT, ROUTE_PROMPT } from "./framework.ts";
import { openPage } from "./page.ts";
import { expectBuilt, initStarter } from "./starter.ts";
import { supports } from "./support.ts";

const TYPECHECK = {
  "src/main/index.ts": "tsc --noEmit -p tsconfig.node.json --composite false",
  "src/renderer/src/renderer.ts": "tsc --noEmit -p tsconfig.web.json --composite false",
};

// npm brings Electron's types, and not its program: what it would run is looked at here.
describe("electron-vite", () => {
  let app: Application;
  let platform: DevPlatform;
  let version: string;
  const row = () => `electron-vite ${version}`;
  beforeAll(async () => {
    platform = await DevPlatform.start();
    await platform.save(PAGE_PROMPT, "Hello {{name}}, welcome to {{product}}.");
    await platform.save(ROUTE_PROMPT, "Explain {{topic}} in one sentence.");
    app = await Application.install("electron-vite");
    app.env = platform.env;
    version = await app.version("electron-vite");
  }, 600_000);
  afterAll(async () => {
    await app?.remove();
    await platform?.close();
  }, 60_000);

  supports(row, "init", "makes this set-up from the starter's files", () =>
    initStarter(app, ["scope.config.ts"], ["electron.vite.config.ts"]),
  );

  supports(
    row,
    "types",
    "right calls pass in main and renderer, misspelt variables are refused",
    async () => {
      await app.succeedBin("scope-gen pull");
      for (const [file, check] of Object.entries(TYPECHECK)) {
        await app.succeedBin(check);
        const restore = await app.replace(file, "({ ", "({ x");
        const refused = await app.bin(check);
        await restore();
        expect(refused.code).not.toBe(0);
        expect(refused.stdout).toMatch(/'x(?:name|topic)' does not exist/);
      }
    },
  );

  supports(
    row,
    "build",
    "has a prompt in main and one in the renderer, and only warns about that one",
    async () => {
      const built = await app.succeedBin("electron-vite build");
      expect(await app.read("out/main/index.js")).toContain("in one sentence");
      expect(built.stdout + built.stderr).toMatch(/browser bundle.*: greeting-template@production\. /);
    },
  );

  supports(row, "manifest", "names every prompt", async () => {
    expect(await app.manifestNames()).toEqual([PAGE_PROMPT, ROUTE_PROMPT]);
  });

  supports(
    row,
    "dev",
    "an edit on the platform reaches the renderer's page and the main process",
    async () => {
      await app.write("electron.sh", "#!/bin/sh\nexec sleep 600\n");
      await chmod(join(app.root, "electron.sh"), 0o755);
      const port = 'server: { host: "127.0.0.1", port: Number(process.env.PORT) }';
      const restore = await app.replace("electron.vite.config.ts", "renderer: {", `renderer: { ${port},`);
      const server = await app.serve("npx --no-install electron-vite dev --watch", {
        ELECTRON_EXEC_PATH: join(app.root, "electron.sh"),
      });
      const page = await openPage(server, "/", true);
      await page.shows("Hello Ada, welcome to Looms.");
      await platform.save(PAGE_PROMPT, "Good morning {{name}}, this is {{product}}.");
      await platform.save(ROUTE_PROMPT, "What are {{topic}} for?");
      await page.shows("Good morning Ada, this is Looms.").finally(page.close);
      await waitFor("the main process, built again", async () =>
        (await app.read("out/main/index.js")).includes("What are "),
      );
      await waitFor("its restart", () => server.output.includes("restarting electron app"));
      await app.stopServers();
      await restore();
    },
  );

  supports(row, "doctor", "knows what has been built", () => expectBuilt(app));
});
