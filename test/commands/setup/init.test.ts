import { lstat, readdir, readFile, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ScopeError } from "../../../src/errors/scope-error.ts";
import { makeApp, writeTree } from "../../support/app.ts";
import { linkPackage, node, run } from "../../support/run.ts";
import { cli, recordRun, testProject } from "../cli-helpers.ts";

const CREDENTIALS = { SCOPE_ORG_ID: "o", SCOPE_API_KEY: "k", SCOPE_API_SECRET: "s3cret" };
const packageJson = (names: readonly string[], more: object = {}) =>
  `${JSON.stringify({ ...more, devDependencies: Object.fromEntries(names.map((name) => [name, "*"])) }, null, 2)}\n`;

const REGISTER = 'NODE_OPTIONS="--import unplugin-scope/register"';

/** What `init --yes --json` says in a project. */
async function initIn(root: string, env: Readonly<Record<string, string>> = CREDENTIALS) {
  const ran = await cli(["init", "--yes", "--json"], { cwd: root, env });
  expect(ran.code, ran.stderr).toBe(0);
  return JSON.parse(ran.stdout);
}

/** The same in a project of these files. */
async function init(files: Readonly<Record<string, string>>) {
  const root = await makeApp(files);
  const { found, changes, manual } = await initIn(root);
  return {
    root,
    found,
    changes: changes.map(({ file, action }: Record<string, string>) => `${action} ${file}`),
    manual: manual.map(({ what }: Record<string, string>) => what),
    read: (path: string) => readFile(join(root, path), "utf8"),
  };
}

async function contents(root: string): Promise<Record<string, string>> {
  const names = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const files = names
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes("/.git/"));
  return Object.fromEntries(
    await Promise.all(
      files
        .sort()
        .map(async (file) => [file, `${(await stat(file)).mtimeMs} ${await readFile(file, "utf8")}`]),
    ),
  );
}

describe("every kind of project", () => {
  // biome-ignore format: one row a line
  it.each<[found: string, packages: string[], Record<string, string>, expected: string]>([
    ["Vite, TypeScript, npm", ["vite", "typescript"], { "vite.config.ts": "export default defineConfig({ plugins: [] });\n" }, "plugins: [scope()]"],
    ["Vite, Storybook, npm", ["vite", "@storybook/react-vite"], { "vite.config.ts": "export default defineConfig({ plugins: [] });\n" }, "plugins: [scope()]"],
    ["SvelteKit, npm", ["@sveltejs/kit", "vite"], { "vite.config.js": "export default { plugins: [sveltekit()] };\n" }, "plugins: [scope(), sveltekit()]"],
    [
      "Vite, Vitest, npm",
      [],
      {
        "vite.config.ts": "export default { plugins: [] };\n",
        "vitest.config.ts": `import vite from "./vite.config";\nexport default mergeConfig(vite, defineConfig({ test: {} }));\n`,
      },
      "plugins: [scope()]",
    ],
    ["React Router, npm", ["@react-router/dev", "vite"], { "vite.config.ts": "export default { plugins: [reactRouter()] };\n" }, "plugins: [scope(), reactRouter()]"],
  ])("%s", async (foundText, packages, files, expected) => {
    const { root, found, changes, read } = await init({ ...files, "package.json": packageJson(packages) });
    const [file = ""] = Object.keys(files);
    expect(found.split(". ")[0]).toBe(foundText);
    expect(changes).toContain(`changed ${file}`);
    expect(await read(file)).toContain(expected);
    const config = foundText.includes("TypeScript") ? "scope.config.ts" : "scope.config.mjs";
    expect([changes.includes(`created ${config}`), found.includes("No config")]).toEqual([true, false]);
    const before = await contents(root);
    const again = await cli(["init", "--yes"], { cwd: root, env: CREDENTIALS });
    expect([again.code, again.stdout.split("\n")[0]]).toEqual([0, "Nothing to change."]);
    expect(await contents(root)).toEqual(before);
  });

  it.each([
    ["a build without `include`", '{ "compilerOptions": { "outDir": "out" } }', "scope.config.json"],
    ["a check alone", '{ "compilerOptions": { "noEmit": true } }', "scope.config.ts"],
    ["a build of src", '{ "include": ["src"] }', "scope.config.ts"],
  ])("a config that `tsc` would compile is JSON: %s", async (_, tsconfig, config) => {
    const { changes, read } = await init({ "rollup.config.mjs": "", "tsconfig.json": tsconfig });
    expect(changes).toContain(`created ${config}`);
    expect(await read(config)).toMatch(/"?label"?: "production"/);
  });

  it.each<[string, string, readonly string[], string]>([
    ["Vitest", "vitest.config.ts", ["vitest", "typescript"], "vitest/config"],
    ["Vite, which Vitest reads too,", "vite.config.mjs", ["vite", "vitest"], "vite"],
    ["Storybook", "vite.config.mjs", ["@storybook/react-vite"], "vite"],
  ])("%s without a config gets %s", async (_, file, packages, from) => {
    const { changes, read } = await init({ "package.json": packageJson(packages) });
    expect(changes.filter((one: string) => !one.includes("scope.config"))).toEqual([`created ${file}`]);
    expect(await read(file)).toBe(
      `import { defineConfig } from "${from}";\nimport scope from "unplugin-scope/vite";\n\nexport default defineConfig({\n  plugins: [scope()],\n});\n`,
    );
  });

  // biome-ignore format: one row a line
  it.each<[string, Record<string, string>, string]>([
    ["Next", { "next.config.mjs": "export default {};\n" }, "export default withScope(nextConfig);"],
    ["Nuxt", { "nuxt.config.ts": "export default defineNuxtConfig({ modules: [] });\n" }, 'modules: ["unplugin-scope/nuxt"]'],
    ["Astro", { "astro.config.mjs": "export default { vite: { plugins: [] } };\n" }, "vite: { plugins: [scope()] }"],
    ["webpack", { "webpack.config.js": "module.exports = {};\n" }, 'import scope from "unplugin-scope/webpack";'],
    ["Rspack", { "rspack.config.mjs": "export default { plugins: [] };\n" }, "unplugin-scope/rspack"],
    ["Rslib", { "package.json": packageJson(["@rslib/core"]) }, "tools: { rspack: { plugins: [scope()] } }"],
    ["tsup", { "tsup.config.ts": "export default {};\n" }, "esbuildPlugins: [scope()]"],
    ["esbuild", { "esbuild.config.mjs": "" }, "unplugin-scope/esbuild"],
    ["unbuild", { "package.json": packageJson(["unbuild"]), "build.config.ts": "" }, "inlineDependencies"],
    ["Nitro", { "nitro.config.ts": "" }, "rollupConfig: { plugins: [scope()] }"],
    ["Electron", { "electron.vite.config.ts": "" }, "in each of main, preload and renderer"],
    ["Bun", { "bunfig.toml": "" }, "Bun.plugin(scope())"],
    ["Jest", { "package.json": packageJson(["jest"]) }, "jest.map.json"],
    ["Deno", { "deno.json": "{}" }, "import-map.json"],
    ["Wrangler", { "wrangler.toml": "", "package.json": packageJson(["wrangler"]) }, '"alias"'],
    ["Angular", { "angular.json": "{}" }, "tsconfig.paths.json"],
    ["NestJS", { "package.json": packageJson(["@nestjs/core", "@rspack/core"]) }, REGISTER],
    ["fastify-cli", { "package.json": packageJson(["fastify-cli"]) }, REGISTER],
    ["AdonisJS", { "package.json": packageJson(["@adonisjs/core"]) }, REGISTER],
    ["Mastra", { "package.json": packageJson(["mastra"]) }, REGISTER],
    ["Docusaurus", { "package.json": packageJson(["@docusaurus/core"]) }, "./plugins/scope.ts"],
    ["Electron", { "package.json": packageJson(["@electron-forge/cli", "vite"]), "vite.main.config.ts": "export default {};\n" }, "in each of main, preload and renderer"],
    ["Storybook", { "package.json": packageJson(["storybook", "@storybook/react-webpack5", "webpack"]) }, "webpackFinal"],
  ])(
    "%s: no file of it is changed, and its lines are printed until they're there or it has run",
    async (name, files, expected) => {
      const root = await makeApp(files);
      const steps = async () => {
        const { changes, manual } = await initIn(root);
        // Nothing that the host doesn't read.
        for (const { file } of changes) expect(file).toMatch(/^(?:scope\.config\.\w+|\.gitignore)$/);
        return manual.filter(({ what }: { what: string }) => what.includes("(unplugin-scope/docs/"));
      };
      expect(await steps()).toEqual([
        {
          what: expect.stringMatching(
            new RegExp(`(?:for|to) ${name}\\b.*\\(unplugin-scope/docs/[\\w/.-]+\\.md(?:#[\\w-]+)?\\)$`),
          ),
          code: expect.stringContaining(expected),
        },
      ]);
      for (const [file, text] of Object.entries(files)) {
        if (file !== "vite.config.js") expect(await readFile(join(root, file), "utf8")).toBe(text);
      }
      const tool = /unplugin-scope\/(\w+)["\s]/.exec(String((await steps())[0].code))?.[1] ?? "emit";
      await recordRun(root, tool);
      expect(await steps()).toEqual([]);
    },
  );

  it("Cloudflare's Vite plugin leaves nothing to Wrangler", async () => {
    const { changes, manual } = await init({
      "package.json": packageJson(["@cloudflare/vite-plugin", "vite", "wrangler", "unplugin-scope"]),
      "vite.config.ts": "export default { plugins: [cloudflare()] };\n",
      "wrangler.jsonc": "{}",
    });
    expect([changes[1], manual]).toEqual(["changed vite.config.ts", []]);
  });

  it("a workspace: each package that imports prompts gets the plugin, and sees the root's types", async () => {
    const { root, found, changes, read } = await init({
      "package.json": JSON.stringify({
        workspaces: ["apps/*"],
        devDependencies: { vite: "*", typescript: "*" },
      }),
      "apps/web/package.json": packageJson(["vite"]),
      "apps/web/vite.config.ts": "export default { plugins: [] };\n",
      "apps/web/tsconfig.json": '{ "include": ["src"] }',
      "apps/web/src/a.ts": 'import a from "scope:a";',
      "apps/api/package.json": packageJson(["tsup"]),
      "apps/api/tsup.config.ts": "export default {};\n",
      "apps/api/a.ts": 'import a from "scope:a";',
      "apps/other/package.json": packageJson(["vite"]),
      "apps/other/vite.config.ts": "export default { plugins: [] };\n",
      "apps/own/package.json": packageJson(["vite"]),
      "apps/own/scope.config.json": "{}",
      "apps/own/a.ts": 'import a from "scope:a";',
    });
    expect(found).toBe("tsup, Vite, TypeScript, npm");
    expect(changes).toEqual([
      "created scope.config.ts",
      "changed apps/web/vite.config.ts",
      "changed apps/web/tsconfig.json",
    ]);
    expect(await read("apps/web/tsconfig.json")).toBe('{ "include": ["../../scope-types", "src"] }');
    await writeFile(join(root, "apps/web/vite.config.ts"), "export default { plugins: [] };\n");
    expect((await initIn(join(root, "apps/web"))).changes).toMatchObject([
      { file: "vite.config.ts", action: "changed" },
    ]);
  });

  it("a package that builds nothing: those that depend on it get plugin and types", async () => {
    const include = '{ "include": ["src"] }';
    const { found, changes, manual } = await init({
      "package.json": JSON.stringify({ workspaces: ["apps/*", "packages/*"] }),
      "packages/prompts/package.json": JSON.stringify({ name: "@acme/prompts" }),
      "packages/prompts/tsconfig.json": include,
      "packages/prompts/src/a.ts": 'export { default as a } from "scope:a";',
      "apps/web/package.json": JSON.stringify({ dependencies: { "@acme/prompts": "*", vite: "*" } }),
      "apps/web/vite.config.ts": "export default { plugins: [] };\n",
      "apps/web/tsconfig.json": include,
      "apps/other/package.json": packageJson(["webpack"]),
    });
    expect(found).toBe("Vite, TypeScript, npm");
    expect(changes.slice(1)).toEqual([
      "changed apps/web/vite.config.ts",
      "changed packages/prompts/tsconfig.json",
      "changed apps/web/tsconfig.json",
    ]);
    expect(manual).toEqual(["Install the package"]);
  });

  it("TypeScript: the types are included, and the tsconfig's comments and layout stay", async () => {
    const text = '{\n  // ours\n  "include": [\n    "lib", // all of it\n  ],\n}\n';
    const { changes, read } = await init({ "tsconfig.json": text, "src/a.ts": "" });
    expect(changes).toEqual(["changed tsconfig.json"]);
    expect(await read("tsconfig.json")).toBe(
      '{\n  // ours\n  "include": [\n    "src/scope-types",\n    "lib", // all of it\n  ],\n}\n',
    );
  });

  it("credentials are ignored by git; existing lines stay", async () => {
    const { root, changes, read } = await init({ ".gitignore": "node_modules" });
    expect(changes).toContain("changed .gitignore");
    expect(await read(".gitignore")).toBe("node_modules\n\n# Credentials\n.env.local\n.env.*.local\n");
    await run("git", ["init", "-q"], { cwd: root });
    const covered = await init({ ".gitignore": "*.local\n" });
    expect(covered.changes).not.toContain("changed .gitignore");
  });

  it("credentials are ignored by git where the types are outside of the repository", async () => {
    const root = await makeApp({
      "app/package-lock.json": "",
      "app/scope.config.js": 'export default { dts: "../types" };',
    });
    const cwd = join(root, "app");
    await run("git", ["init", "-q"], { cwd });
    expect((await cli(["init", "--yes"], { cwd, env: CREDENTIALS })).code).toBe(0);
    expect(await readFile(join(cwd, ".gitignore"), "utf8")).toContain(".env.local\n");
  });
});

// Issue 40: "Often no config is needed at all".
it("no config is written where it would say nothing; everything works without, and a pin creates one", async () => {
  const { root, env } = await testProject(
    {
      "package.json": packageJson(["typescript", "unplugin-scope"], { type: "module" }),
      "tsconfig.json": '{ "compilerOptions": { "types": [], "outDir": "dist" } }',
      "src/main.js": 'import welcome from "scope:welcome";\nconsole.log(welcome({ name: "Ada" }));\n',
    },
    { "welcome/1.md": "Hello {{name}}" },
  );
  await linkPackage(root);
  const succeeds = async (...argv: string[]) => {
    const ran = await cli(argv, { cwd: root, env });
    expect([argv, ran.code], ran.stderr).toEqual([argv, 0]);
    return ran.stdout;
  };
  const { found, changes } = JSON.parse(await succeeds("init", "--yes", "--json"));
  expect([found, changes]).toEqual([expect.stringContaining("No config is needed"), []]);
  for (const command of ["pull", "check", "types", "doctor", "list", "lint"]) await succeeds(command);
  const ran = await node(["--import", "unplugin-scope/register", "src/main.js"], { cwd: root });
  expect(ran.stdout || ran.stderr).toBe("Hello Ada\n");
  await succeeds("pin", "welcome", "--to", "1", "--yes");
  expect(await readFile(join(root, "scope.config.json"), "utf8")).toContain('"welcome"');
  await succeeds("check");
  const asked = await testProject({ "package.json": packageJson([]) }, {});
  const choose = async () => "reviewed";
  await cli(["init"], { cwd: asked.root, env, choose, confirm: async () => true });
  expect(await readFile(join(asked.root, "scope.config.mjs"), "utf8")).toContain('fetch: "never"');
});

it.each(["parcel", "@vercel/ncc", "metro"])(
  "a config is written, and the names in it are a step, where no import names a prompt: %s",
  async (name) => {
    const root = await makeApp({ "package.json": packageJson([name, "unplugin-scope"]) });
    const { found, changes, manual } = await initIn(root);
    expect(found).not.toContain("No config");
    expect(changes).toMatchObject([{ file: "scope.config.mjs" }]);
    expect(manual).toMatchObject([{ code: expect.stringContaining('prompts: ["welcome"]') }]);
  },
);

it("emit was found and is enough: no plugin is added where its files are imported, by init or doctor", async () => {
  const { root, env, prompt } = await testProject(
    {
      "package.json": packageJson(["vite", "webpack", "unplugin-scope"]),
      "vite.config.js": "export default { plugins: [] };\n",
      "src/main.js": 'import welcome from "scope:welcome";\n',
    },
    { "welcome/1.md": "Hello" },
  );
  await linkPackage(root);
  await cli(["pull"], { cwd: root, env });
  await cli(["emit", "--out-dir", "src/prompts"], { cwd: root, env });
  // As in a fresh clone.
  await rm(join(root, ".scope"), { recursive: true });
  const said = async () => {
    const { found, changes, manual } = await initIn(root, env);
    const { checks } = JSON.parse((await cli(["doctor", "--json"], { cwd: root, env })).stdout);
    const runs = checks.filter(({ check }: { check: string }) => check === "runs");
    return { found, changes, manual, runs: runs.map(({ status }: { status: string }) => status) };
  };
  await writeTree(root, { "src/main.js": 'import welcome from "./prompts/welcome.js";\n' });
  expect(await said()).toEqual({
    found: expect.stringContaining("emit was found and is enough"),
    changes: [],
    manual: [],
    runs: ["ok"],
  });
  await prompt("other/1.md", "Hello");
  await writeTree(root, { "src/other.js": 'import other from "scope:other";\n' });
  expect(await said()).toMatchObject({
    found: "Vite, webpack, npm",
    changes: [{ action: "created" }, { file: "vite.config.js", action: "changed" }],
    manual: [{ what: expect.stringContaining("webpack") }],
    runs: ["ok"],
  });
});

it("says how a script that runs the sources next to a bundler loads prompts", async () => {
  const scripts = {
    build: "tsup",
    dev: "tsx watch src/agent.ts",
    start: "node dist/agent.js",
    ui: "open App.tsx",
  };
  const root = await makeApp({
    "package.json": JSON.stringify({
      scripts,
      devDependencies: { tsup: "8", tsx: "4", "unplugin-scope": "0" },
    }),
    "src/agent.ts": 'import hi from "scope:hi";\nconsole.log(hi());\n',
  });
  const steps = async () => (await initIn(root)).manual.map(({ code }: { code: string }) => code);
  expect(await steps()).toEqual([
    expect.stringContaining("unplugin-scope/esbuild"),
    "tsx watch --import unplugin-scope/register src/agent.ts",
  ]);
  await writeTree(root, {
    "package.json": JSON.stringify({
      scripts: { dev: (await steps())[1] },
      devDependencies: { tsup: "8", "unplugin-scope": "0" },
    }),
  });
  expect(await steps()).toEqual([expect.stringContaining("unplugin-scope/esbuild")]);
});

it("a bundler without a config may be called by what takes no plugin: the three ways are printed until one has run", async () => {
  const root = await makeApp({ "package.json": packageJson(["esbuild", "unplugin-scope"]) });
  const steps = async () => (await initIn(root)).manual;
  const code = expect.stringMatching(/register[\s\S]*this package's[\s\S]*emit[\s\S]*"prompts": /);
  expect(await steps()).toEqual([{ what: expect.stringContaining("No bundler's config was found"), code }]);
  await recordRun(root, "emit");
  expect(await steps()).toEqual([]);
});

describe("leaves alone what it can't edit, and says so", () => {
  it("two configs in one folder", async () => {
    const { manual } = await init({ "scope.config.mjs": "export default {};", "scope.config.json": "{}" });
    expect(manual).toContain(
      "This folder has scope.config.mjs and scope.config.json. Only scope.config.mjs is read",
    );
  });

  it.each<[string, Record<string, string>, string, string]>([
    [
      "a config that it doesn't understand",
      { "vite.config.ts": "export default makeConfig;\n" },
      "vite.config.ts",
      'Add the plugin for Vite to vite.config.ts (unplugin-scope/docs/recipes/bundlers.md):\n  import scope from "unplugin-scope/vite";\n  plugins: [scope()]',
    ],
    [
      "a linter that would read generated files",
      { "eslint.config.js": "export default [];\n" },
      "eslint.config.js",
      '(unplugin-scope/docs/tools.md#linters):\n  { ignores: ["scope/", ".scope/", "src/scope-types/"] },',
    ],
    [
      "a tsconfig that inherits its include from elsewhere",
      { "base.json": '{ "include": ["lib"] }', "tsconfig.json": '{ "extends": "./base.json" }' },
      "tsconfig.json",
      "Make sure that tsconfig.json includes the types:",
    ],
    [
      "a tsconfig that doesn't parse",
      { "tsconfig.json": "{" },
      "tsconfig.json",
      "Make sure that tsconfig.json includes the types:",
    ],
  ])("%s", async (_, files, file, expected) => {
    // What emit has written is no reason to leave a step out.
    const root = await makeApp(files);
    await recordRun(root, "emit");
    const { code, stdout } = await cli(["init", "--yes"], { cwd: root, env: CREDENTIALS });
    expect(code).toBe(0);
    expect(stdout).toContain(expected);
    expect(await readFile(join(root, file), "utf8")).toBe(files[file]);
  });
});

describe("asking", () => {
  const FILES = {
    "package.json": packageJson(["vite"]),
    "vite.config.ts": "export default { plugins: [] };\n",
    "AGENTS.md": "# Rules\n",
  };
  const ask = (cwd: string, confirm: () => Promise<boolean>, choose?: () => Promise<string>) =>
    cli(["init"], { cwd, env: CREDENTIALS, confirm, ...(choose && { choose }) });

  it("asks which mode a new config is for, and says what that means", async () => {
    const root = await makeApp(FILES);
    const run = (choose: () => Promise<string>) => ask(root, async () => true, choose);
    const { code, stdout, stderr } = await run(async () => "reviewed");
    expect(code).toBe(0);
    expect(stderr).toContain("A build uses what's committed.");
    expect(stderr).toContain("To get new versions: npx scope-gen pull.");
    expect(stdout).toMatch(/\nThen: npx scope-gen pull\n$/);
    expect(await readFile(join(root, "scope.config.mjs"), "utf8")).toContain('\n  fetch: "never",\n});');
    // A config that is there has its mode: nothing is asked, and the next command goes by it.
    const again = await run(() => Promise.reject(new TypeError("Nothing is to be asked.")));
    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(again.stdout).toMatch(/\nThen: npx scope-gen pull\n$/);
  });

  it("Ctrl-C at a question ends it, and keeps what was confirmed", async () => {
    const root = await makeApp(FILES);
    let questions = 0;
    const { code, stderr } = await ask(root, async () => {
      questions += 1;
      if (questions === 1) return true;
      throw new ScopeError("The command was stopped before it finished.", { code: "cli_interrupted" });
    });
    expect([code, stderr]).toEqual([130, expect.stringContaining("cli_interrupted")]);
    expect(await readdir(root)).toContain("scope.config.mjs");
    expect(await readFile(join(root, "vite.config.ts"), "utf8")).toBe(FILES["vite.config.ts"]);
  });

  it("a file that changed while the question was open isn't overwritten", async () => {
    const root = await makeApp(FILES);
    const { code, stderr } = await ask(root, async () => {
      await writeFile(join(root, "vite.config.ts"), "export default { mine: true };\n");
      return true;
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining("init_file_changed")]);
    expect(await readFile(join(root, "vite.config.ts"), "utf8")).toBe("export default { mine: true };\n");
  });

  it("a file behind a link is changed at its real path", async () => {
    const root = await makeApp({ "shared/vite.config.ts": "export default { plugins: [] };\n" });
    await symlink(join(root, "shared/vite.config.ts"), join(root, "vite.config.ts"));
    await cli(["init", "--yes"], { cwd: root, env: CREDENTIALS });
    expect((await lstat(join(root, "vite.config.ts"))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(root, "shared/vite.config.ts"), "utf8")).toContain("scope()");
  });

  // Issue 24, row 10.
  it("a link that leads outside is refused with the real path, before anything changes", async () => {
    const outside = await makeApp({ "vite.config.ts": "export default { plugins: [] };\n" });
    const root = await makeApp({
      "package-lock.json": "{}",
      "package.json": packageJson(["vite", "typescript"]),
    });
    await symlink(join(outside, "vite.config.ts"), join(root, "vite.config.ts"));
    const before = [await contents(root), await contents(outside)];
    const { code, stdout, stderr } = await cli(["init", "--yes"], { cwd: root, env: CREDENTIALS });
    expect([code, stderr]).toEqual([1, expect.stringContaining("leads_outside")]);
    expect(stdout + stderr).toContain(join(await realpath(outside), "vite.config.ts"));
    expect([await contents(root), await contents(outside)]).toEqual(before);
  });

  it("another project's tsconfig, which this one references, is left to you", async () => {
    const victim = '{ "include": ["a.ts"] }\n';
    const outside = await makeApp({ "victim/tsconfig.json": victim, "app/package-lock.json": "{}" });
    const root = join(outside, "app");
    await writeTree(root, { "tsconfig.json": '{ "files": [], "references": [{ "path": "../victim" }] }' });
    const { manual } = await initIn(root);
    expect(await readFile(join(outside, "victim/tsconfig.json"), "utf8")).toBe(victim);
    expect(manual).toContainEqual({
      what: "Make sure that ../victim/tsconfig.json includes the types",
      code: '"include": ["../app/scope-types", …]',
    });
  });
});

it("git attributes: types are generated, and no checkout changes the line endings of generated files", async () => {
  const { read } = await init({ ".gitattributes": "*.png binary\n", "src/a.ts": "" });
  expect(await read(".gitattributes")).toBe(
    "*.png binary\n\n# Generated by scope-gen\n/src/scope-types/*.d.ts linguist-generated text eol=lf\n/scope/** text eol=lf\n",
  );
});

it("an existing config is used: its types, its snapshot", async () => {
  const { changes, read } = await init({
    "scope.config.json": '{ "dts": "types/scope.d.ts", "snapshotDir": "kept" }',
    "tsconfig.json": '{ "include": ["app"] }',
    ".gitattributes": "",
  });
  expect(changes).toEqual(["changed tsconfig.json", "changed .gitattributes"]);
  expect(await read("tsconfig.json")).toBe('{ "include": ["types/scope.d.ts", "app"] }');
  expect(await read(".gitattributes")).toContain(
    "\n/types/scope.d.ts linguist-generated text eol=lf\n/kept/** text eol=lf\n",
  );
});

describe("AGENTS.md", () => {
  it("gets a paragraph for coding agents once, in its own line endings", async () => {
    const { root, read, changes } = await init({ "AGENTS.md": "# Rules\r\n\r\nBe kind.", "src/a.ts": "" });
    expect(changes).toContain("changed AGENTS.md");
    const text = await read("AGENTS.md");
    expect(text).toMatch(/^# Rules\r\n\r\nBe kind\.\r\n\r\n## Prompts\r\n/);
    expect(text).toContain("node_modules/unplugin-scope/skills/unplugin-scope/SKILL.md");
    expect(text.replaceAll("\r\n", "")).not.toContain("\n");
    const before = await contents(root);
    await cli(["init", "--yes"], { cwd: root, env: CREDENTIALS });
    expect(await contents(root)).toEqual(before);
  });

  it("is left alone if it already mentions prompts, and isn't created", async () => {
    const own = "Prompts: see unplugin-scope.\n";
    expect((await init({ "AGENTS.md": own, "src/a.ts": "" })).changes).not.toContain("changed AGENTS.md");
    const none = await init({ "src/a.ts": "" });
    expect(none.changes.join()).not.toContain("AGENTS.md");
  });
});
