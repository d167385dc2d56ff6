import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makeApp, writeTree } from "../support/app.ts";
import { servePrompts } from "../support/dev-platform.ts";
import { linkPackage, node, type Ran, ROOT, succeed } from "../support/run.ts";
import { ServerProcess } from "../support/server-process.ts";

const platform = await servePrompts({ "greeting/1.md": "Hi {{name}}, {{ near }}." });
afterAll(() => platform.close());

const CONFIG = (entry: string) =>
  `import scope from "unplugin-scope/${entry}";\nexport default { plugins: [scope()], input: "src/main.js", build: { rollupOptions: { input: "src/main.js" } } };\n`;

/** How each bundler's own command line builds. */
const BUILDS = {
  vite: ["vite/bin/vite.js", "build"],
  rolldown: ["rolldown/bin/cli.mjs", "-c", "rolldown.config.js"],
  rollup: ["rollup/dist/bin/rollup", "-c", "rollup.config.js", "-d", "out"],
} as const;

const SCRIPTS = {
  "esbuild.js": `import { build } from "esbuild";
import scope from "unplugin-scope/esbuild";
await build({ entryPoints: ["src/main.js"], bundle: true, outfile: "out/a.js", plugins: [scope()] });
`,
  "webpack.js": `import webpack from "webpack";
import scope from "unplugin-scope/webpack";
const config = { entry: "./src/main.js", target: "node", mode: "production", plugins: [scope()] };
webpack(config, (error, stats) => console.log(error ?? stats.toString()));
`,
};

async function app(specifier: string): Promise<string> {
  const root = await makeApp({
    "package.json": '{ "type": "module" }',
    "src/main.js": `import prompt from "${specifier}";\nconsole.log(prompt);\n`,
    "vite.config.js": CONFIG("vite").replace(/input: "[^"]*", /, ""),
    "rolldown.config.js": CONFIG("rolldown").replace(/, build: .* \}$/m, " }"),
    "rollup.config.js": CONFIG("rollup").replace(/, build: .* \}$/m, " }"),
    ...SCRIPTS,
  });
  await linkPackage(root);
  return root;
}

function buildWith(bundler: keyof typeof BUILDS, root: string): Promise<Ran> {
  const [program, ...args] = BUILDS[bundler];
  return node([join(ROOT, "node_modules", program), ...args], { cwd: root, env: platform.env });
}

// Issue 51.
it.each([
  ["vite", "vite.config.js"],
  ["rolldown", "rolldown.config.js"],
  ["rollup", "rollup.config.js"],
  ["esbuild", "esbuild.js"],
  ["webpack", "webpack.js"],
] as const)(
  "two plugins with different options in one config of %s: which one counts is said once",
  async (bundler, file) => {
    const build = async (plugins: string) => {
      const root = await app("scope:greeting");
      const text = await readFile(join(root, file), "utf8");
      await writeTree(root, { [file]: text.replace("[scope()]", `[${plugins}]`) });
      const { code, stdout, stderr } = await (bundler in BUILDS
        ? buildWith(bundler as keyof typeof BUILDS, root)
        : node([file], { cwd: root, env: platform.env }));
      expect(code, stdout + stderr).toBe(0);
      return (stdout + stderr).match(/the plugin twice.*/g);
    };
    const first = 'scope({ clientBundle: "allow", target: "server" })';
    const second = 'scope({ clientBundle: "error", target: "server" })';
    // The third is like the second.
    expect(await build([first, second, second].join())).toEqual([
      expect.stringMatching(/\(clientBundle\).* first /),
    ]);
    expect(await build([first, first].join())).toBe(null);
  },
);

it("a manifest that the plugin for esbuild can't write is an error with the file and what to do", async () => {
  const root = await app("scope:greeting");
  await writeTree(root, { "scope.config.json": '{ "manifest": true }', "out/scope-manifest.json/x": "" });
  const { code, stderr } = await node(["esbuild.js"], { cwd: root, env: platform.env });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /snapshot_unwritable {2}.*\(E[A-Z]+\)[\s\S]*out\/scope-manifest\.json[\s\S]*nothing else is where/,
  );
});

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

describe("an import of a missing prompt", () => {
  it.each(["vite", "rolldown", "rollup"] as const)("is one error with %s", async (bundler) => {
    const { code, stdout, stderr } = await buildWith(bundler, await app("scope:greting"));
    expect(code).toBe(1);
    expect(count(stdout + stderr, /prompt_not_found {2}/g), stdout + stderr).toBe(1);
    expect(count(stdout + stderr, /Did you mean "greeting"\?/g)).toBe(1);
    expect(stdout + stderr).toContain("imported in src/main.js:1:20");
  });

  it("is one error with esbuild, and no warning about the plugin", async () => {
    const { code, stdout, stderr } = await node(["esbuild.js"], {
      cwd: await app("scope:greting"),
      env: platform.env,
    });
    expect(code).toBe(1);
    expect(stdout + stderr).not.toContain("watchFiles");
  });

  it("is one error in Vite's dev server, without another one from its dependency scan", async () => {
    const root = await app("scope:greting");
    await writeTree(root, { "index.html": '<script type="module" src="/src/main.js"></script>' });
    const vite = join(ROOT, "node_modules", "vite", "bin", "vite.js");
    const server = new ServerProcess([vite, "--port", "0", "--host", "127.0.0.1"], root, platform.env);
    const [, url] = await server.said(/(http:\/\/127\.0\.0\.1:\d+)/);
    await fetch(`${url}/src/main.js`);
    await server.said(/prompt_not_found/);
    await server.stop();
    expect(server.output).not.toContain("Failed to run dependency scan");
    expect(server.count(/prompt_not_found {2}/)).toBe(1);
  });
});

it("with Vite each line of a build says which plugin it's from", async () => {
  const { stdout, stderr } = await succeed(buildWith("vite", await app("scope:greeting")));
  expect(stdout + stderr).toContain("[unplugin-scope] The text of these prompts ends up in a browser bundle");
  expect(stdout + stderr).toContain("[unplugin-scope] prompt-near-miss");
  expect(stdout + stderr).toMatch(
    /\[unplugin-scope\] The types of scope: imports are missing.*scope-gen pull/,
  );
});
