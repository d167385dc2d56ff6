import { describe, expect } from "vitest";
import { testFramework } from "./framework.ts";
import { installed, PAGE_PROMPT } from "./installed.ts";

testFramework({
  fixture: "rsbuild",
  title: "Rsbuild",
  package: "@rsbuild/core",
  build: ["rsbuild build"],
  start: "npx rsbuild preview --port PORT --host 127.0.0.1",
  dev: "npx rsbuild dev --port PORT --host 127.0.0.1",
  call: "src/App.tsx",
  inBrowser: true,
  pluginFile: "rsbuild.config.ts",
  isPrinted: true,
});

describe("Rsbuild's own log", () => {
  const tool = { fixture: "rsbuild", title: "Rsbuild", package: "@rsbuild/core" };
  const supports = installed(tool, async (app, platform) => {
    await app.succeedBin("scope-gen pull");
    await platform.save(PAGE_PROMPT, "Welcome to {{product}}, {{name}}.");
  });

  supports("warnings", "shows what a build says, once", async (app) => {
    const { stdout, stderr } = await app.succeedBin("rsbuild build");
    const said = stdout + stderr;
    expect(said.match(/greeting-template@production: version 1 → 2 \(text only\)/g), said).toHaveLength(1);
    expect(said.match(/ends up in a browser bundle/g), said).toHaveLength(1);
  });
});
