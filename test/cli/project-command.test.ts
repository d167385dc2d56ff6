import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeApp, writeTree } from "../support/app.ts";
import { cli, testProject } from "./cli-helpers.ts";

const MAIN = { "src/main.ts": 'import hi from "scope:hi";\nhi();\n' };

/** What names each package manager, and how it runs an installed program. */
const MANAGERS: readonly [files: Record<string, string>, runs: string][] = [
  [{}, "npx scope-gen"],
  [{ "pnpm-lock.yaml": "" }, "pnpm scope-gen"],
  [{ "yarn.lock": "" }, "yarn scope-gen"],
  [{ "bun.lock": "" }, "bunx scope-gen"],
  [{ "package.json": '{ "packageManager": "pnpm@10.0.0" }' }, "pnpm scope-gen"],
];

describe.each(MANAGERS)("with %j a command names commands as %s", (files, runs) => {
  it("in the hint of an error, but not in its JSON", async () => {
    const cwd = await makeApp({ ...files, ...MAIN });
    const told = await cli(["pull"], { cwd });
    expect(told.stderr).toContain(`start a local platform: ${runs} serve --write-env .env.local`);
    const { stdout } = await cli(["pull", "--json"], { cwd });
    expect(JSON.parse(stdout).error.hint).toContain("start a local platform: scope-gen serve --write-env");
  });

  it("in the hint for a wrong flag, with --cwd in every spelling", async () => {
    const cwd = await makeApp({ "app/a.txt": "", ...Object.fromEntries(under("app", files)) });
    for (const words of [["--cwd", "app"], ["--cwd=app"]]) {
      const { stderr } = await cli([...words, "pull", "--prune=all"], { cwd });
      expect(stderr).toContain(`See: ${runs} pull --help`);
    }
  });

  it("in what check says about missing types, in doctor's fixes, and after init", async () => {
    const { root: cwd, env } = await withoutTypes(files);
    const never = { ...env, SCOPE_FETCH: "never" };
    const checked = await cli(["check"], { cwd, env: never });
    expect(checked.stdout).toContain(`To write them: ${runs} types\n`);
    const markdown = await cli(["check", "--markdown"], { cwd, env: never });
    expect(markdown.stdout).toContain(`Run \`${runs} types\`.`);
    const github = await cli(["check"], { cwd, env: { ...never, GITHUB_ACTIONS: "true" } });
    expect(github.stdout).toContain(`Run: ${runs} types\n`);
    expect((await cli(["doctor"], { cwd, env })).stdout).toContain(`→ Run: ${runs} types\n`);
    const { stdout } = await cli(["doctor", "--json"], { cwd, env });
    expect(stdout).toContain('"Run: scope-gen types"');
    expect((await cli(["init", "--yes"], { cwd, env })).stdout).toMatch(
      new RegExp(`\nThen: ${runs} types\n$`),
    );
  });
});

it("help uses the command's own name", async () => {
  const cwd = await makeApp({});
  const { stdout } = await cli(["pull", "--help"], { cwd });
  expect(stdout).toContain("Usage: scope-gen pull [options]");
  expect(stdout).toContain("\n  scope-gen pull --prune");
});

it("a hint still fits the terminal with the project's runner before it", async () => {
  const { root: cwd, env } = await withoutTypes({});
  // As long as a line of the terminal without what runs the command.
  const dts = `src/${"t".repeat(80 - LINE.length)}.d.ts`;
  const config = JSON.stringify({ dts });
  await writeTree(cwd, { "scope.config.json": config });
  const { stdout } = await cli(["check"], { cwd, env: { ...env, SCOPE_FETCH: "never" }, isTTY: true });
  expect(stdout).toContain(`The types are missing (${dts}). To write them: npx scope-gen\ntypes\n`);
});

const LINE = "The types are missing (src/.d.ts). To write them: scope-gen types";

/** A project with a committed prompt, and without its types. */
async function withoutTypes(files: Record<string, string>) {
  const project = await testProject({ ...files, ...MAIN }, { "hi/1.md": "Hi." });
  const pulled = await cli(["pull"], { cwd: project.root, env: project.env });
  expect(pulled, pulled.stderr).toMatchObject({ code: 0 });
  await rm(join(project.root, "src", "scope-types"), { recursive: true, force: true });
  await rm(join(project.root, "src", "scope.d.ts"), { force: true });
  return project;
}

function under(folder: string, files: Record<string, string>): [string, string][] {
  return Object.entries(files).map(([path, text]) => [join(folder, path), text]);
}
