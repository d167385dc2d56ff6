import { afterAll, describe, expect, it } from "vitest";
import { startPlatform } from "../../../src/platform/index.ts";
import { type Bundler, buildApp, makeApp } from "../../support/app.ts";
import { succeed } from "../../support/run.ts";
import { makePrompts } from "./live-app.ts";

const platform = await startPlatform({ dir: await makePrompts() });
const root = await makeApp({
  "scope.config.json": JSON.stringify({ prompts: { triage: { live: true } }, dts: false }),
  "package.json": '{ "type": "module" }',
  "src/main.js": 'import "./page.js";\n',
  "src/page.js": 'import { text } from "./prompts.js";\nconsole.log(text);\n',
  "src/prompts.js":
    'import greeting from "scope:greeting?live";\nexport const text = greeting({ name: "Ada", team: "x" });\n',
  "src/entry.js": 'import triage from "scope:triage";\nconsole.log(triage({ ticket: "x" }));\n',
});
afterAll(() => platform.close());

const build = (bundler: Bundler | "vite-dev", more: object = {}, entry = "src/main.js") =>
  buildApp(bundler, root, { ...platform.env, TEST_PAGE: "true", ...more }, entry);
const target = (name: string) => ({ TEST_PLUGIN_OPTIONS: JSON.stringify({ target: name }) });

const BUNDLERS = ["vite", "rolldown", "webpack", "esbuild", "rspack"] as const;

describe.each(BUNDLERS)("a page built with %s", (bundler) => {
  it("can't import a live prompt, and the error shows the import", async () => {
    const built = await build(bundler);
    expect(built.code).not.toBe(0);
    expect(built.stderr).toContain("live_in_browser");
    expect(built.stderr).toContain('prompt "greeting@production", imported in src/prompts.js:1:22');
    expect(built.stderr).not.toMatch(/\bat .*\/(?:src|dist)\/.*unplugin/);
  });

  it("isn't a page if target says so", async () => {
    await succeed(build(bundler, target("server")));
  });
});

it.each([
  ["a page of Vite's dev server", () => build("vite-dev")],
  ["a server bundle whose target is a page", () => build("vite", { TEST_PAGE: "", ...target("browser") })],
  ["a page with an entry of the config with live: true", () => build("vite", {}, "src/entry.js")],
])("%s can't import one either", async (_, refused) => {
  const built = await refused();
  expect(built.code).not.toBe(0);
  expect(built.stderr).toContain("live_in_browser");
});
