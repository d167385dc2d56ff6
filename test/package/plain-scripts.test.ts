import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { transform } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Platform, startPlatform } from "../../src/platform/index.ts";
import { makeApp, temporaryFolder, writeTree } from "../support/app.ts";
import { linkPackage, node, ROOT } from "../support/run.ts";

/** A plugin's factory gives something to put into a config. */
const PLUGIN = "console.log(typeof factory({ label: 'latest' }) === 'object')";
const CLIENT = `const it = new client.ScopeClient({
  credentials: client.ApiKeyCredentials.fromEnv(), baseUrl: process.env.SCOPE_API_URL, authApiUrl: process.env.SCOPE_AUTH_API_URL });
console.log((await it.renderPrompt("hi", { name: "Ada" })) === "Hi Ada");`;

/** The smallest real use of each entry, as a script that ends by itself and prints `true`. */
const USES: Readonly<Record<string, string>> = {
  "": `import scope, { defineConfig } from "unplugin-scope";
    console.log(defineConfig({ label: "latest" }).label === "latest" && typeof scope.vite === "function");`,
  ...Object.fromEntries(
    ["vite", "rollup", "rolldown", "webpack", "rspack", "esbuild", "farm"].map((name) => [
      name,
      `import factory from "unplugin-scope/${name}"; ${PLUGIN};`,
    ]),
  ),
  // Its factory is for a running Bun alone.
  bun: `import factory from "unplugin-scope/bun"; console.log(typeof factory === "function");`,
  next: `import { withScope } from "unplugin-scope/next"; console.log(typeof withScope({}) !== "undefined");`,
  nuxt: `import nuxt from "unplugin-scope/nuxt"; console.log(typeof nuxt === "function");`,
  register: `import "unplugin-scope/register";
    const { default: hi } = await import("scope:hi");
    console.log(hi({ name: "Ada" }) === "Hi Ada");`,
  client: `import * as client from "unplugin-scope/client"; ${CLIENT}`,
  runtime: `import { configureLive, liveStatus, refreshLive } from "unplugin-scope/runtime";
    configureLive({ interval: 5 });
    await refreshLive();
    console.log(liveStatus().length === 0);`,
  messages: `import { splitSystem } from "unplugin-scope/messages";
    console.log(splitSystem([{ role: "system", content: "a" }, { role: "user", content: "b" }]).messages.length === 1);`,
  opentelemetry: `import { withPrompt } from "unplugin-scope/opentelemetry";
    console.log(withPrompt({ attributes: {} }, () => true));`,
  platform: `import { listPrompts, startPlatform } from "unplugin-scope/platform";
    import * as client from "unplugin-scope/client";
    const platform = await startPlatform({ dir: process.env.PROMPTS });
    Object.assign(process.env, platform.env);
    ${CLIENT}
    await platform.close();
    await listPrompts(process.env.PROMPTS);`,
  testing: `import { servePrompts } from "unplugin-scope/testing";
    const platform = await servePrompts({ a: "Hello {{name}}", "b/c": [{ role: "user", content: "{{q}}" }] });
    await platform.publish("a", "Hi {{name}}");
    await platform.promote("a", 1);
    await platform.close();
    console.log(platform.requests.length === 0);`,
};

let app: string;
let platform: Platform;
beforeAll(async () => {
  app = await makeApp({
    "package.json": '{ "type": "module" }',
    "scope.config.json": '{ "prompts": ["hi"] }',
    "prompts/hi/1.md": "Hi {{name}}",
  });
  await linkPackage(app);
  platform = await startPlatform({ dir: join(app, "prompts") });
});
afterAll(() => platform.close());

it("each entry has a script here", async () => {
  const { exports } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  const entries = Object.keys(exports).filter((key) => key !== "./package.json");
  expect(Object.keys(USES).sort()).toEqual(entries.map((key) => key.replace(/^\.\/?/, "")).sort());
});

// A test runner keeps the event loop alive, and so hides what waits for nothing.
it.each(Object.entries(USES))(
  "`node file.mjs` with unplugin-scope/%s ends by itself",
  async (name, script) => {
    const file = `${name || "index"}.mjs`;
    const temporary = await temporaryFolder();
    await writeTree(app, { [file]: script });
    const env = { ...platform.env, SCOPE_FETCH: "auto", PROMPTS: join(app, "prompts"), TMPDIR: temporary };
    expect(await node([file], { cwd: app, env })).toMatchObject({ code: 0, stdout: "true\n", stderr: "" });
    expect(await readdir(temporary)).toEqual([]);
  },
);

// jiti 1, with which Docusaurus 3 and Trigger.dev 4 read configs, and esbuild-register rewrite `import.meta.url` alone.
it("what a config can load works as CommonJS too", async () => {
  const names = (await readdir(join(ROOT, "dist"))).filter((name) => /^(?!hot-).*\.js$/.test(name));
  for (const name of names) {
    const code = await readFile(join(ROOT, "dist", name), "utf8");
    const define = { "import.meta.url": "url" };
    expect((await transform(code, { format: "cjs", platform: "node", define })).warnings, name).toEqual([]);
  }
});
