import { afterAll, beforeAll, describe, expect } from "vitest";
import { DevPlatform } from "../support/dev-platform.ts";
import { Application } from "./application.ts";
import { PAGE_PROMPT, testFramework } from "./framework.ts";
import { supports } from "./support.ts";

testFramework({
  fixture: "rsbuild",
  title: "Rsbuild",
  package: "@rsbuild/core",
  build: ["rsbuild build"],
  start: "npx rsbuild preview --port PORT --host 127.0.0.1",
  dev: "npx rsbuild dev --port PORT --host 127.0.0.1",
  typecheck: ["tsc --noEmit"],
  call: { file: "src/App.tsx", text: "greeting({ name:" },
  page: "/",
  inBrowser: true,
  created: ["scope.config.ts"],
  pluginFile: "rsbuild.config.ts",
  isPrinted: true,
});

describe("Rsbuild's own log", () => {
  let app: Application;
  let platform: DevPlatform;
  let version: string;
  beforeAll(async () => {
    platform = await DevPlatform.start();
    await platform.save(PAGE_PROMPT, "Hello {{name}}, welcome to {{product}}.");
    app = await Application.install("rsbuild");
    app.env = platform.env;
    version = await app.version("@rsbuild/core");
    await app.succeedBin("scope-gen pull");
    await platform.save(PAGE_PROMPT, "Welcome to {{product}}, {{name}}.");
  }, 300_000);
  afterAll(async () => {
    await app?.remove();
    await platform?.close();
  });

  supports(
    () => `Rsbuild ${version}`,
    "warnings",
    "shows what a build says, once",
    async () => {
      const { stdout, stderr } = await app.succeedBin("rsbuild build");
      const said = stdout + stderr;
      expect(said.match(/greeting-template@production: version 1 → 2 \(text only\)/g), said).toHaveLength(1);
      expect(said.match(/ends up in a browser bundle/g), said).toHaveLength(1);
    },
  );
});
