import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inRange } from "../../src/commands/doctor/examine-versions.ts";
import { detectTools } from "../../src/commands/project-files/detect-tools.ts";
import { parseJsonc } from "../../src/commands/project-files/settings.ts";
import { inclusions } from "../../src/commands/project-files/tsconfig.ts";
import { projectFolder } from "../project/config/project-folder.ts";

describe("JSON with comments", () => {
  it("accepts comments, trailing commas and a byte order mark", () => {
    const text = '\uFEFF// a\n{ /* b */ "x": [1, "//no", ], // c\n "y": "/* no */", }\n/* end */';
    expect(parseJsonc(text)).toEqual({ x: [1, "//no"], y: "/* no */" });
  });

  it.each(["", "{", "[1 2]", '{ "a" 1 }', "{ a: 1 }", "1 2", '"open', "[,]"])("%j isn't valid", (text) => {
    expect(parseJsonc(text)).toBeUndefined();
  });
});

describe("what a tsconfig includes", () => {
  it.each([
    ["src", "src/scope.d.ts", true],
    ["src/", "src/a/scope.d.ts", true],
    ["src/**/*", "src/scope.d.ts", true],
    ["src/**/*.ts", "src/a/b/scope.d.ts", true],
    ["**", "x/scope.d.ts", true],
    ["*.d.ts", "scope.d.ts", true],
    ["*.d.ts", "src/scope.d.ts", false],
    ["s?c", "src/scope.d.ts", false],
    ["src", "srcs/scope.d.ts", false],
    ["lib/**/*", "src/scope.d.ts", false],
    ["(x)+", "(x)+/scope.d.ts", true],
  ])("%s, %s: %s", async (pattern, file, expected) => {
    const root = await projectFolder({ "tsconfig.json": JSON.stringify({ include: [pattern] }) });
    const [found] = await inclusions(join(root, "tsconfig.json"), join(root, file));
    expect(found?.isIncluded).toBe(expected);
  });

  const solution = '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./node" }] }';
  it.each([
    ["no rule: everything", { "tsconfig.json": "{}" }, "tsconfig.json"],
    ["include", { "tsconfig.json": '{ "include": ["src"] }' }, "tsconfig.json"],
    ["files", { "tsconfig.json": '{ "files": ["src/scope.d.ts"] }' }, "tsconfig.json"],
    ["only files", { "tsconfig.json": '{ "files": ["src/a.ts"] }' }, { fix: "tsconfig.json" }],
    ["another include", { "tsconfig.json": '{ "include": ["lib"] }' }, { fix: "tsconfig.json" }],
    ["excluded", { "tsconfig.json": '{ "exclude": ["**/*.d.ts"] }' }, { fix: "tsconfig.json" }],
    [
      "extends, relative to the base",
      { "tsconfig.json": '{ "extends": "./cfg/base" }', "cfg/base.json": '{ "include": ["../src"] }' },
      "tsconfig.json",
    ],
    [
      "extends a package, overridden by its own include",
      {
        "tsconfig.json": '{ "extends": ["@x/ts/base.json"], "include": ["lib"] }',
        "node_modules/@x/ts/base.json": '{ "include": ["src"] }',
      },
      { fix: "tsconfig.json" },
    ],
    [
      "extends a package by its name alone",
      {
        "tsconfig.json": '{ "extends": "@x/node20" }',
        "node_modules/@x/node20/package.json": "{}",
        "node_modules/@x/node20/tsconfig.json": '{ "compilerOptions": {} }',
      },
      "tsconfig.json",
    ],
    [
      "extends a package that exports its tsconfig",
      {
        "tsconfig.json": '{ "extends": "@x/ts/strict", "include": ["lib"] }',
        "node_modules/@x/ts/package.json": '{ "exports": { "./strict": "./configs/strict.json" } }',
        "node_modules/@x/ts/configs/strict.json": "{}",
      },
      { fix: "tsconfig.json" },
    ],
    [
      "a solution",
      { "tsconfig.json": solution, "tsconfig.app.json": '{ "include": ["src"] }' },
      "tsconfig.app.json",
    ],
    [
      "a solution that leaves it out",
      {
        "tsconfig.json": solution,
        "tsconfig.app.json": '{ "include": ["lib"] }',
        "node/tsconfig.json": '{ "include": ["x"] }',
      },
      { fix: "tsconfig.app.json" },
    ],
    [
      "a missing base",
      { "tsconfig.json": '{ "extends": "./.nuxt/tsconfig.json", "include": ["lib"] }' },
      { why: /extends .*\.nuxt/ },
    ],
    [
      "a missing base, with its own include",
      { "tsconfig.json": '{ "extends": "astro/tsconfigs/strict", "include": ["**/*"] }' },
      "tsconfig.json",
    ],
    ["not JSON", { "tsconfig.json": "{" }, { why: /can't be read/ }],
    [
      "a circle",
      { "tsconfig.json": '{ "extends": "./tsconfig.json", "include": ["lib"] }' },
      { why: /extends/ },
    ],
  ])("%s", async (_, files, expected) => {
    const root = await projectFolder(files);
    const [found, ...others] = await inclusions(join(root, "tsconfig.json"), join(root, "src/scope.d.ts"));
    expect(others).toEqual([]);
    if (typeof expected === "string") {
      expect(found).toEqual({ config: join(root, expected), isIncluded: true });
    } else if ("fix" in expected) {
      expect(found).toEqual({ config: join(root, expected.fix), isIncluded: false });
    } else expect(found).toMatchObject({ isIncluded: false, why: expect.stringMatching(expected.why) });
  });
});

// Issue 26: electron-vite's starter has one tsconfig for the main process and one for the page.
describe("every tsconfig that sees an import includes the types", () => {
  const FILES = {
    "tsconfig.json":
      '{ "files": [], "references": [{ "path": "./tsconfig.node.json" }, { "path": "./tsconfig.web.json" }] }',
    "tsconfig.node.json": '{ "include": ["electron.vite.config.*", "src/main/**/*"] }',
    "tsconfig.web.json": '{ "include": ["src/renderer/**/*", "src/scope-types"] }',
  };
  it.each<[string, string[], Record<string, boolean>]>([
    ["the main process", ["src/main/a.ts"], { "tsconfig.node.json": false }],
    ["the page", ["src/renderer/a.ts"], { "tsconfig.web.json": true }],
    ["a component of the page", ["src/renderer/App.vue"], { "tsconfig.web.json": true }],
    [
      "both",
      ["src/renderer/a.ts", "src/main/a.ts"],
      { "tsconfig.node.json": false, "tsconfig.web.json": true },
    ],
    ["no file yet", [], { "tsconfig.web.json": true }],
    ["a file that no tsconfig sees", ["scripts/a.ts"], { "tsconfig.web.json": true }],
  ])("imported by %s", async (_, users, expected) => {
    const root = await projectFolder(FILES);
    const at = (path: string) => join(root, path);
    const found = await inclusions(at("tsconfig.json"), at("src/scope-types/a.d.ts"), users.map(at));
    expect(found).toEqual(
      Object.entries(expected).map(([path, isIncluded]) => ({ config: at(path), isIncluded })),
    );
  });
});

describe("what a project is built with", () => {
  const packageJson = (...names: string[]) =>
    JSON.stringify({ devDependencies: Object.fromEntries(names.map((name) => [name, "*"])) });
  it.each([
    ["Vite", { "vite.config.ts": "" }, ["Vite vite.config.ts"]],
    ["Vite without a config", { "package.json": packageJson("vite", "esbuild") }, ["Vite -"]],
    [
      "separate Vite and Vitest configs",
      { "vite.config.mts": "", "vitest.config.ts": "" },
      ["Vite vite.config.mts", "Vitest vitest.config.ts"],
    ],
    [
      "SvelteKit",
      { "vite.config.js": "", "package.json": packageJson("@sveltejs/kit", "vite") },
      ["SvelteKit vite.config.js"],
    ],
    ["Nuxt", { "nuxt.config.ts": "", "package.json": packageJson("nuxt", "vite") }, ["Nuxt nuxt.config.ts"]],
    ["Astro", { "astro.config.mjs": "", "package.json": packageJson("astro") }, ["Astro astro.config.mjs"]],
    [
      "Next",
      { "next.config.mjs": "", "package.json": packageJson("next", "webpack") },
      ["Next next.config.mjs"],
    ],
    ["webpack", { "webpack.config.cjs": "" }, ["webpack webpack.config.cjs"]],
    ["Rspack", { "rspack.config.ts": "" }, ["Rspack rspack.config.ts"]],
    ["Rollup", { "rollup.config.js": "" }, ["Rollup rollup.config.js"]],
    [
      "esbuild by its build script",
      { "build.mjs": 'import * as esbuild from "esbuild"' },
      ["esbuild build.mjs"],
    ],
    ["a build script for something else", { "build.mjs": "zip()" }, []],
    [
      "a Vite build script, with esbuild installed",
      { "build.mjs": 'import { build } from "vite"; // not esbuild', "package.json": packageJson("esbuild") },
      ["esbuild -"],
    ],
    [
      "esbuild and Vite, each with its own",
      { "vite.config.ts": "", "esbuild.config.js": "esbuild" },
      ["Vite vite.config.ts", "esbuild esbuild.config.js"],
    ],
    ["plain Node", { "package.json": packageJson("express") }, []],
    [
      "React Router",
      { "vite.config.ts": "", "package.json": packageJson("@react-router/dev", "vite", "wrangler") },
      ["React Router vite.config.ts"],
    ],
    [
      "TanStack Start, with tests",
      { "vite.config.ts": "", "package.json": packageJson("@tanstack/react-start", "vite", "vitest") },
      ["TanStack Start vite.config.ts"],
    ],
    [
      "Rsbuild",
      { "rsbuild.config.ts": "", "package.json": packageJson("@rsbuild/core", "@rspack/core") },
      ["Rsbuild rsbuild.config.ts"],
    ],
    [
      "Rslib, which has Rsbuild in it",
      { "rslib.config.ts": "", "package.json": packageJson("@rslib/core", "@rsbuild/core") },
      ["Rslib rslib.config.ts"],
    ],
    ["tsup without a config", { "package.json": packageJson("tsup", "esbuild") }, ["tsup -"]],
    [
      "tsdown",
      { "tsdown.config.ts": "", "package.json": packageJson("tsdown") },
      ["tsdown tsdown.config.ts"],
    ],
    [
      "unbuild",
      { "build.config.ts": "", "package.json": packageJson("unbuild") },
      ["unbuild build.config.ts"],
    ],
    ["another tool's build.config", { "build.config.ts": "" }, []],
    ["Vitest without any config", { "package.json": packageJson("vitest") }, ["Vitest -"]],
    [
      "Vitest with Vite's config",
      { "vite.config.ts": "", "package.json": packageJson("vitest", "vite") },
      ["Vite vite.config.ts"],
    ],
    [
      "Vitest with its own, and Vite just for it",
      { "vitest.config.ts": "", "package.json": packageJson("vitest", "vite") },
      ["Vitest vitest.config.ts"],
    ],
    [
      "Next with Vitest",
      { "next.config.ts": "", "package.json": packageJson("next", "vitest", "vite") },
      ["Next next.config.ts", "Vitest -"],
    ],
    [
      "Storybook with Vite's config",
      { "vite.config.ts": "", "package.json": packageJson("@storybook/react-vite", "vite") },
      ["Vite vite.config.ts"],
    ],
    ["Storybook alone", { "package.json": packageJson("@storybook/react-vite") }, ["Storybook -"]],
    [
      "Jest next to webpack",
      { "webpack.config.js": "", "jest.config.js": "", "package.json": packageJson("jest", "webpack") },
      ["webpack webpack.config.js", "Jest jest.config.js"],
    ],
    ["Deno", { "deno.json": "" }, ["Deno deno.json"]],
    [
      "Wrangler alone",
      { "wrangler.jsonc": "", "package.json": packageJson("wrangler") },
      ["Wrangler wrangler.jsonc"],
    ],
    [
      "Wrangler with Vite",
      { "wrangler.jsonc": "", "vite.config.ts": "", "package.json": packageJson("wrangler", "vite") },
      ["Vite vite.config.ts"],
    ],
  ])("%s", async (_, files, expected) => {
    const root = await projectFolder(files);
    const { tools } = await detectTools(root);
    expect(tools.map(({ name, file }) => `${name} ${file?.slice(root.length + 1) ?? "-"}`)).toEqual(expected);
  });

  it.each<[string, boolean, string, Record<string, string>]>([
    [
      "imported and called",
      true,
      `import a from "unplugin-scope/vite"; export default { plugins: [a()] }`,
      {},
    ],
    ["by name, in braces", true, `import { default as a } from "unplugin-scope/vite"; a({})`, {}],
    ["as a module", true, `import * as a from "unplugin-scope/vite"; a.default()`, {}],
    ["required", true, `const a = require("unplugin-scope/vite"); f(a())`, {}],
    ["required inline", true, `f(require("unplugin-scope/vite")())`, {}],
    ["imported inline", true, `f((await import("unplugin-scope/vite")).default())`, {}],
    ["from the raw instance", true, `import { unplugin } from "unplugin-scope"; unplugin.vite()`, {}],
    ["in a comment", false, `// import scope from "unplugin-scope/vite"; scope()\nexport default {}`, {}],
    ["from another entry", false, `import a from "unplugin-scope/rollup"; a()`, {}],
    ["never called", false, `import a from "unplugin-scope/vite"; export default { plugins: [] }`, {}],
    [
      "from a file next to it",
      true,
      `import { shared } from "./build/shared.js"; export default { plugins: shared() }`,
      { "build/shared.ts": `import a from "unplugin-scope/vite"; export const shared = () => [a()]` },
    ],
    ["from a file without it", false, `import "./shared"`, { "shared.mjs": `import "./vite.config"` }],
  ])("the plugin %s: %s", async (_, expected, code, files) => {
    const root = await projectFolder({ ...files, "vite.config.ts": code });
    expect((await detectTools(root)).tools.map(({ hasPlugin }) => hasPlugin)).toEqual([expected]);
  });

  const RETURNS_PLUGINS = `import a from "unplugin-scope/vite"; export default (o) => ({ plugins: [a()], ...o })`;
  const acme = (more: object = {}) =>
    JSON.stringify({ name: "@acme/vite-config", type: "module", exports: "./index.js", ...more });
  const workspace = (code: string, more?: object) => ({
    "packages/vite-config/package.json": acme(more),
    "packages/vite-config/index.js": code,
  });
  it.each<[string, boolean, string, string, Record<string, string>]>([
    [
      "calls",
      true,
      "Vite",
      `import c from "@acme/vite-config"; export default c({})`,
      workspace(RETURNS_PLUGINS),
    ],
    ["re-exports", true, "Vite", `export { default } from "@acme/vite-config"`, workspace(RETURNS_PLUGINS)],
    [
      "calls in its own file",
      true,
      "Vite",
      `import { make } from "@acme/vite-config"; export default make()`,
      { ...workspace(`export * from "./make.js"`), "packages/vite-config/make.ts": RETURNS_PLUGINS },
    ],
    [
      "calls, for one condition",
      true,
      "Vite",
      `import { make } from "@acme/vite-config/vite"; export default make()`,
      workspace(RETURNS_PLUGINS, { exports: { "./*": { types: "./x.d.ts", import: "./index.js" } } }),
    ],
    [
      "does not call",
      false,
      "Vite",
      `import c from "@acme/vite-config"; export default c({})`,
      workspace("export default (o) => ({ plugins: [react()], ...o })"),
    ],
  ])("the plugin that a package of the workspace %s: %s", async (_, expected, name, code, files) => {
    const root = await projectFolder({ ...files, "app/vite.config.ts": code });
    await mkdir(join(root, "node_modules/@acme"), { recursive: true });
    await symlink(join(root, "packages/vite-config"), join(root, "node_modules/@acme/vite-config"), "dir");
    const { tools } = await detectTools(join(root, "app"));
    expect(tools.map((tool) => [tool.name, tool.hasPlugin, tool.doubt])).toEqual([
      [name, expected, undefined],
    ]);
  });

  const installed = (more?: object) => ({
    "node_modules/@acme/vite-config/package.json": acme(more),
    "node_modules/@acme/vite-config/index.js": "export default (o) => o",
  });
  const needs = { dependencies: { "unplugin-scope": "*" } };
  const fromAcme = `vite.config.ts takes settings from "@acme/vite-config".`;
  const IMPORTED = `import c from "@acme/vite-config";`;
  it.each<[string, string | undefined, string, Record<string, string>]>([
    ["a package creates the config", fromAcme, `${IMPORTED} export default c({})`, installed()],
    ["a package that isn't installed creates it", fromAcme, `${IMPORTED} export default c({})`, {}],
    ["a package is the config", fromAcme, `export { default } from "@acme/vite-config"`, installed()],
    ["it is required", fromAcme, `module.exports = require("@acme/vite-config")`, installed()],
    ["it's called by a variable", fromAcme, `${IMPORTED}\nconst x = c();\nexport default x;`, installed()],
    ["a package is spread into it", fromAcme, `${IMPORTED} export default { ...c }`, installed()],
    ["a package has all plugins", fromAcme, `${IMPORTED} export default { plugins: c() }`, installed()],
    ["a package has one plugin", undefined, `${IMPORTED} export default { plugins: [c()] }`, installed()],
    [
      "a package has another setting",
      undefined,
      `${IMPORTED}\nc();\nexport default { base: c() }`,
      installed(),
    ],
    [
      "a tool's own function",
      undefined,
      `import { mergeConfig as m } from "vite"; export default m({}, {})`,
      {},
    ],
    [
      "a file for another setting",
      undefined,
      `import { port } from "./port"; export default { server: { port } }`,
      { "port.ts": `import getPort from "get-port"; export const port = await getPort()` },
    ],
    [
      "a file that creates the config with a package",
      fromAcme,
      `import make from "./make"; export default make()`,
      { "make.ts": `${IMPORTED} export default () => c({})` },
    ],
    ["it's imported but not used", undefined, `import a from "unplugin-scope/vite"; export default {}`, {}],
    [
      "a plugin accepts projects of another kind",
      undefined,
      `import t from "tsp"; export default { plugins: [t({ projects: ["./tsconfig.json"], extends: "./x" })] }`,
      {},
    ],
  ])("whether it has the plugin is known or not: %s: %s", async (_, doubt, code, files) => {
    const root = await projectFolder({ ...files, "vite.config.ts": code });
    const { tools } = await detectTools(root);
    expect(tools.map((tool) => [tool.hasPlugin, tool.doubt])).toEqual([[false, doubt]]);
  });

  it.each([
    [{}, `${IMPORTED} export default c({})`],
    [needs, `${IMPORTED} export default { plugins: [c()] }`],
  ])("the plugin that an installed package calls: %j", async (more, code) => {
    const root = await projectFolder({
      ...installed(more),
      "node_modules/@acme/vite-config/index.js": RETURNS_PLUGINS,
      "vite.config.ts": code,
    });
    expect((await detectTools(root)).tools.map(({ hasPlugin }) => hasPlugin)).toEqual([true]);
  });

  it.each<[string, boolean, string, string | undefined, Record<string, string>]>([
    [
      "from Vite's config",
      true,
      `export default defineConfig({ test: { projects: [{ extends: "./vite.config.ts", test: {} }] } })`,
      undefined,
      {},
    ],
    [
      "from a list, returned by a function",
      true,
      `export default { test: { projects: [defineProject({ "extends": './vite.config.js' })] } }`,
      undefined,
      {},
    ],
    [
      "with its own config",
      true,
      `export default { test: { projects: ["./vite.config.ts"] } }`,
      undefined,
      {},
    ],
    [
      "that extends another file",
      false,
      `export default { test: { projects: [{ extends: "./base.ts" }] } }`,
      undefined,
      { "base.ts": "export default {}" },
    ],
  ])("a Vitest project %s: %s", async (_, expected, code, doubt, files) => {
    const root = await projectFolder({
      ...files,
      "vite.config.ts": `import a from "unplugin-scope/vite"; export default { plugins: [a()] }`,
      "vitest.config.ts": code,
    });
    const { tools } = await detectTools(root);
    expect(tools.map((tool) => [tool.name, tool.hasPlugin, tool.doubt])).toEqual([
      ["Vite", true, undefined],
      ["Vitest", expected, doubt],
    ]);
  });

  it("the plugin in a Nuxt layer", async () => {
    const root = await projectFolder({
      "nuxt.config.ts": `export default defineNuxtConfig({ extends: ["./base"] })`,
      "base/nuxt.config.ts": `export default defineNuxtConfig({ modules: ["@nuxt/ui", ["unplugin-scope/nuxt", {}]] })`,
    });
    expect((await detectTools(root)).tools.map(({ hasPlugin }) => hasPlugin)).toEqual([true]);
  });

  it.each([true, false])("a Vitest config based on Vite's has the same plugins: %s", async (has) => {
    const root = await projectFolder({
      "vite.config.ts": has ? `import a from "unplugin-scope/vite"; a()` : "export default {}",
      "vitest.config.ts": `import viteConfig from "./vite.config"; export default mergeConfig(viteConfig, defineConfig({}))`,
    });
    const link = join(await projectFolder({}), "link");
    await symlink(root, link, "dir");
    for (const folder of [root, link]) {
      const { tools } = await detectTools(folder);
      expect(tools.map(({ name, hasPlugin, follows }) => [name, hasPlugin, follows])).toEqual([
        ["Vite", has, undefined],
        ["Vitest", has, "Vite"],
      ]);
    }
  });

  it("the plugin in withScope", async () => {
    const code = `import { withScope as w } from "unplugin-scope/next"; export default w({})`;
    const root = await projectFolder({ "next.config.ts": code });
    expect((await detectTools(root)).tools[0]?.hasPlugin).toBe(true);
    const folded = `import { withScope } from "unplugin-scope/next"; const all = [withScope]; export default all.reduce((c, f) => f(c), {})`;
    await writeFile(join(root, "next.config.ts"), folded);
    expect((await detectTools(root)).tools[0]?.hasPlugin).toBe(true);
    await writeFile(join(root, "next.config.ts"), `import { withScope } from "unplugin-scope/next"`);
    expect((await detectTools(root)).tools[0]?.hasPlugin).toBe(false);
  });
});

it.each([
  ["20.19.0", "^20.19.0 || >=22.12.0", true],
  ["20.18.9", "^20.19.0 || >=22.12.0", false],
  ["21.7.0", "^20.19.0 || >=22.12.0", false],
  ["22.11.0", "^20.19.0 || >=22.12.0", false],
  ["24.0.0", "^20.19.0 || >=22.12.0", true],
  ["8.0.0-beta.1", "^8.0.0", true],
  ["6.0.3", ">=5.6.0", true],
])("%s in %s: %s", (version, range, expected) => {
  expect(inRange(version, range)).toBe(expected);
});
