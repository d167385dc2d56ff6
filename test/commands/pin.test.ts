import { readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeTree } from "../support/app.ts";
import { cli, type TestProject, testProject } from "./cli-helpers.ts";
import { commitAll } from "./git-repository.ts";

const PROMPTS = {
  "hi/1.md": "One {{name}}",
  "hi/prompt.json": JSON.stringify({ versions: { 1: { id: "version_one" }, 2: { id: "version_two" } } }),
  "bye/1.md": "Bye",
};
const APP = { "src/a.ts": `import hi from "scope:hi";\n` };

/** Version 1 and then version 2 of "hi" pulled and committed; version 3 is on the platform alone. */
async function twoPulls(): Promise<TestProject> {
  const project = await testProject({ ...APP, "scope.config.json": "{}\n" }, PROMPTS);
  const { root, env } = project;
  await commitAll(root, "Begin");
  for (const text of ["One {{name}}", "Two {{name}}", "Three {{name}}"]) {
    const number = ["One", "Two", "Three"].findIndex((word) => text.startsWith(word)) + 1;
    await project.prompt(`hi/${number}.md`, text);
    if (number === 3) break;
    const pulled = await cli(["pull"], { cwd: root, env });
    expect(pulled.code, pulled.stderr).toBe(0);
    await commitAll(root, `Take version ${number}`);
  }
  return project;
}

it("--previous of a prompt that was always pinned goes back from pin to pin", async () => {
  const pinned = (id: string) => JSON.stringify({ prompts: { hi: { version: id } } });
  const { root, env, prompt } = await testProject(
    { ...APP, "scope.config.json": pinned("version_one") },
    PROMPTS,
  );
  await prompt("hi/2.md", "Two {{name}}");
  for (const id of ["version_one", "version_two"]) {
    await writeTree(root, { "scope.config.json": pinned(id) });
    expect(await cli(["pull", "--prune"], { cwd: root, env })).toMatchObject({ code: 0 });
    await commitAll(root, id);
  }
  const { code, stdout } = await cli(["pin", "hi", "--previous", "--yes", "--json"], { cwd: root });
  expect([code, JSON.parse(stdout).pin]).toEqual([0, { version: "version_one" }]);
});

it("a config that is a link to somewhere outside is left alone, and the real path is named", async () => {
  const { root, prompts } = await twoPulls();
  const outside = join(await realpath(prompts), "outside.json");
  await writeFile(outside, "{}\n");
  await rm(join(root, "scope.config.json"));
  await symlink(outside, join(root, "scope.config.json"));
  for (const argv of [
    ["pin", "hi", "--yes"],
    ["pin", "hi", "--yes", "--previous"],
  ]) {
    const ran = await cli(argv, { cwd: root });
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("leads_outside")]);
    expect(ran.stderr).toContain(outside);
  }
  expect(await readFile(outside, "utf8")).toBe("{}\n");
  expect((await readdir(join(root, "scope"))).filter((name) => name.includes("version"))).toEqual([]);
});

it("every command names a pinned version by its number", async () => {
  const { root, env } = await twoPulls();
  const pinned = await cli(["pin", "hi", "--to", "1", "--yes"], { cwd: root, env });
  expect(pinned.stdout).not.toContain("version_one");
  for (const line of [
    "list",
    "list --tokens",
    "check",
    "check --format markdown",
    "check --format github",
    "pull",
    "diff hi",
    "lint",
    "doctor",
    "emit --out-dir out",
  ]) {
    const { stdout, stderr } = await cli(line.split(" "), { cwd: root, env });
    expect(stdout + stderr, line).not.toContain("version_one");
    if (line === "list") expect(stdout).toContain("hi@version 1: pinned to version 1; production is at 3");
  }
});
