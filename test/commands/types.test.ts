import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../support/run.ts";
import { cli, pulledProject } from "./cli-helpers.ts";
import { commitAll, git } from "./git-repository.ts";

it("merge conflict marks in the snapshot: the file is named with commands to paste that repair it", async () => {
  const files = { "src/a.ts": 'import a from "scope:a";\n' };
  const { root, env, prompt } = await pulledProject(files, { "a/1.md": "A {{one}}" });
  const file = join(root, "scope/a@production.json");
  const commitVersion = async (text: string, number: number) => {
    await prompt(`a/${number}.md`, text);
    await cli(["pull"], { cwd: root, env });
    await commitAll(root, text);
  };
  await commitAll(root, "base");
  await git(root, "switch", "--quiet", "--create", "other");
  await commitVersion("A of the other {{one}}", 2);
  await git(root, "switch", "--quiet", "main");
  await commitVersion("A of this one {{one}}", 3);
  const sound = await readFile(file, "utf8");
  await git(root, "merge", "other").catch(() => "A conflict.");
  expect(await readFile(file, "utf8")).toContain("<<<<<<<");
  const check = await cli(["check", "--fetch", "never"], { cwd: root });
  expect([check.code, check.stderr]).toEqual([
    1,
    expect.stringMatching(/marks of a merge conflict[\s\S]*scope\/a@production\.json/),
  ]);
  const [keep = "", ...others] = check.stderr.match(/^ +git checkout.*$/gm) ?? [];
  expect([keep.trim(), others]).toEqual(['git checkout --theirs -- "scope/a@production.json"', []]);
  expect(await run("sh", ["-c", keep], { cwd: root })).toMatchObject({ code: 0 });
  expect((await cli(["types"], { cwd: root })).code).toBe(0);
  expect((await cli(["check", "--fetch", "never"], { cwd: root })).code).toBe(0);
  await writeFile(file, "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n");
  expect((await cli(["types"], { cwd: root })).stderr).toContain("  Run: npx scope-gen pull\n");
  expect((await cli(["pull"], { cwd: root, env })).code).toBe(0);
  expect(await readFile(file, "utf8")).toBe(sound);
});
