import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../support/app.ts";
import { run } from "../support/run.ts";
import { cli, pulledProject } from "./cli-helpers.ts";
import { commitAll, git } from "./git-repository.ts";

const pulled = () => pulledProject({ "src/a.ts": 'import a from "scope:a";\n' }, { "a/1.md": "A {{one}}" });

it("writes the same bytes wherever the project is", async () => {
  const { root } = await pulled();
  const copy = join(await temporaryFolder(), "further/down");
  for (const part of ["src", "scope", "package-lock.json"])
    await cp(join(root, part), join(copy, part), { recursive: true });
  await rm(join(copy, "src/scope-types"), { recursive: true });
  expect((await cli(["types"], { cwd: copy })).code).toBe(0);
  for (const name of await readdir(join(root, "src/scope-types")))
    expect(await readFile(join(copy, "src/scope-types", name), "utf8")).toBe(
      await readFile(join(root, "src/scope-types", name), "utf8"),
    );
});

it("merge conflict marks in the snapshot: the file is named with commands to paste that repair it", async () => {
  const { root, env, prompt } = await pulled();
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
