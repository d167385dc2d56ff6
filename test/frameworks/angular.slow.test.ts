import { join } from "node:path";
import { describe, expect } from "vitest";
import { ServerProcess } from "../support/server-process.ts";
import { expectChecked, installed, PAGE_PROMPT } from "./installed.ts";
import { openPage } from "./page.ts";
import { expectHealthy } from "./starter.ts";

const BUILT = "dist/angular-app/browser";
const PREVIEW = `npx --no-install vite preview --outDir ${BUILT} --port PORT --host 127.0.0.1`;
const GREETED = "Hello Ada, welcome to Looms.";

// Its builder takes no plugins: `emit`.
describe("Angular", () => {
  const supports = installed(
    {
      fixture: "angular",
      title: "Angular",
      package: "@angular/core",
      env: { NG_CLI_ANALYTICS: "false" },
      bringsNode: true,
    },
    (app) => app.succeedBin("scope-gen pull"),
  );

  supports("build", "succeeds", async (app) => {
    await app.succeed("npm", ["run", "build"]);
  });

  supports("types", "right calls pass, a misspelt variable is refused", async (app) => {
    const lines = ["ngc -p tsconfig.app.json --noEmit", "ng build"];
    await expectChecked(app, lines, "src/app/app.ts", "greeting({ name:");
    await app.succeed("npm", ["run", "build"]);
  });

  supports("server", "serves the page", async (app) => {
    const page = await openPage(await app.serve(PREVIEW), "/", true);
    await page.shows(GREETED).finally(page.close);
    await app.stopServers();
  });

  supports("ng test", "tests render the prompt", async (app) => {
    const { stdout } = await app.succeed("npm", ["test", "--", "--watch=false"]);
    expect(stdout).toMatch(/Tests .*1 passed/);
  });

  supports("doctor", "finds nothing wrong", expectHealthy);

  supports("dev", "an edit on the platform reaches the page", async (app, platform) => {
    const scopeGen = join(app.root, "node_modules", "unplugin-scope", "bin", "scope-gen.js");
    const emit = [scopeGen, "emit", "--out-dir", "src/prompts", "--watch"];
    const emitting = new ServerProcess(emit, app.root, app.env);
    const server = await app.serve("npm start -- --port PORT --host 127.0.0.1");
    const page = await openPage(server, "/", true);
    try {
      await page.shows(GREETED);
      await platform.save(PAGE_PROMPT, "Good morning {{name}}, this is {{product}}.");
      await page.shows("Good morning Ada, this is Looms.");
    } finally {
      await page.close();
      await app.stopServers();
      emitting.signal("SIGTERM");
    }
  });
});
