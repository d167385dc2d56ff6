import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { buildApp, makeApp, outputFile, replaceFile } from "../../support/app.ts";
import { servePrompts } from "../../support/dev-platform.ts";
import { linkPackage, node, scopeGen } from "../../support/run.ts";
import { RenderingServer } from "../../support/server-process.ts";
import { waitFor } from "../../support/wait-for.ts";

const APP = {
  "package.json": '{ "type": "module" }',
  "src/main.js": 'import greeting from "scope:greeting";\nconsole.log(greeting({ name: "Ada" }));\n',
  "src/render.js":
    'import greeting from "scope:greeting";\nexport const render = () => greeting({ name: "Ada" });\n',
};

const FAST = { dev: { interval: 0.2, maxRequestsPerSecond: 100, label: "latest" } };

/** An app, and a platform whose `greeting` is at version 1 in production. */
async function begin(files: Readonly<Record<string, string>> = {}) {
  const platform = await servePrompts({
    "greeting/1.md": "Hello {{name}} v1",
    "greeting/prompt.json": '{ "production": 1 }',
  });
  const { dir } = platform;
  const root = await makeApp({ ...APP, ...files });
  const run = async (...words: string[]) => {
    const ran = await scopeGen(words, { cwd: root, env: platform.env });
    expect(ran.code, ran.stderr).toBe(0);
  };
  /** A dev server over the app; the options are those of a config if there's one. */
  const serve = (options?: object) => {
    const server = new RenderingServer(root, platform.env, options);
    const gives = (text: string) => server.gives(` ${text}`);
    return { server, gives, [Symbol.asyncDispose]: () => server.stop() };
  };
  return {
    platform,
    root,
    run,
    serve,
    async write(file: string, text: string): Promise<void> {
      await replaceFile(join(dir, file), text);
    },
    remove: (file: string) => rm(join(dir, file)),
    /** Every file of the app that isn't generated for the bundler. */
    async files(): Promise<string> {
      const names = (await readdir(root, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name))
        .filter((file) => !/[\\/](?:\.scope|node_modules|out)[\\/]/.test(file));
      const texts = names.sort().map(async (file) => [file, await readFile(file, "utf8")]);
      return JSON.stringify(await Promise.all(texts));
    },
    [Symbol.asyncDispose]: () => platform.close(),
  };
}

it("with the config that init writes, a draft on latest is served within the interval", async () => {
  await using app = await begin({
    "vite.config.js": 'import { defineConfig } from "vite";\nexport default defineConfig({ plugins: [] });\n',
  });
  await linkPackage(app.root);
  await app.run("init", "--yes");
  await app.run("pull");
  await using served = app.serve();
  const { gives } = served;
  await gives("Hello Ada v1");
  await app.write("greeting/2.md", "Hello {{name}}, a draft");
  const saved = performance.now();
  await gives("Hello Ada, a draft");
  // The interval of five seconds, and a moment.
  expect(performance.now() - saved).toBeLessThan(7000);
});

it("a draft is served as long as it keeps the contract, and written nowhere; a promotion is followed as ever", async () => {
  await using app = await begin({ "scope.config.json": JSON.stringify({ syntax: "mustache", ...FAST }) });
  await app.run("pull");
  const before = await app.files();
  await using served = app.serve();
  const { server, gives } = served;
  await gives("Hello Ada v1");
  await app.write("greeting/2.md", "Hello {{name}}, draft 2");
  await gives("Hello Ada, draft 2");
  await server.said(/greeting@production: version 1 → draft 2 \(text only\)\n/);

  await app.write("greeting/2.md", "Hello {{name}}, on {{plan}}");
  await server.said(
    /preview_contract_changed {2}Can't preview draft 2, which changes the contract \(new variable "plan"\); still serving version 1\./,
  );
  await gives("Hello Ada v1");
  await server.said(/greeting@production: draft 2 → version 1 \(text only\)\n/);

  await app.write("greeting/2.md", "Hello {{#name}}");
  await server.said(/template_unclosed_section/);
  await gives("Hello Ada v1");

  await app.write("greeting/2.md", "Hello {{name}}, mended");
  await gives("Hello Ada, mended");
  await server.said(/All prompts work again/);

  // A build has what is promoted, whatever development has shown.
  const built = await buildApp("vite", app.root, app.platform.env, "src/main.js");
  expect(built.code, built.stderr).toBe(0);
  expect((await node([outputFile("vite", app.root)], { cwd: app.root })).stdout).toBe("Hello Ada v1\n");

  await app.remove("greeting/2.md");
  await gives("Hello Ada v1");
  await app.write("greeting/2.md", "Hello {{name}}, once more");
  await gives("Hello Ada, once more");
  await app.platform.promote("greeting", 2);
  await server.said(/greeting@production: draft 2 → version 2 \(same text\)\n/);
  expect(await app.files()).toBe(before);

  await app.write("greeting/3.md", "Hello {{name}}, on {{plan}}");
  await server.said(
    /Can't preview draft 3, which changes the contract \(new variable "plan"\); still serving version 2\./,
  );
  await gives("Hello Ada, once more");
  expect(await app.files()).toBe(before);
  await app.platform.promote("greeting", 3);
  await server.said(/greeting@production: version 2 → 3 \(new variable "plan"\); wrote snapshot and types/);
  await gives("Hello Ada, on ");
  expect(await app.files()).toContain("plan");
  expect(server.output).not.toContain("2 → 3 (same");
});

it("asks once more per prompt and interval, but not for a pin on a version or on the label itself", async () => {
  const imports = ["greeting", "greeting?version=version_one", "other?label=latest"];
  await using app = await begin({
    "src/render.js": `${imports.map((name, at) => `import p${at} from "scope:${name}";\n`).join("")}export const render = () => [p0, p1, p2].map((one) => one({ name: "Ada" })).join();\n`,
  });
  await app.write(
    "greeting/prompt.json",
    '{ "production": 1, "versions": { "1": { "id": "version_one" } } }',
  );
  await app.write("other/1.md", "other");
  await using served = app.serve(FAST);
  const { gives } = served;
  await gives("Hello Ada v1,Hello Ada v1,other");
  const asked = (path: string) =>
    app.platform.requests.filter((one) => one.path.endsWith(path) && one.status < 400).length;
  await waitFor("some polls", () => asked("/greeting/production") > 5);
  expect(Math.abs(asked("/greeting/production") - asked("/greeting/latest"))).toBeLessThanOrEqual(1);
  expect(asked("/other/latest")).toBeGreaterThan(2);
  expect(asked("/other/production")).toBe(0);
});
