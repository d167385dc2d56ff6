import { readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cli, pulledProject } from "./cli-helpers.ts";
import { commitAll } from "./git-repository.ts";

it("a config that is a link to somewhere outside is left alone, and the real path is named", async () => {
  const files = { "src/a.ts": 'import hi from "scope:hi";\n', "scope.config.json": "{}\n" };
  const { root, prompts, env, prompt } = await pulledProject(files, { "hi/1.md": "One" });
  await commitAll(root, "One");
  await prompt("hi/2.md", "Two");
  await cli(["pull"], { cwd: root, env });
  const outside = join(await realpath(prompts), "outside.json");
  await writeFile(outside, "{}\n");
  await rm(join(root, "scope.config.json"));
  await symlink(outside, join(root, "scope.config.json"));
  for (const argv of [
    ["pin", "hi", "--yes"],
    ["pin", "hi", "--yes", "--to", "2"],
  ]) {
    const ran = await cli(argv, { cwd: root });
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("leads_outside")]);
    expect(ran.stderr).toContain(outside);
  }
  expect(await readFile(outside, "utf8")).toBe("{}\n");
  expect((await readdir(join(root, "scope"))).filter((name) => name.includes("version"))).toEqual([]);
});
