import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeApp, writeTree } from "../support/app.ts";
import { cli, testProject } from "./cli-helpers.ts";

const MAIN = { "src/main.ts": 'import hi from "scope:hi";\nhi();\n' };

describe("a command names commands as you run them", () => {
  it("in the hint of an error, but not in its JSON", async () => {
    const cwd = await makeApp(MAIN);
    const told = await cli(["pull"], { cwd });
    expect(told.stderr).toContain(`start a local platform: npx scope-gen serve --write-env .env.local`);
    const { stdout } = await cli(["pull", "--json"], { cwd });
    expect(JSON.parse(stdout).error.hint).toContain("start a local platform: scope-gen serve --write-env");
  });

  it("in what check says about missing types, in doctor's fixes, and after init", async () => {
    const { root: cwd, env } = await withoutTypes();
    const never = { ...env, SCOPE_FETCH: "never" };
    const checked = await cli(["check"], { cwd, env: never });
    expect(checked.stdout).toContain(`To write them: npx scope-gen types\n`);
    const markdown = await cli(["check", "--markdown"], { cwd, env: never });
    expect(markdown.stdout).toContain(`Run \`npx scope-gen types\`.`);
    const github = await cli(["check"], { cwd, env: { ...never, GITHUB_ACTIONS: "true" } });
    expect(github.stdout).toContain(`Run: npx scope-gen types\n`);
    expect((await cli(["doctor"], { cwd, env })).stdout).toContain(`→ Run: npx scope-gen types\n`);
    const { stdout } = await cli(["doctor", "--json"], { cwd, env });
    expect(stdout).toContain('"Run: scope-gen types"');
    expect((await cli(["init", "--yes"], { cwd, env })).stdout).toMatch(/\nThen: npx scope-gen types\n$/);
  });
});

it("help uses the command's own name", async () => {
  const cwd = await makeApp({});
  const { stdout } = await cli(["pull", "--help"], { cwd });
  expect(stdout).toContain("Usage: scope-gen pull [options]");
  expect(stdout).toContain("\n  scope-gen pull --prune");
});

it("a hint still fits the terminal with npx before it", async () => {
  const { root: cwd, env } = await withoutTypes();
  // As long as a line of the terminal without what runs the command.
  const dts = `src/${"t".repeat(80 - LINE.length)}.d.ts`;
  const config = JSON.stringify({ dts });
  await writeTree(cwd, { "scope.config.json": config });
  const { stdout } = await cli(["check"], { cwd, env: { ...env, SCOPE_FETCH: "never" }, isTTY: true });
  expect(stdout).toContain(`The types are missing (${dts}). To write them: npx scope-gen\ntypes\n`);
});

const LINE = "The types are missing (src/.d.ts). To write them: scope-gen types";

/** A project with a committed prompt, and without its types. */
async function withoutTypes() {
  const project = await testProject(MAIN, { "hi/1.md": "Hi." });
  const pulled = await cli(["pull"], { cwd: project.root, env: project.env });
  expect(pulled, pulled.stderr).toMatchObject({ code: 0 });
  await rm(join(project.root, "src", "scope-types"), { recursive: true, force: true });
  await rm(join(project.root, "src", "scope.d.ts"), { force: true });
  return project;
}
