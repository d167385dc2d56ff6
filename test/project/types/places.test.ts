// The generated types are in one place of a project: a second one would hide what a call of the first must not do.
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Platform, startPlatform } from "../../../src/platform/index.ts";
import { cli } from "../../commands/cli-helpers.ts";
import { makeApp, temporaryFolder, writeTree } from "../../support/app.ts";

let dir: string;
let platform: Platform;
let root: string;
beforeEach(async () => {
  dir = await temporaryFolder();
  await writeTree(dir, { "hi/1.md": "Hi {{who}}." });
  platform = await startPlatform({ dir });
  root = await makeApp({
    "main.ts": 'import hi from "scope:hi";\nconsole.log(hi({ who: "you" }));\n',
    "tsconfig.json": '{ "compilerOptions": { "strict": true, "types": [] } }',
  });
  expect(await cli(["pull"], { cwd: root, env: platform.env })).toMatchObject({ code: 0 });
});
afterEach(() => platform.close());

const scopeGen = (...words: string[]) => cli(words, { cwd: root, env: platform.env });

it("stay where they are when a src comes later, and a check still finds what breaks", async () => {
  expect(await scopeGen("emit", "--out-dir", "src/prompts")).toMatchObject({ code: 0 });
  await writeTree(dir, { "hi/2.md": "Hi {{who}}, {{day}}." });
  const checked = await scopeGen("check");
  expect(checked.code).toBe(3);
  expect(checked.stdout).toContain("main.ts:2");
  expect(await scopeGen("pull")).toMatchObject({ code: 0 });
  expect((await scopeGen("types")).stdout).toContain("scope-types");
  expect((await scopeGen("types")).stdout).not.toContain("src/scope-types");
});

it("are refused in two places of a project, with both named, except in a project inside it", async () => {
  await writeTree(root, { "src/a.ts": "" });
  await rename(join(root, "scope-types"), join(root, "old-types"));
  await scopeGen("pull");
  for (const command of ["check", "types", "doctor"]) {
    const ran = await scopeGen(command);
    expect(ran.code, command).toBe(1);
    const said = ran.stdout + ran.stderr;
    if (command !== "doctor") expect(said).toContain("types_twice");
    expect(said).toContain("old-types");
    expect(said).toContain(join("src", "scope-types", "hi.d.ts"));
  }
  // A backup or a git worktree, say: no program has both.
  await writeTree(root, { "tsconfig.json": '{ "exclude": ["old-types"] }' });
  expect(await scopeGen("types")).toMatchObject({ code: 0 });
  await writeTree(root, { "tsconfig.json": "{}" });
  await rm(join(root, "src", "scope-types"), { recursive: true });
  await writeTree(root, { "packages/a/scope.config.json": "{}" });
  await rename(join(root, "old-types"), join(root, "packages", "a", "scope-types"));
  await scopeGen("pull");
  expect(await scopeGen("types")).toMatchObject({ code: 0 });
  // Somebody's own declaration isn't ours to refuse.
  await writeFile(join(root, "own.d.ts"), 'declare module "scope:hi" {\n  export const x: 1;\n}\n');
  expect(await scopeGen("types")).toMatchObject({ code: 0 });
});

it("can be the config's own folder", async () => {
  await rm(join(root, "scope-types"), { recursive: true });
  await writeTree(root, { "scope.config.json": '{ "dts": "." }' });
  for (const command of ["pull", "types", "check"])
    expect(await scopeGen(command), command).toMatchObject({ code: 0 });
});
