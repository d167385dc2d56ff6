import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makeApp, outputsOf } from "../support/app.ts";
import { servePrompts } from "../support/dev-platform.ts";
import { node, pullInto, ROOT, succeed } from "../support/run.ts";

const CHAT = '[{"role":"user","content":"{{q}}"}]';
const platform = await servePrompts({ "hi/1.md": "Hi {{who}}.", "chat/1.json": CHAT });
afterAll(() => platform.close());

const pulledApp = async (files: Readonly<Record<string, string>>) =>
  pullInto(await makeApp(files), platform.env);

const viteBuild = (root: string, ...args: string[]) =>
  node([join(ROOT, "node_modules/vite/bin/vite.js"), "build", ...args], { cwd: root, env: platform.env });

describe("a library", () => {
  const LIBRARY = {
    "src/index.js": 'import hi from "scope:hi";\nexport const greet = (who) => hi({ who });\n',
    "vite.config.js": [
      'import scope from "unplugin-scope/vite";',
      'export default { plugins: [scope()], build: { lib: { entry: "src/index.js", formats: ["es"] } } };',
    ].join("\n"),
    "tsdown.config.js": [
      'import scope from "unplugin-scope/rolldown";',
      'export default { entry: "src/index.js", plugins: [scope()] };',
    ].join("\n"),
  };

  // Vite resolves packages for browsers in a library too, and extensions build their scripts as libraries.
  it.each([
    ["vite", "browser", "vite/bin/vite.js", "build"],
    ["tsdown", "server", "tsdown/dist/run.mjs"],
  ])("of %s is for a %s, unless the config says otherwise", async (_tool, target, program, ...args) => {
    const root = await pulledApp(LIBRARY);
    const text = /ends up in a browser bundle.*hi@production/;
    for (const written of [undefined, "server", "browser"]) {
      if (written) await writeFile(join(root, "scope.config.json"), JSON.stringify({ target: written }));
      const running = node([join(ROOT, "node_modules", program), ...args], { cwd: root, env: platform.env });
      const built = await succeed(running);
      expect(text.test(built.stdout + built.stderr), written).toBe((written ?? target) === "browser");
    }
  });

  it("of Vite, as Electron Forge builds the main process, is for Node", async () => {
    const config = LIBRARY["vite.config.js"].replace(
      "build: {",
      'build: { rollupOptions: { external: ["electron", ...builtinModules.map((one) => `node:${one}`)] },',
    );
    const text = `import { builtinModules } from "node:module";\n${config}`;
    const root = await pulledApp({ ...LIBRARY, "vite.config.js": text });
    const built = await succeed(viteBuild(root));
    expect(built.stdout + built.stderr).not.toContain("browser bundle");
  });

  it("of Vite for a server can import live prompts", async () => {
    const root = await pulledApp({
      "src/index.js": 'import live from "scope:hi?live";\nexport const greet = (who) => live({ who });\n',
      "vite.config.js": LIBRARY["vite.config.js"].replace('["es"]', '["es"], fileName: () => "index.mjs"'),
      "scope.config.json": '{ "target": "server" }',
    });
    await succeed(viteBuild(root));
    const script = 'import { greet } from "./dist/index.mjs"; console.log(greet("you"));';
    const ran = await node(["--input-type=module", "--eval", script], { cwd: root });
    expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: "Hi you.\n" });
  });
});

it("the environments of one Vite build share one resolved version per prompt", async () => {
  const root = await pulledApp({
    "src/client.js": 'import hi from "scope:hi";\ndocument.title = hi({ who: "page" });\n',
    "src/server.js":
      'import hi from "scope:hi";\nimport chat from "scope:chat";\nconsole.log(hi({ who: "server" }), chat({ q: "?" }));\n',
    "index.html": '<script type="module" src="/src/client.js"></script>',
    "vite.config.js": [
      'import scope from "unplugin-scope/vite";',
      "export default {",
      "  plugins: [scope()],",
      '  environments: { ssr: { build: { outDir: "out/server", rollupOptions: { input: "src/server.js" } } } },',
      '  build: { outDir: "out/client" },',
      "  builder: {},",
      "};",
    ].join("\n"),
  });
  const before = platform.requests.length;
  const built = await succeed(viteBuild(root, "--app"));
  const fetches = platform.requests.slice(before).filter(({ method }) => method === "GET");
  const paths = fetches.map(({ path }) => path);
  expect(paths.toSorted()).toEqual(["/api/v1/prompts/chat/production", "/api/v1/prompts/hi/production"]);
  expect(built.stderr.match(/ends up in a browser bundle.*/g)).toEqual([
    expect.stringContaining("read it: hi@production. "),
  ]);
  const outputs = await outputsOf(root);
  const held = outputs.map(({ compiler, prompts }) => [compiler, ...prompts.map(({ name }) => name)]);
  expect(held).toEqual([
    ["client", "hi"],
    ["ssr", "chat", "hi"],
  ]);
});

describe("Vite's envPrefix", () => {
  it.each(["SCOPE_", "SCO", ["VITE_", "SCOPE_API"]])(
    "%j is refused: it would put the secret into the page",
    async (envPrefix) => {
      const root = await pulledApp({
        "src/main.js": 'import hi from "scope:hi";\nconsole.log(hi({ who: "you" }));\n',
        "vite.config.js": `import scope from "unplugin-scope/vite";\nexport default { plugins: [scope()], envPrefix: ${JSON.stringify(envPrefix)}, build: { ssr: "src/main.js" } };\n`,
      });
      const built = await viteBuild(root);
      expect(built.code).toBe(1);
      expect(built.stderr).toContain("env_prefix_refused");
    },
  );
});
