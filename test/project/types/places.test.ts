import { rm } from "node:fs/promises";
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

it("can be the config's own folder", async () => {
  await rm(join(root, "scope-types"), { recursive: true });
  await writeTree(root, { "scope.config.json": '{ "dts": "." }' });
  for (const command of ["pull", "types", "check"])
    expect(await scopeGen(command), command).toMatchObject({ code: 0 });
});
