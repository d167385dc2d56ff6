import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPlatform } from "../../../src/platform/index.ts";
import { makeApp } from "../../support/app.ts";
import { node, type Ran, ROOT, succeed } from "../../support/run.ts";
import { makePrompts } from "./live-app.ts";

let platform: Awaited<ReturnType<typeof startPlatform>>;
let root: string;
beforeAll(async () => {
  platform = await startPlatform({ dir: await makePrompts() });
  root = await makeApp({
    "scope.config.json": JSON.stringify({ prompts: { triage: { live: true } }, dts: false }),
    "package.json": '{ "type": "module" }',
    "src/main.js": 'import "./page.js";\n',
    "src/page.js": 'import { text } from "./prompts.js";\nconsole.log(text);\n',
    "src/prompts.js":
      'import greeting from "scope:greeting?live";\nexport const text = greeting({ name: "Ada", team: "x" });\n',
  });
});
afterAll(() => platform.close());

function buildPage(bundler: string, app: string, options?: unknown): Promise<Ran> {
  const script = join(import.meta.dirname, "build-page.js");
  const env = {
    ...platform.env,
    ...(options !== undefined && { TEST_PLUGIN_OPTIONS: JSON.stringify(options) }),
  };
  return node([script, bundler, app], { cwd: app, env });
}

const BUNDLERS = ["vite", "rolldown", "webpack", "esbuild", "rspack"];

describe.each(BUNDLERS)("a page built with %s", (bundler) => {
  it("can't import a live prompt, and the error shows the import", async () => {
    const built = await buildPage(bundler, root);
    expect(built.code).not.toBe(0);
    expect(built.stderr).toContain("live_in_browser");
    expect(built.stderr).toContain('prompt "greeting@production", imported in src/prompts.js:1:22');
    expect(built.stderr).not.toMatch(/\bat .*\/(?:src|dist)\/.*unplugin/);
  });

  it("isn't a page if target says so", async () => {
    await succeed(buildPage(bundler, root, { target: "server" }));
  });
});

describe("a page of Vite's dev server", () => {
  it("can't import a live prompt", async () => {
    const refused = await buildPage("vite-dev", root);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain("live_in_browser");
  });
});

describe("a server bundle", () => {
  it("can't import one either if target says that it's for a page", async () => {
    const script = join(ROOT, "test", "bundlers", "build.js");
    const env = { ...platform.env, TEST_PLUGIN_OPTIONS: JSON.stringify({ target: "browser" }) };
    const built = await node([script, "vite", root, "src/main.js"], { cwd: root, env });
    expect(built.code).not.toBe(0);
    expect(built.stderr).toContain("live_in_browser");
  });
});

describe("an entry of the config with live: true", () => {
  it("is refused in a page, just like an import with ?live", async () => {
    const app = await makeApp({
      "scope.config.json": JSON.stringify({ prompts: { triage: { live: true } }, dts: false }),
      "package.json": '{ "type": "module" }',
      "src/main.js": 'import triage from "scope:triage";\nconsole.log(triage({ ticket: "x" }));\n',
    });
    const built = await buildPage("vite", app);
    expect(built.code).not.toBe(0);
    expect(built.stderr).toContain("live_in_browser");
  });
});
