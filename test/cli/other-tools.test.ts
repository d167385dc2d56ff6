// Issue 26: init and doctor for tools without a plugin, or with an unusual config.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeApp, writeTree } from "../support/app.ts";
import { cli, testProject } from "./cli-helpers.ts";

const CREDENTIALS = { SCOPE_ORG_ID: "o", SCOPE_API_KEY: "k", SCOPE_API_SECRET: "s3cret" };
const packageJson = (names: readonly string[], more: object = {}) =>
  `${JSON.stringify({ ...more, devDependencies: Object.fromEntries(names.map((name) => [name, "*"])) }, null, 2)}\n`;

interface Check {
  readonly check: string;
  readonly status: string;
  readonly message: string;
  readonly fix: string | null;
}

/** What `init --yes` does in a project of these files, and what `doctor` then says of its bundler. */
async function setUp(files: Readonly<Record<string, string>>) {
  const root = await makeApp(files);
  const ran = await cli(["init", "--yes", "--json"], { cwd: root, env: CREDENTIALS });
  expect(ran.code, ran.stderr).toBe(0);
  const { found, changes, manual } = JSON.parse(ran.stdout);
  const steps: { what: string; code: string }[] = manual.filter(
    ({ what }: { what: string }) => what !== "Install the package",
  );
  return {
    root,
    found,
    files: changes.map(({ file }: { file: string }) => file),
    steps: steps.map(({ what, code }) => `${what}:\n${code}`),
    read: (path: string) => readFile(join(root, path), "utf8"),
    bundler: () => bundler(root),
  };
}

async function bundler(root: string): Promise<readonly string[]> {
  const { stdout } = await cli(["doctor", "--json", "--fetch", "never"], { cwd: root, env: CREDENTIALS });
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  const own = checks.filter(({ check }) => check === "bundler");
  return own.map(({ status, message }) => `${status} ${message}`);
}

const CONFIG = "scope.config.ts";

describe("init writes what the tool reads, and doctor reads it", () => {
  const ELECTRON = `import { resolve } from 'path'
import { defineConfig } from 'electron-vite'
import vue from '@vitejs/plugin-vue'

export default defineConfig({
  main: {},
  preload: {
    build: {}
  },
  renderer: {
    plugins: [vue()]
  }
})
`;

  it("electron-vite: the plugin in each part by hand, and no config of Vite's", async () => {
    const { root, found, files, steps, read, bundler } = await setUp({
      "package.json": packageJson(["electron-vite", "vite", "typescript"]),
      "electron.vite.config.ts": ELECTRON,
    });
    expect(found).toBe("electron-vite, TypeScript, npm");
    expect(files).toEqual([CONFIG]);
    expect(steps).toEqual([
      expect.stringContaining("plugins: [scope()]   // in each of main, preload and renderer"),
    ]);
    expect(await read("electron.vite.config.ts")).toBe(ELECTRON);
    expect((await bundler())[0]).toMatch(/^problem electron-vite/);
    const withPlugin = `import scope from "unplugin-scope/vite";\n${ELECTRON.replace("main: {}", "main: { plugins: [scope()] }")}`;
    await writeFile(join(root, "electron.vite.config.ts"), withPlugin);
    expect(await bundler()).toEqual(["ok electron-vite (electron.vite.config.ts) has the plugin"]);
  });

  it("electron-vite: the types go into each tsconfig that sees an import", async () => {
    const { root, read } = await setUp({
      "package.json": packageJson(["electron-vite", "typescript"]),
      "electron.vite.config.ts": ELECTRON,
      "tsconfig.json":
        '{ "files": [], "references": [{ "path": "./tsconfig.node.json" }, { "path": "./tsconfig.web.json" }] }',
      "tsconfig.node.json": '{ "include": ["electron.vite.config.*", "src/main/**/*"] }',
      "tsconfig.web.json": '{ "include": ["src/renderer/**/*"] }',
      "src/renderer/a.ts": 'import a from "scope:a";',
    });
    expect(await read("tsconfig.web.json")).toBe('{ "include": ["src/renderer/**/*", "src/scope-types"] }');
    expect(await read("tsconfig.node.json")).not.toContain("scope-types");
    await writeTree(root, { "src/main/a.ts": 'import a from "scope:a";' });
    const { stdout } = await cli(["doctor", "--json", "--fetch", "never"], { cwd: root, env: CREDENTIALS });
    const checks: Check[] = JSON.parse(stdout).checks;
    expect(checks.filter(({ check }) => check === "tsconfig")).toMatchObject([
      { status: "problem", fix: 'Add "src/scope-types" to "include" in tsconfig.node.json.' },
      { status: "ok", message: "tsconfig.web.json includes src/scope-types" },
    ]);
  });

  it.each([
    [
      "Nitro 2, whose function needs no import",
      "nitropack",
      "export default defineNitroConfig({\n  srcDir: 'server',\n})\n",
      "  rollupConfig: { plugins: [scope()] },\n",
    ],
    [
      "Nitro 3",
      "nitro",
      'import { defineConfig } from "nitro";\n\nexport default defineConfig({ rollupConfig: { plugins: [a()] } });\n',
      "rollupConfig: { plugins: [scope(), a()] }",
    ],
  ])("%s", async (_, name, text, expected) => {
    const { files, read, bundler } = await setUp({
      "package.json": packageJson([name, "typescript"]),
      "nitro.config.ts": text,
    });
    expect(files).toEqual([CONFIG, "nitro.config.ts"]);
    expect(await read("nitro.config.ts")).toContain(expected);
    expect(await read("nitro.config.ts")).toMatch(/import scope from ["']unplugin-scope\/rollup["']/);
    expect(await bundler()).toEqual([
      expect.stringMatching(/^ok Nitro( 2)? \(nitro\.config\.ts\) has the plugin$/),
    ]);
  });

  it("Nitro 2 without a config gets one", async () => {
    const { files, read, bundler } = await setUp({
      "package.json": packageJson(["nitropack", "typescript"]),
    });
    expect(files).toEqual([CONFIG, "nitro.config.ts"]);
    expect(await read("nitro.config.ts")).toContain('import { defineNitroConfig } from "nitropack/config";');
    expect(await bundler()).toEqual(["ok Nitro 2 (nitro.config.ts) has the plugin"]);
  });

  it("Nitro 3 has Rolldown's plugin as well, if that's in its config", async () => {
    const { files, bundler } = await setUp({
      "package.json": packageJson(["nitro"]),
      "nitro.config.mjs":
        'import { defineConfig } from "nitro";\nimport scope from "unplugin-scope/rolldown";\nexport default defineConfig({ rolldownConfig: { plugins: [scope()] } });\n',
    });
    expect(files).toEqual(["scope.config.mjs"]);
    expect(await bundler()).toEqual(["ok Nitro (nitro.config.mjs) has the plugin"]);
  });

  it("Nitro 3 on Vite: Vite's config gets the plugin, and Nitro's stays", async () => {
    const own = "export default {};\n";
    const { files, read, bundler } = await setUp({
      "package.json": packageJson(["nitro", "vite", "typescript"]),
      "vite.config.ts": 'import { nitro } from "nitro/vite";\nexport default { plugins: [nitro()] };\n',
      "nitro.config.ts": own,
    });
    expect(files).toEqual([CONFIG, "vite.config.ts"]);
    expect(await read("nitro.config.ts")).toBe(own);
    expect(await bundler()).toEqual(["ok Vite (vite.config.ts) has the plugin"]);
  });

  it("Nitro in a framework on top of Vite belongs to the framework", async () => {
    const { files, bundler } = await setUp({
      "package.json": packageJson(["@tanstack/react-start", "vite", "nitro", "typescript"]),
      "vite.config.ts": "export default { plugins: [] };\n",
    });
    expect(files).toEqual([CONFIG, "vite.config.ts"]);
    expect(await bundler()).toEqual(["ok TanStack Start (vite.config.ts) has the plugin"]);
  });

  it("Vite's package for a program with its own settings: no config that nobody reads", async () => {
    const scripts = { start: "electron-forge start", make: "electron-forge make" };
    const { files, bundler } = await setUp({
      "package.json": packageJson(["vite", "@electron-forge/plugin-vite"], { scripts }),
      "forge.config.ts": "",
    });
    expect(files).toEqual(["scope.config.mjs"]);
    expect(await bundler()).toEqual(["ok none found: plain Node uses --import unplugin-scope/register"]);
  });

  it("Playwright's component tests and unbuild: by hand, with what to add", async () => {
    const config = "export default { use: {} };\n";
    const { steps, read, bundler } = await setUp({
      "package.json": packageJson(["@playwright/experimental-ct-react", "unbuild"]),
      "playwright-ct.config.ts": config,
      "build.config.ts": "export default {};\n",
    });
    expect(steps.join("\n")).toContain("use: { ctViteConfig: { plugins: [scope(), react()] } }");
    expect(steps.join("\n")).toContain("rollup: { inlineDependencies: [/^scope:/] }");
    expect(await read("playwright-ct.config.ts")).toBe(config);
    expect(await bundler()).toEqual([
      "problem unbuild (build.config.ts) doesn't use unplugin-scope/rollup.",
      "problem Playwright's component tests (playwright-ct.config.ts) doesn't use unplugin-scope/vite.",
    ]);
  });
});

describe("Bun", () => {
  it.each<[string, Record<string, string>]>([
    ["bun.lock without a bundler", { "bun.lock": "", "package.json": "{}" }],
    ["bun.lockb without a bundler", { "bun.lockb": "", "package.json": "{}" }],
    ["bunfig.toml", { "bunfig.toml": "[install]\n", "package.json": "{}" }],
    ["a script", { "package.json": packageJson([], { scripts: { start: "bun --hot src/main.ts" } }) }],
    ["a build", { "package.json": "{}", "build.ts": "await Bun.build({ entrypoints: ['a.ts'] });\n" }],
  ])("runs the code, as %s shows: it says what to do and writes nothing", async (_, files) => {
    const { found, files: written, steps, bundler } = await setUp(files);
    expect(found).toMatch(/^Bun, /);
    expect(written).toEqual(["scope.config.mjs"]);
    expect(steps).toEqual([expect.stringContaining('preload = ["./scope.preload.ts"]')]);
    expect((await bundler())[0]).toMatch(/^(?:warning|problem) Bun/);
  });

  it.each<[string, Record<string, string>]>([
    [
      "a preload",
      {
        "bunfig.toml": 'preload = ["./scope.preload.ts"]\n',
        "scope.preload.ts": 'import scope from "unplugin-scope/bun";\nawait Bun.plugin(scope());\n',
      },
    ],
    [
      "a build",
      {
        "bun.lock": "",
        "build.ts":
          'import scope from "unplugin-scope/bun";\nawait Bun.build({ entrypoints: ["a.ts"], plugins: [scope()] });\n',
      },
    ],
  ])("has the plugin in %s", async (_, files) => {
    const { steps, bundler } = await setUp({ "package.json": "{}", ...files });
    expect(steps).toEqual([]);
    expect(await bundler()).toEqual([expect.stringMatching(/^ok Bun \(.*\) has the plugin$/)]);
  });

  const PRELOAD = 'import scope from "unplugin-scope/bun";\nawait Bun.plugin(scope());\n';
  const BUILD =
    'import scope from "unplugin-scope/bun";\nawait Bun.build({ entrypoints: ["a.ts"], plugins: [scope()] });\n';
  const scripts = (all: Record<string, string>) => packageJson([], { scripts: all });

  it.each<[string, Record<string, string>]>([
    ["in a comment", { "bunfig.toml": '# preload = ["./scope.preload.ts"]\n' }],
    ["in no file", { "bunfig.toml": "[install]\n" }],
  ])("doesn't have the plugin: %s", async (_, files) => {
    const app = { "package.json": scripts({ start: "bun src/server.ts" }), "scope.preload.ts": PRELOAD };
    const { bundler } = await setUp({ ...app, ...files });
    expect(await bundler()).toEqual([expect.stringMatching(/^(?:problem|warning) Bun/)]);
  });

  it("has the plugin in each place", async () => {
    const { bundler } = await setUp({
      "package.json": scripts({
        build: "bun run ./build.ts",
        start: "bun dist/server.js",
        dev: "bun --hot src/server.ts",
        test: "bun test",
      }),
      "build.ts": BUILD,
      "scope.preload.ts": PRELOAD,
      "bunfig.toml":
        'preload = [ # "one",\r\n  "./scope.preload.ts",\r\n]\r\n[install]\r\n[test] # too\r\npreload = "./scope.preload.ts"\r\n',
    });
    expect(await bundler()).toEqual([expect.stringMatching(/^ok Bun \(.*\) has the plugin$/)]);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      "Vite's packages",
      {
        "package.json": packageJson(["vite"], {
          scripts: { dev: "bun run vite", build: "bunx --bun vite build" },
        }),
        "vite.config.js": "export default {};\n",
      },
      "Vite, bun",
    ],
    [
      "packages of a server that Node runs",
      { "package.json": packageJson([], { scripts: { start: "node server.js" } }) },
      "plain Node, bun",
    ],
  ])("only installs %s", async (_, files, found) => {
    expect((await setUp({ "bun.lock": "", ...files })).found).toBe(found);
  });
});

describe("without a plugin", () => {
  const ANGULAR = {
    "package.json": packageJson(["@angular/build", "vitest", "typescript"]),
    "angular.json": JSON.stringify({
      projects: { app: { architect: { build: { options: { tsConfig: "tsconfig.app.json" } } } } },
    }),
    "tsconfig.json":
      '{ "compileOnSave": false, "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
    "tsconfig.app.json": '{ "extends": "./tsconfig.json", "include": ["src/**/*.ts"] }',
    "src/a.ts": 'import a from "scope:welcome";',
  };
  const PATHS = '"extends": ["./src/prompts/tsconfig.paths.json"]';

  it.each<[string, Record<string, string>, readonly string[]]>([
    ["Angular", ANGULAR, ["scope-gen emit --out-dir src/prompts && …", PATHS]],
    [
      "Expo",
      {
        "package.json": packageJson(["expo", "react-native", "@react-native/metro-config"]),
        "app.json": "{}",
      },
      [PATHS],
    ],
    [
      "Metro",
      { "package.json": packageJson(["react-native", "@react-native/metro-config"]), "metro.config.js": "" },
      ['"./prompts/welcome.js"'],
    ],
    [
      "Parcel",
      { "package.json": packageJson(["parcel"], { source: "src/index.html" }) },
      ['"./prompts/welcome.js"', 'prompts: ["welcome"]'],
    ],
    ["ncc", { "package.json": packageJson(["@vercel/ncc"]) }, ['"./prompts/welcome.js"']],
    [
      "esbuild's command line",
      { "package.json": packageJson(["esbuild"], { scripts: { build: "esbuild src/a.ts --bundle" } }) },
      [PATHS],
    ],
  ])("%s: it says so, and writes no config that nobody reads", async (name, files, expected) => {
    const { found, files: written, steps, bundler } = await setUp(files);
    expect(found.split(", ")[0]).toBe(name);
    expect(written.filter((file: string) => !/^scope\.config|tsconfig/.test(file))).toEqual([]);
    expect(steps).toHaveLength(1);
    expect(steps[0]).toContain(`Make the prompts known to ${name}:\nscope-gen emit`.split("scope-gen")[0]);
    for (const text of expected) expect(steps[0]).toContain(text);
    expect((await bundler())[0]).toMatch(new RegExp(`^problem ${name}.* can't use plugins`));
  });

  it("doctor: paths in the tsconfig that the builds' own extend", async () => {
    const root = await makeApp(ANGULAR);
    // The paths, as emit writes them for `extends`.
    const paths = '"compilerOptions": { "paths": { "scope:welcome": ["./src/prompts/welcome"] } }';
    await writeTree(root, { "tsconfig.spec.json": `{ ${paths} }` });
    expect(await bundler(root)).toEqual([
      "problem Angular (angular.json) can't use plugins, and doesn't find the files of scope-gen emit.",
    ]);
    // As long as nothing is emitted, nothing can be read of what this extends.
    for (const text of ['{ "extends": "./src/prompts/tsconfig.paths.json" }', `{ "files": [], ${paths} }`]) {
      await writeFile(join(root, "tsconfig.json"), text);
      expect(await bundler(root)).toEqual(["ok Angular (angular.json) finds the emitted files"]);
    }
  });

  it("doctor: an esbuild plugin in Angular's own builder", async () => {
    const root = await makeApp({
      ...ANGULAR,
      "angular.json":
        '{ "builder": "@angular-builders/custom-esbuild:application", "plugins": ["./scope.mjs"] }',
      "scope.mjs": 'export { default } from "unplugin-scope/esbuild";',
    });
    expect((await bundler(root)).at(-1)).toBe("ok Angular (angular.json) finds the emitted files");
  });

  it("doctor: relative imports, once there is something to import", async () => {
    const { root, env } = await testProject(
      { "scope.config.json": '{ "prompts": ["welcome"] }', "package.json": packageJson(["parcel"]) },
      { "welcome/1.md": "Hello {{name}}" },
    );
    expect(await bundler(root)).toEqual([
      "problem Parcel can't use plugins, and doesn't find the files of scope-gen emit.",
    ]);
    const emitted = await cli(["emit", "--out-dir", "src/prompts"], { cwd: root, env });
    expect(emitted.code, emitted.stderr).toBe(0);
    expect(await bundler(root)).toEqual(["ok Parcel finds the emitted files"]);
  });
});

it("doctor: next to another build, finding no prompt is a warning", async () => {
  const { bundler } = await setUp({
    "package.json": packageJson(["vite", "esbuild"], {
      scripts: { build: "vite build && esbuild server.ts", seed: "bun seed.ts" },
    }),
    "vite.config.js": "export default {};\n",
    "bunfig.toml": "",
  });
  expect(await bundler()).toEqual([
    "warning esbuild's command line can't use plugins, and doesn't find the files of scope-gen emit.",
    "ok Vite (vite.config.js) has the plugin",
    "warning Bun (bunfig.toml) doesn't use unplugin-scope/bun.",
  ]);
});

const PLAIN_NODE = "ok none found: plain Node uses --import unplugin-scope/register";

it.each<[string, string, string]>([
  ["no script", "{}", PLAIN_NODE],
  [
    "an unknown build",
    packageJson([], { scripts: { build: "vinxi build" } }),
    'warning The script "build" of package.json runs none of the tools that we know: vinxi build',
  ],
  [
    "an unknown build that emits first",
    packageJson([], { scripts: { build: "scope-gen emit --out-dir src/prompts && vinxi build" } }),
    PLAIN_NODE,
  ],
])("without a known bundler, all ways are named: %s", async (_, manifest, finding) => {
  const { found, steps, bundler } = await setUp({ "package.json": manifest });
  expect(found).toBe("plain Node, npm");
  expect(steps).toEqual([expect.stringContaining("node --import unplugin-scope/register app.js")]);
  expect(steps[0]).toContain("scope-gen emit --out-dir src/prompts");
  expect(await bundler()).toEqual([finding]);
});
