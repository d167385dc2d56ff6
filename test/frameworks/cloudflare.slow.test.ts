import { describe, expect } from "vitest";
import { testFramework } from "./framework.ts";
import { expectChecked, installed, PAGE_PROMPT } from "./installed.ts";

const IN_WORKERD = {
  build: ["vite build"],
  start: "npx --no-install vite preview --port PORT --host 127.0.0.1",
  dev: "npx --no-install vite dev --port PORT --host 127.0.0.1",
  typecheck: ["tsc --noEmit"],
  page: "/",
  created: ["scope.config.ts"],
  bringsNode: true,
};

testFramework({
  ...IN_WORKERD,
  fixture: "cloudflare",
  title: "Cloudflare's Vite plugin",
  package: "@cloudflare/vite-plugin",
  call: { file: "src/index.ts", text: "greeting({ name:" },
  route: "/topic",
  pluginFile: "vite.config.ts",
});

testFramework({
  ...IN_WORKERD,
  fixture: "redwood",
  title: "RedwoodSDK",
  package: "rwsdk",
  call: { file: "src/app/pages/home.tsx", text: "greeting({ name:" },
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
