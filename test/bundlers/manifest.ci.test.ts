import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Manifest } from "../../src/run/manifest/outputs.ts";
import { buildApp, makeApp, outputsOf, SOME_BUNDLERS, writeTree } from "../support/app.ts";
import { servePrompts } from "../support/dev-platform.ts";
import { node, pullInto, ROOT, scopeGen, succeed } from "../support/run.ts";

const PROMPTS = { "a/1.md": "Text of a.", "b/1.md": "Text of b.", "c/1.md": "Text of c." };
const platform = await servePrompts(PROMPTS);
afterAll(() => platform.close());

const importing = (...names: string[]) =>
  names.map((name) => `import ${name} from "scope:${name}";\nconsole.log(${name}());\n`).join("");

const app = async (files: Readonly<Record<string, string>>) => pullInto(await makeApp(files), platform.env);

/** Each output of a manifest with its prompts: "dist/server (vite, ssr): a, b". */
const shown = (outputs: readonly Manifest[]) =>
  outputs.map(({ output, bundler, compiler, prompts }) => {
    const made = compiler === undefined ? bundler : `${bundler}, ${compiler}`;
    return `${output} (${made}): ${prompts.map(({ name }) => name).join(", ")}`;
  });
const held = async (root: string) => shown(await outputsOf(root)).sort();
const besides = async (root: string, path: string) =>
  shown(JSON.parse(await readFile(join(root, path), "utf8")).outputs);

/** What a script prints that ends well. */
async function run(root: string, script: string, args: readonly string[] = []): Promise<string> {
  const ran = await succeed(node([script, ...args], { cwd: root, env: platform.env }));
  return ran.stdout.trim();
}

const VITE = join(ROOT, "node_modules", "vite", "bin", "vite.js");

describe("several outputs of one project", () => {
  it("of vite build, then vite build --ssr, are all in the manifest; each is replaced by its own next build", async () => {
    const root = await app({
      "index.html": '<script type="module" src="/src/page.js"></script>',
      "src/page.js": importing("a"),
      "src/server.js": importing("a", "b"),
      "vite.config.js":
        'import scope from "unplugin-scope/vite";\nexport default { plugins: [scope({ clientBundle: "allow" })] };\n',
    });
    await run(root, VITE, ["build", "--outDir", "dist/client"]);
    await run(root, VITE, ["build", "--ssr", "src/server.js", "--outDir", "dist/server"]);
    expect(await held(root)).toEqual(["dist/client (vite, client): a", "dist/server (vite, ssr): a, b"]);
    await writeTree(root, { "src/server.js": importing("c") });
    await run(root, VITE, ["build", "--ssr", "src/server.js", "--outDir", "dist/server"]);
    expect(await held(root)).toEqual(["dist/client (vite, client): a", "dist/server (vite, ssr): c"]);
    await writeTree(root, { "src/page.js": "console.log(1);\n" });
    await run(root, VITE, ["build", "--outDir", "dist/client"]);
    expect(await held(root)).toEqual(["dist/server (vite, ssr): c"]);
    expect(existsSync(join(root, "dist", "server", "scope-manifest.json"))).toBe(false);
  });

  it("of parallel builds in several processes are all there", async () => {
    const names = ["a", "b", "c"];
    const root = await app({
      ...Object.fromEntries(names.map((name) => [`src/${name}.js`, importing(name)])),
      "build.mjs": [
        'import { build } from "esbuild";',
        'import scope from "unplugin-scope/esbuild";',
        "const name = process.argv[2];",
        'await build({ entryPoints: [`src/${name}.js`], outfile: `out/${name}.js`, bundle: true, platform: "node", plugins: [scope()] });',
      ].join("\n"),
    });
    for (let round = 0; round < 5; round += 1) {
      await rm(join(root, ".scope"), { recursive: true, force: true });
      await Promise.all(names.map((name) => run(root, "build.mjs", [name])));
      expect(await held(root)).toEqual(names.map((name) => `out/${name}.js (esbuild): ${name}`));
    }
  });

  it("that one command writes to one folder are merged, also in the manifest next to the bundle", async () => {
    const root = await app({
      "scope.config.json": '{ "manifest": true }',
      "src/a.js": importing("a"),
      "src/b.js": importing("b"),
      "rollup.mjs": [
        'import { rollup } from "rollup";',
        'import scope from "unplugin-scope/rollup";',
        "const plugins = [scope(), scope()];",
        'for (const [at, name] of ["a", "b"].entries()) {',
        "  const bundle = await rollup({ input: `src/${name}.js`, plugins: [plugins[at]] });",
        '  await bundle.write({ dir: "dist", format: "esm" });',
        '  await bundle.write({ file: `dist/${name}.cjs`, format: "cjs" });',
        "  await bundle.close();",
        "}",
      ].join("\n"),
      "webpack.mjs": [
        'import webpack from "webpack";',
        'import scope from "unplugin-scope/webpack";',
        'const config = (name) => ({ mode: "production", context: process.cwd(), entry: { [name]: `./src/${name}.js` }, target: "node20",',
        '  output: { path: process.cwd() + "/out" }, plugins: [scope()] });',
        'webpack([config("a"), config("b")], (error, stats) => { if (error || stats.hasErrors()) throw error ?? new Error(stats.toString()); });',
      ].join("\n"),
    });
    await run(root, "rollup.mjs");
    const rollup = ["dist (rollup): a, b", "dist/a.cjs (rollup): a", "dist/b.cjs (rollup): b"];
    expect(await held(root)).toEqual(rollup);
    expect(await besides(root, "dist/scope-manifest.json")).toEqual(rollup);
    await run(root, "webpack.mjs");
    expect(await held(root)).toEqual([...rollup, "out (webpack): a, b"]);
    expect(await besides(root, "out/scope-manifest.json")).toEqual(["out (webpack): a, b"]);
  });

  it("that are built from one another's files contain the same prompts", async () => {
    const root = await app({
      "scope.config.json": '{ "manifest": true }',
      "src/page.js": importing("a"),
      "src/client.js": "console.log(1);\n",
      "rollup.mjs": [
        'import { rollup } from "rollup";',
        'import scope from "unplugin-scope/rollup";',
        'const plugins = [0, 1, 2].map(() => scope({ clientBundle: "allow" }));',
        'const steps = [["src/page.js", "between"], ["between/page.js", "server"], ["src/client.js", "client"]];',
        "for (const [at, [input, dir]] of steps.entries()) {",
        "  const bundle = await rollup({ input, plugins: [plugins[at]] });",
        '  await bundle.write({ dir, format: "esm" });',
        "}",
      ].join("\n"),
    });
    await run(root, "rollup.mjs");
    expect(await held(root)).toEqual(["between (rollup): a", "server (rollup): a"]);
    expect(await besides(root, "server/scope-manifest.json")).toEqual(["server (rollup): a"]);
    expect(existsSync(join(root, "client", "scope-manifest.json"))).toBe(false);
  });

  it("that a tool around esbuild writes itself are distinguished by their entries", async () => {
    const root = await app({
      "scope.config.json": '{ "manifest": true }',
      "src/a.js": importing("a"),
      "src/b.js": importing("b"),
      // As Angular's builder calls it.
      "build.mjs": [
        'import { build } from "esbuild";',
        'import scope from "unplugin-scope/esbuild";',
        'const here = { absWorkingDir: process.cwd(), outdir: process.cwd(), bundle: true, platform: "node", write: false };',
        "const entryPoints = { main: process.cwd() + `/src/${process.argv[2]}.js` };",
        "const { outputFiles } = await build({ ...here, entryPoints, plugins: [scope()] });",
        "console.log(outputFiles.map(({ path }) => path).join());",
      ].join("\n"),
    });
    const files = await run(root, "build.mjs", ["a"]);
    expect(files.split(",")).toEqual([join(root, "main.js"), join(root, "scope-manifest.json")]);
    await run(root, "build.mjs", ["b"]);
    expect(await held(root)).toEqual(["null (esbuild, src/a.js): a", "null (esbuild, src/b.js): b"]);
    expect(existsSync(join(root, "scope-manifest.json"))).toBe(false);
  });

  it("keeps an output's prompts when its next build fails", async () => {
    const root = await app({ "src/main.ts": importing("a") });
    await buildApp("webpack", root, platform.env);
    const before = await held(root);
    await writeTree(root, { "src/main.ts": `${importing("b")}import "./nowhere.js";\n` });
    expect((await buildApp("webpack", root, platform.env)).code).toBe(1);
    expect(await held(root)).toEqual(before);
  });
});

describe.each(SOME_BUNDLERS)("manifest: true, %s", (bundler) => {
  it("writes the output's prompts next to the bundle too", async () => {
    const root = await app({ "src/main.ts": importing("a", "b") });
    const env = { ...platform.env, TEST_PLUGIN_OPTIONS: '{ "manifest": true }' };
    await succeed(buildApp(bundler, root, env));
    const path = `out/${bundler}/scope-manifest.json`;
    const output = expect.stringMatching(
      new RegExp(`^out/${bundler}(/main\\.mjs)? \\(${bundler}(, ssr)?\\): a, b$`),
    );
    expect(await besides(root, path)).toEqual([output]);

    await writeTree(root, { "src/main.ts": "console.log(1);\n" });
    expect(await buildApp(bundler, root, env)).toMatchObject({ code: 0 });
    // Some empty the folder first.
    if (existsSync(join(root, path))) expect(await besides(root, path)).toEqual([]);
    else expect(bundler).toBe("vite");
    expect(await held(root)).toEqual([]);
  });
});

describe("an import that include doesn't cover", () => {
  it.each([
    ["of a folder beside the app", "../shared/text.ts", "../shared/**"],
    ["of a hidden folder", ".widgets/text.ts", ".widgets/**"],
  ])(
    "%s: the build says the line to add, and nothing is pruned until it's there",
    async (_, file, pattern) => {
      const top = await makeApp({
        "apps/web/scope.config.json": "{}",
        "apps/web/src/main.ts": importing("a"),
      });
      const root = join(top, "apps/web");
      await writeTree(root, { [file]: importing("b"), "src/late.ts": importing("b") });
      await pullInto(root, platform.env);
      await writeTree(root, { "src/main.ts": `${importing("a")}import "../${file}";\n`, "src/late.ts": "" });
      const built = await succeed(buildApp("esbuild", root, platform.env));
      const line = `include: ["**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,vue,svelte,astro}","${pattern}"]`;
      expect(built.stderr).toContain(`${file} imports prompts, and "include" doesn't cover that`);
      expect(built.stderr).toContain(line);
      const committed = () => existsSync(join(root, "scope/b@production.json"));
      const prune = () => succeed(scopeGen(["pull", "--prune"], { cwd: root, env: platform.env }));
      expect((await prune()).stderr).toContain("Nothing was pruned.");
      expect(committed()).toBe(true);
      const include = JSON.parse(line.slice("include: ".length));
      await writeTree(root, { "scope.config.json": JSON.stringify({ include }) });
      expect((await succeed(buildApp("esbuild", root, platform.env))).stderr).not.toContain("include");
      await prune();
      expect(committed()).toBe(true);
      // Without the import, b isn't needed any more.
      await writeTree(root, { "scope.config.json": "{}", [file]: "", "src/main.ts": importing("a") });
      await prune();
      expect(committed()).toBe(false);
    },
  );
});
