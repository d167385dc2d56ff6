import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inRange } from "../../../src/commands/setup/examine.ts";
import { inclusions } from "../../../src/project/config/tsconfig.ts";
import { projectFolder } from "../../project/config/project-folder.ts";

describe("what a tsconfig includes", () => {
  const solution = '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./node" }] }';
  // biome-ignore format: one row a line
  it.each([
    ["no rule: everything", { "tsconfig.json": "{}" }, "tsconfig.json"],
    ["include", { "tsconfig.json": '{ "include": ["src"] }' }, "tsconfig.json"],
    ["comments, trailing commas and a byte order mark", { "tsconfig.json": '\uFEFF// a\n{ /* b */ "include": ["src", ], }\n' }, "tsconfig.json"],
    ["only files", { "tsconfig.json": '{ "files": ["src/a.ts"] }' }, { fix: "tsconfig.json" }],
    ["another include", { "tsconfig.json": '{ "include": ["lib"] }' }, { fix: "tsconfig.json" }],
    ["excluded", { "tsconfig.json": '{ "exclude": ["**/*.d.ts"] }' }, { fix: "tsconfig.json" }],
    ["extends, relative to the base", { "tsconfig.json": '{ "extends": "./cfg/base" }', "cfg/base.json": '{ "include": ["../src"] }' }, "tsconfig.json"],
    ["a solution", { "tsconfig.json": solution, "tsconfig.app.json": '{ "include": ["src"] }' }, "tsconfig.app.json"],
    [
      "a solution that leaves it out",
      {
        "tsconfig.json": solution,
        "tsconfig.app.json": '{ "include": ["lib"] }',
        "node/tsconfig.json": '{ "include": ["x"] }',
      },
      { fix: "tsconfig.app.json" },
    ],
    ["a missing base", { "tsconfig.json": '{ "extends": "./.nuxt/tsconfig.json", "include": ["lib"] }' }, { why: /extends .*\.nuxt/ }],
    ["a missing base, with its own include", { "tsconfig.json": '{ "extends": "astro/tsconfigs/strict", "include": ["**/*"] }' }, "tsconfig.json"],
    ["not JSON", { "tsconfig.json": "{" }, { why: /can't be read/ }],
    ["a circle", { "tsconfig.json": '{ "extends": "./tsconfig.json", "include": ["lib"] }' }, { why: /extends/ }],
  ])("%s", async (_, files, expected) => {
    const root = await projectFolder(files);
    const [found, ...others] = inclusions([root], { dts: join(root, "src/scope-types") });
    expect(others).toEqual([]);
    if (typeof expected === "string") {
      expect(found).toMatchObject({ config: join(root, expected), isIncluded: true });
    } else if ("fix" in expected) {
      expect(found).toMatchObject({ config: join(root, expected.fix), isIncluded: false, why: undefined });
    } else expect(found).toMatchObject({ isIncluded: false, why: expect.stringMatching(expected.why) });
  });
});

// Issue 26: electron-vite's starter has one tsconfig for the main process and one for the page.
describe("every tsconfig that sees an import includes the types", () => {
  const FILES = {
    "package.json": "{}",
    "tsconfig.json":
      '{ "files": [], "references": [{ "path": "./tsconfig.node.json" }, { "path": "./tsconfig.web.json" }] }',
    "tsconfig.node.json": '{ "include": ["electron.vite.config.*", "src/main/**/*"] }',
    "tsconfig.web.json": '{ "include": ["src/renderer/**/*", "src/scope-types"] }',
  };
  // biome-ignore format: one row a line
  it.each<[string, string[], Record<string, boolean>]>([
    ["the main process", ["src/main/a.ts"], { "tsconfig.node.json": false }],
    ["the page", ["src/renderer/a.ts"], { "tsconfig.web.json": true }],
    ["a component of the page", ["src/renderer/App.vue"], { "tsconfig.web.json": true }],
    ["both", ["src/main/a.ts", "src/renderer/a.ts"], { "tsconfig.node.json": false, "tsconfig.web.json": true }],
    ["no file yet", [], { "tsconfig.web.json": true }],
    ["a file that no tsconfig sees", ["scripts/a.ts"], { "tsconfig.web.json": true }],
  ])("imported by %s", async (_, users, expected) => {
    const root = await projectFolder(FILES);
    const at = (path: string) => join(root, path);
    const found = inclusions([root], { dts: at("src/scope-types") }, users.map(at));
    expect(found).toMatchObject(
      Object.entries(expected).map(([path, isIncluded]) => ({ config: at(path), isIncluded })),
    );
  });
});

// Issue 52: each application of a NestJS monorepo is built with its own `tsconfig.app.json`.
describe("the nearest tsconfig that sees an import, whatever its name", () => {
  it.each<[string, Record<string, string>, string[], Record<string, boolean>]>([
    [
      "an application's own",
      { "apps/x/tsconfig.app.json": '{ "extends": "../../tsconfig.json", "include": ["src/**/*"] }' },
      ["apps/x/src/a.ts", "lib/a.ts"],
      { "apps/x/tsconfig.app.json": false, "tsconfig.json": true },
    ],
    [
      "the next above, if it doesn't see it",
      { "apps/x/tsconfig.app.json": '{ "include": ["src"] }' },
      ["apps/x/test/a.ts"],
      { "tsconfig.json": true },
    ],
    [
      "tsconfig.json before others that see it too",
      { "tsconfig.build.json": '{ "include": ["lib"] }' },
      ["lib/a.ts"],
      { "tsconfig.json": true },
    ],
    [
      "a package's, once",
      { "apps/x/package.json": "{}", "apps/x/tsconfig.json": '{ "include": ["src"] }' },
      ["apps/x/src/a.ts"],
      { "apps/x/tsconfig.json": false },
    ],
  ])("%s", async (_, files, users, expected) => {
    const root = await projectFolder({ "package.json": "{}", "tsconfig.json": "{}", ...files });
    const at = (path: string) => join(root, path);
    const folders = [root, ...("apps/x/package.json" in files ? [at("apps/x")] : [])];
    const found = inclusions(folders, { dts: at("src/scope-types") }, users.map(at));
    expect(found.map(({ config, isIncluded }) => [config, isIncluded])).toEqual(
      Object.entries(expected).map(([path, isIncluded]) => [at(path), isIncluded]),
    );
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
