import { afterAll, beforeAll, describe, expect } from "vitest";
import { DevPlatform } from "../support/dev-platform.ts";
import { Application } from "./application.ts";
import { PAGE_PROMPT, ROUTE_PROMPT, testFramework } from "./framework.ts";
import { supports } from "./support.ts";

testFramework({
  fixture: "cloudflare",
  title: "Cloudflare's Vite plugin",
  package: "@cloudflare/vite-plugin",
  build: ["vite build"],
  start: "npx --no-install vite preview --port PORT --host 127.0.0.1",
  dev: "npx --no-install vite dev --port PORT --host 127.0.0.1",
  typecheck: ["tsc --noEmit"],
  call: { file: "src/index.ts", text: "greeting({ name:" },
  page: "/",
  route: "/topic",
  created: ["scope.config.ts"],
  pluginFile: "vite.config.ts",
  bringsNode: true,
});

describe("Wrangler without Vite", () => {
  let app: Application;
  let platform: DevPlatform;
  let row: { row: string; nodeVersion: string };
  beforeAll(async () => {
    platform = await DevPlatform.start();
    await platform.save(PAGE_PROMPT, "Hello {{name}}, welcome to {{product}}.");
    await platform.save(ROUTE_PROMPT, "Explain {{topic}} in one sentence.");
    app = await Application.install("wrangler");
    app.env = platform.env;
    row = { row: `Wrangler ${await app.version("wrangler")}`, nodeVersion: await app.version("node") };
    await app.succeedBin("scope-gen pull");
    await app.succeedBin("scope-gen emit --out-dir prompts-build");
  }, 600_000);
  afterAll(async () => {
    await app?.remove();
    await platform?.close();
  }, 60_000);

  supports(
    () => row,
    "types",
    "right calls pass, a misspelt variable is refused",
    async () => {
      await app.succeedBin("tsc --noEmit");
      const restore = await app.replace("src/index.ts", "{ name:", "{ nmae:");
      const refused = await app.bin("tsc --noEmit");
      await restore();
      expect(refused.stdout).toContain("nmae");
      expect(refused.code).not.toBe(0);
    },
  );

  supports(
    () => row,
    "build",
    "bundles what emit wrote",
    async () => {
      await app.succeedBin("wrangler deploy --dry-run --outdir out");
      expect(await app.read("out/index.js")).toContain("welcome to");
    },
  );

  supports(
    () => row,
    "server",
    "runs the bundle in workerd",
    async () => {
      const server = await app.serve(
        "npx --no-install wrangler dev out/index.js --no-bundle --port PORT --ip 127.0.0.1",
      );
      await server.shows("/", "Hello Ada, welcome to Looms.");
      await server.shows("/topic", "Explain rivers in one sentence.");
      await app.stopServers();
    },
  );

  supports(
    () => row,
    "dev",
    "an edit on the platform reaches the Worker with the next emit",
    async () => {
      const server = await app.serve("npx --no-install wrangler dev --port PORT --ip 127.0.0.1");
      await server.shows("/", "Hello Ada, welcome to Looms.");
      await platform.save(PAGE_PROMPT, "Good morning {{name}}, this is {{product}}.");
      await app.succeedBin("scope-gen pull");
      await app.succeedBin("scope-gen emit --out-dir prompts-build");
      await server.shows("/", "Good morning Ada, this is Looms.");
      await app.stopServers();
    },
  );
});
