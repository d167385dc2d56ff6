import { mkdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { RunRecord, readRuns } from "../../src/project/tool-runs.ts";
import { makeApp, writeTree } from "../support/app.ts";
import { linkPackage, node, ROOT, scopeGen } from "../support/run.ts";
import { testProject } from "./cli-helpers.ts";

// Issue 37: `init` and `doctor` saw Vite and overlooked the esbuild script of the server next to it.
it("a Vite page with a server that esbuild builds: init prints the server's lines, and doctor names what no run has built", async () => {
  const { root, env } = await testProject(
    {
      "package.json": JSON.stringify({ type: "module", devDependencies: { vite: "*", esbuild: "*" } }),
      "vite.config.js":
        'import { defineConfig } from "vite";\nexport default defineConfig({ plugins: [], build: { ssr: "src/main.js" } });\n',
      "src/main.js": 'import triage from "scope:triage";\nconsole.log(triage({ ticket: "a" }));\n',
      "server/main.js": 'import triage from "scope:triage";\nconsole.log(triage({ ticket: "b" }));\n',
      "server/build.js":
        'import { build } from "esbuild";\nawait build({ entryPoints: ["server/main.js"], bundle: true, platform: "node", format: "esm", outfile: "out.js" });\n',
    },
    { "triage/1.md": "Sort {{ticket}}" },
  );
  await linkPackage(root);
  const runs = async () => {
    const { checks } = JSON.parse((await scopeGen(["doctor", "--json"], { cwd: root, env })).stdout);
    return checks
      .filter(({ check }: { check: string }) => check === "runs")
      .map(({ message }: { message: string }) => message);
  };
  const ran = await scopeGen(["init", "--yes"], { cwd: root, env });
  expect(ran.stdout).toContain("changed  vite.config.js");
  expect(ran.stdout).toContain(
    'Add the plugin for esbuild (unplugin-scope/docs/recipes/bundlers.md):\n  import scope from "unplugin-scope/esbuild";',
  );
  expect((await scopeGen(["init", "--yes"], { cwd: root, env })).stdout).toMatch(/^Nothing to change\./);
  expect(await scopeGen(["pull"], { cwd: root, env })).toMatchObject({ code: 0 });
  // Vite's config has the plugin, and may build both.
  expect(await runs()).toEqual([]);

  const vite = join(ROOT, "node_modules/vite/bin/vite.js");
  expect(await node([vite, "build"], { cwd: root, env })).toMatchObject({ code: 0 });
  const built = /^vite built 1 file with prompts$/;
  expect(await runs()).toEqual([
    expect.stringMatching(built),
    "server/main.js imports scope:triage; no run has built it.",
  ]);
  // A run counts while the config is what it was.
  const config = await readFile(join(root, "vite.config.js"), "utf8");
  await writeFile(join(root, "vite.config.js"), "export default {};\n");
  expect(await runs()).toEqual([
    "server/main.js imports scope:triage (1 more like it); no run has built it.",
  ]);
  await writeFile(join(root, "vite.config.js"), config);
  expect(await runs()).toHaveLength(2);

  const script = await readFile(join(root, "server/build.js"), "utf8");
  await writeFile(
    join(root, "server/build.js"),
    `import scope from "unplugin-scope/esbuild";\n${script.replace("bundle:", "plugins: [scope()], bundle:")}`,
  );
  expect(await node(["server/build.js"], { cwd: root, env })).toMatchObject({ code: 0 });
  expect(await runs()).toEqual([
    expect.stringMatching(/^esbuild built 1 file/),
    expect.stringMatching(built),
  ]);

  // A build from the record is a run as well, and a file that's gone is forgotten.
  await rm(join(root, ".scope/runs"), { recursive: true });
  expect(await node([vite, "build"], { cwd: root, env: { SCOPE_FETCH: "never" } })).toMatchObject({
    code: 0,
  });
  expect(await node([vite, "build"], { cwd: root, env: { SCOPE_FETCH: "never" } })).toMatchObject({
    code: 0,
  });
  await writeTree(root, { "src/other.js": 'import "./main.js";\n' });
  expect(
    await node(["--import", "unplugin-scope/register", "server/main.js"], { cwd: root, env }),
  ).toMatchObject({
    code: 0,
    stdout: "Sort b\n",
  });
  expect(await scopeGen(["emit", "--out-dir", "emitted"], { cwd: root, env })).toMatchObject({ code: 0 });
  expect(await runs()).toEqual([
    expect.stringMatching(/^emit built 2 files/),
    expect.stringMatching(/^register built 1 file/),
    expect.stringMatching(built),
  ]);
});

// `npm prune --omit=dev` removes it, and only production says so.
it("a server bundle that imports this package from devDependencies: a warning of the build and of doctor", {
  timeout: 120_000,
}, async () => {
  const build = `
import scope from "unplugin-scope/BUNDLER";
import * as bundler from "BUNDLER";
const entry = "./src/main.js";
const external = [/^unplugin-scope/];
const webpack = { mode: "none", context: import.meta.dirname, target: "node", entry, output: { path: import.meta.dirname + "/out" }, externals: external, externalsType: "commonjs", plugins: [scope()] };
const builds = {
  vite: () => bundler.build({ logLevel: "warn", ssr: { external: ["unplugin-scope/opentelemetry"] }, plugins: [scope()], build: { ssr: entry } }),
  rollup: async () => (await bundler.rollup({ input: entry, external, plugins: [scope()] })).write({ dir: "out" }),
  rolldown: async () => (await bundler.rolldown({ input: entry, platform: "node", external, plugins: [scope()] })).write({ dir: "out" }),
  esbuild: () => bundler.build({ entryPoints: [entry], bundle: true, platform: "node", packages: "external", outfile: "out.js", plugins: [scope()] }),
  webpack: () => new Promise((done) => bundler.default(webpack, (error, stats) => done(console.log(error ?? stats.toString())))),
};
builds["@rspack/core"] = () => new Promise((done) => bundler.rspack(webpack, (error, stats) => done(console.log(error ?? stats.toString()))));
await builds["BUNDLER"]();
`;
  const manifest = (key: string) => JSON.stringify({ type: "module", [key]: { "unplugin-scope": "0" } });
  const { root, env } = await testProject(
    {
      "package.json": manifest("devDependencies"),
      "src/main.js":
        'import triage from "scope:triage";\nimport { withPrompt } from "unplugin-scope/opentelemetry";\nconsole.log(triage, withPrompt);\n',
      "src/other.js": "",
    },
    { "triage/1.md": "Sort {{ticket}}" },
  );
  await linkPackage(root);
  await mkdir(join(root, "node_modules/@rspack"));
  for (const name of ["rolldown", "@rspack/core"])
    await symlink(join(ROOT, "node_modules", name), join(root, "node_modules", name));
  const warned = async () => {
    const { checks } = JSON.parse((await scopeGen(["doctor", "--json"], { cwd: root, env })).stdout);
    return checks.filter((one: { message: string }) => one.message.includes("when it runs"));
  };
  const fix =
    'It\'s in "devDependencies", which npm prune --omit=dev removes. Run: npm install --save-prod unplugin-scope';
  for (const bundler of ["vite", "rollup", "rolldown", "esbuild", "webpack", "@rspack/core"]) {
    await rm(join(root, ".scope/runs"), { recursive: true, force: true });
    const text = build.replace(
      "unplugin-scope/BUNDLER",
      `unplugin-scope/${bundler.replace("@rspack/core", "rspack")}`,
    );
    await writeTree(root, { "build.js": text.replaceAll('"BUNDLER"', `"${bundler}"`) });
    const run = () => node(["build.js"], { cwd: root, env });
    const ran = await run();
    expect([bundler, ran.code, ran.stdout + ran.stderr]).toEqual([
      bundler,
      0,
      expect.stringContaining(`The output imports unplugin-scope/opentelemetry when it runs. ${fix}`),
    ]);
    expect([bundler, await warned()]).toEqual([
      bundler,
      [expect.objectContaining({ status: "warning", fix })],
    ]);
    await writeFile(join(root, "package.json"), manifest("dependencies"));
    const { stdout, stderr } = await run();
    expect([bundler, stdout + stderr]).not.toEqual([bundler, expect.stringContaining("when it runs")]);
    expect([bundler, await warned()]).toEqual([bundler, []]);
    await writeFile(join(root, "package.json"), manifest("devDependencies"));
  }
});

// Issue 52: compilers side by side lost each other's files, and a watcher of the whole project restarted for ever.
it("the record has every file of runs at the same time, and stays untouched by one that built the same", async () => {
  const names = [..."abcdefgh"].map((name) => `${name}.js`);
  const root = await makeApp(
    Object.fromEntries(names.map((name) => [name, 'import "scope:x";import "scope:y";'])),
  );
  const build = (name: string, ...specifiers: string[]) => {
    const record = new RunRecord(root, "esbuild");
    for (const specifier of specifiers) record.add(join(root, name), specifier);
    return record.write();
  };
  await Promise.all(names.map((name) => build(name, "scope:x", "scope:y")));
  const [run] = await readRuns(root);
  expect(Object.keys(run?.files ?? {})).toEqual(names);
  const folder = join(root, ".scope/runs");
  const at = async () => [(await stat(folder)).mtimeMs, (await stat(join(folder, "esbuild.json"))).mtimeMs];
  const before = await at();
  await build("c.js", "scope:y");
  expect(await at()).toEqual(before);
  // What a file no longer imports is forgotten.
  await writeFile(join(root, "c.js"), 'import "scope:y";');
  await rm(join(root, "d.js"));
  await build("c.js", "scope:y");
  const [{ files: left = {} } = {}] = await readRuns(root);
  expect([left["c.js"], left["d.js"]]).toEqual([["scope:y"], undefined]);
});
