import { describe, expect } from "vitest";
import { testFramework } from "./framework.ts";
import { expectChecked, installed, PAGE_PROMPT } from "./installed.ts";

testFramework({
  bringsNode: true,
  fixture: "cloudflare",
  title: "Cloudflare's Vite plugin",
  package: "@cloudflare/vite-plugin",
  call: "src/index.ts",
  route: "/topic",
});

testFramework({
  bringsNode: true,
  fixture: "redwood",
  title: "RedwoodSDK",
  package: "rwsdk",
  call: "src/app/pages/home.tsx",
  pluginFile: "vite.config.mts",
});

describe("Wrangler without Vite", () => {
  const supports = installed(
    { fixture: "wrangler", title: "Wrangler", package: "wrangler", bringsNode: true },
    async (app) => {
      await app.succeedBin("scope-gen pull");
      await app.succeedBin("scope-gen emit --out-dir prompts-build");
    },
  );

  supports("types", "right calls pass, a misspelt variable is refused", (app) =>
    expectChecked(app, ["tsc --noEmit"], "src/index.ts", "{ name:"),
  );

  supports("build", "bundles what emit wrote", async (app) => {
    await app.succeedBin("wrangler deploy --dry-run --outdir out");
    expect(await app.read("out/index.js")).toContain("welcome to");
  });

  supports("server", "runs the bundle in workerd", async (app) => {
    const server = await app.serve(
      "npx --no-install wrangler dev out/index.js --no-bundle --port PORT --ip 127.0.0.1",
    );
    await server.shows("/", "Hello Ada, welcome to Looms.");
    await server.shows("/topic", "Explain rivers in one sentence.");
    await app.stopServers();
  });

  supports("dev", "an edit on the platform reaches the Worker with the next emit", async (app, platform) => {
    const server = await app.serve("npx --no-install wrangler dev --port PORT --ip 127.0.0.1");
    await server.shows("/", "Hello Ada, welcome to Looms.");
    await platform.save(PAGE_PROMPT, "Good morning {{name}}, this is {{product}}.");
    await app.succeedBin("scope-gen pull");
    await app.succeedBin("scope-gen emit --out-dir prompts-build");
    await server.shows("/", "Good morning Ada, this is Looms.");
    await app.stopServers();
  });
});
