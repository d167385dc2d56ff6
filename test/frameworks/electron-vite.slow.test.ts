import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { waitFor } from "../support/wait-for.ts";
import { expectChecked, installed, PAGE_PROMPT, ROUTE_PROMPT } from "./installed.ts";
import { openPage } from "./page.ts";
import { expectHealthy, initStarter } from "./starter.ts";

const TYPECHECK = {
  "src/main/index.ts": "tsc --noEmit -p tsconfig.node.json --composite false",
  "src/renderer/src/renderer.ts": "tsc --noEmit -p tsconfig.web.json --composite false",
};

// npm brings Electron's types, and not its program: what it would run is looked at here.
describe("electron-vite", () => {
  const supports = installed({ fixture: "electron-vite", title: "electron-vite", package: "electron-vite" });

  supports("init", "makes this set-up from the starter's files", (app) =>
    initStarter(app, ["electron.vite.config.ts"]),
  );

  supports("types", "right calls pass in main and renderer, misspelt variables are refused", async (app) => {
    await app.succeedBin("scope-gen pull");
    for (const [file, check] of Object.entries(TYPECHECK))
      await expectChecked(app, [check], file, "({ ", "({ x");
  });

  supports("build", "has one prompt in main and one in the renderer, and warns of that one", async (app) => {
    const built = await app.succeedBin("electron-vite build");
    expect(await app.read("out/main/index.js")).toContain("in one sentence");
    expect(built.stdout + built.stderr).toMatch(/browser bundle.*: greeting-template@production\. /);
  });

  supports("manifest", "names every prompt", async (app) => {
    expect(await app.manifestNames()).toEqual([PAGE_PROMPT, ROUTE_PROMPT]);
  });

  supports("dev", "an edit on the platform reaches page and main process", async (app, platform) => {
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
  });

  supports("doctor", "finds nothing wrong", expectHealthy);
});
