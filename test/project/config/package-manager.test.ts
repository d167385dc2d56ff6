import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  asProjectRuns,
  detectPackageManager,
  installCommand,
} from "../../../src/project/config/package-manager.ts";
import { projectFolder } from "./project-folder.ts";

describe("the package manager of a project", () => {
  it.each([
    ["no lock file", {}, "npm"],
    ["package-lock.json", { "package-lock.json": "" }, "npm"],
    ["pnpm-lock.yaml", { "pnpm-lock.yaml": "" }, "pnpm"],
    ["yarn.lock", { "yarn.lock": "" }, "yarn"],
    ["bun.lock", { "bun.lock": "" }, "bun"],
    ["bun.lockb", { "bun.lockb": "" }, "bun"],
    [
      "packageManager next to another one's lock file",
      { "package-lock.json": "", "package.json": '{ "packageManager": "pnpm@9.1.0" }' },
      "pnpm",
    ],
    ["an invalid package.json", { "yarn.lock": "", "package.json": "{ no" }, "yarn"],
    ["a package.json that is null", { "yarn.lock": "", "package.json": "null" }, "yarn"],
    ["an unknown package manager", { "package.json": '{ "packageManager": "vlt@1" }' }, "npm"],
    [
      "the root of the workspace, by its lock file",
      { "packages/app/package.json": "{}", "pnpm-lock.yaml": "" },
      "pnpm",
    ],
    [
      "the root of the workspace, by packageManager",
      { "packages/app/package.json": "{}", "package.json": '{ "packageManager": "yarn@4.5.0" }' },
      "yarn",
    ],
    [
      "a separate project inside another",
      { "packages/app/bun.lock": "", "packages/app/package.json": "{}", "pnpm-lock.yaml": "" },
      "bun",
    ],
    [
      "a repository inside another project's folder",
      { "packages/app/.git/HEAD": "", "packages/app/package.json": "{}", "pnpm-lock.yaml": "" },
      "npm",
    ],
  ])("%s", async (_, files, expected) => {
    const root = await projectFolder(files);
    const folder = "packages/app/package.json" in files ? join(root, "packages", "app") : root;
    expect(detectPackageManager(folder)).toBe(expected);
  });

  it.each([
    ["npm", "npm install --save-dev unplugin-scope"],
    ["pnpm", "pnpm add -D unplugin-scope"],
    ["yarn", "yarn add -D unplugin-scope"],
    ["bun", "bun add -d unplugin-scope"],
  ] as const)("%s installs with: %s", (packageManager, expected) => {
    expect(installCommand(packageManager)).toBe(expected);
    const atRoot = packageManager === "pnpm" ? "pnpm add -D -w unplugin-scope" : expected;
    expect(installCommand(packageManager, true)).toBe(atRoot);
  });
});

describe("commands in a message", () => {
  it.each([
    ["Run: scope-gen pull", "Run: pnpm scope-gen pull"],
    ["Run scope-gen init again.", "Run pnpm scope-gen init again."],
    ["a scope-gen of version 1", "a scope-gen of version 1"],
    ["Read-only; scope-gen check compares.", "Read-only; pnpm scope-gen check compares."],
    ["For example: scope-gen --cwd packages/a", "For example: pnpm scope-gen --cwd packages/a"],
    ["one\n  scope-gen emit --out-dir a", "one\n  pnpm scope-gen emit --out-dir a"],
    ["Run: scope-gen pull. Or: scope-gen list", "Run: pnpm scope-gen pull. Or: pnpm scope-gen list"],
    ["Run: npx scope-gen pull", "Run: npx scope-gen pull"],
    ['note: "scope-gen pull" → "scope-gen: pull"', 'note: "scope-gen pull" → "scope-gen: pull"'],
    ["The files of scope-gen emit are stale.", "The files of scope-gen emit are stale."],
    ["    2 | Run: scope-gen pull\n      |      ^^^", "    2 | Run: scope-gen pull\n      |      ^^^"],
    ["  > 2 | Run: scope-gen pull", "  > 2 | Run: scope-gen pull"],
  ])("%j: %j", async (text, expected) => {
    const root = await projectFolder({ "pnpm-lock.yaml": "" });
    expect(asProjectRuns(text, root)).toBe(expected);
    expect(asProjectRuns(expected, root)).toBe(expected);
  });

  // Issue 26: such a root has no program with that name.
  it.each([
    ["pnpm", { "pnpm-workspace.yaml": "" }, "pnpm --filter @acme/web exec scope-gen pull"],
    ["yarn", {}, "yarn workspace @acme/web scope-gen pull"],
    ["npm", {}, "npx scope-gen pull"],
  ])("at a workspace's root without the package, by %s", async (packageManager, files, expected) => {
    const own = { packageManager: `${packageManager}@9.0.0`, workspaces: ["apps/*"] };
    const root = await projectFolder({
      "package.json": JSON.stringify(own),
      "apps/api/package.json": '{ "name": "api" }',
      "apps/web/package.json": '{ "name": "@acme/web", "devDependencies": { "unplugin-scope": "*" } }',
      "apps/web/node_modules/a/package.json": "{ no",
      ...files,
    });
    expect(asProjectRuns("Then: scope-gen pull", root)).toBe(`Then: ${expected}`);
    const within = asProjectRuns("Then: scope-gen pull", join(root, "apps/web"));
    expect(within).toBe(`Then: ${packageManager === "npm" ? "npx" : packageManager} scope-gen pull`);
    await writeFile(
      join(root, "package.json"),
      JSON.stringify({ ...own, devDependencies: { "unplugin-scope": "*" } }),
    );
    expect(asProjectRuns("Then: scope-gen pull", root)).toBe(within);
  });
});
