import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { detectPackageManager, installCommand } from "../../../src/project/config/package-manager.ts";
import { projectFolder } from "./project-folder.ts";

describe("the package manager of a project", () => {
  // biome-ignore format: one row a line
  it.each([
    ["no lock file", {}, "npm"],
    ["package-lock.json", { "package-lock.json": "" }, "npm"],
    ["pnpm-lock.yaml", { "pnpm-lock.yaml": "" }, "pnpm"],
    ["yarn.lock", { "yarn.lock": "" }, "yarn"],
    ["bun.lock", { "bun.lock": "" }, "bun"],
    ["bun.lockb", { "bun.lockb": "" }, "bun"],
    ["packageManager next to another one's lock file", { "package-lock.json": "", "package.json": '{ "packageManager": "pnpm@9.1.0" }' }, "pnpm"],
    ["an invalid package.json", { "yarn.lock": "", "package.json": "{ no" }, "yarn"],
    ["a package.json that is null", { "yarn.lock": "", "package.json": "null" }, "yarn"],
    ["an unknown package manager", { "package.json": '{ "packageManager": "vlt@1" }' }, "npm"],
    ["the root of the workspace, by its lock file", { "packages/app/package.json": "{}", "pnpm-lock.yaml": "" }, "pnpm"],
    ["the root of the workspace, by packageManager", { "packages/app/package.json": "{}", "package.json": '{ "packageManager": "yarn@4.5.0" }' }, "yarn"],
    ["a separate project inside another", { "packages/app/bun.lock": "", "packages/app/package.json": "{}", "pnpm-lock.yaml": "" }, "bun"],
    ["a repository inside another project's folder", { "packages/app/.git/HEAD": "", "packages/app/package.json": "{}", "pnpm-lock.yaml": "" }, "npm"],
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
