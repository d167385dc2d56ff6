import { join } from "node:path";
import { expect, it } from "vitest";
import { writeTree } from "../support/app.ts";
import { node, ROOT } from "../support/run.ts";
import { pulledProject } from "./cli-helpers.ts";

/** Preloaded: says at the end of a command which packages it required. */
const REPORT = `
import { createRequire } from "node:module";
const { cache } = createRequire(import.meta.url);
const packageOf = (file) => /.*node_modules[\\\\/]((?:@[^\\\\/]+[\\\\/])?[^\\\\/]+)/.exec(file)?.[1];
process.on("exit", () => process.stderr.write("\\n" + JSON.stringify(Object.keys(cache).map(packageOf))));
`;

async function pulled() {
  const { root, env, prompt } = await pulledProject(
    {
      "scope.config.json": "{}",
      "src/a.ts": `import a from "scope:a";\na({ x: 1 });\n`,
      "tsconfig.json": '{ "include": ["src"] }',
      "report.mjs": REPORT,
    },
    { "a/1.md": "{{x}}" },
  );
  const packages = async (...argv: string[]): Promise<ReadonlySet<string>> => {
    const args = ["--import", join(root, "report.mjs"), join(ROOT, "bin", "scope-gen.js"), ...argv];
    const { stderr } = await node(args, { cwd: root, env });
    return new Set(JSON.parse(stderr.split("\n").at(-1)!));
  };
  const loads = async (...argv: string[]) => (await packages(...argv)).has("ts-morph");
  return { root, prompt, packages, loads };
}

it("the type checker is loaded by check if types differ, and by no command that compares no calls", async () => {
  const { root, prompt, loads } = await pulled();
  for (const argv of [["pull"], ["list"], ["diff"], ["render", "a", "--var", "x=1"]]) {
    expect([argv, await loads(...argv)]).toEqual([argv, false]);
  }
  expect(await loads("check", "--fetch", "never")).toBe(false);
  await writeTree(root, { "src/b.ts": "export {};" });
  await prompt("a/2.md", "another {{x}}");
  expect(await loads("check")).toBe(false);
  await prompt("a/3.md", "{{x}} {{y}}");
  expect(await loads("check")).toBe(true);
});

it("a check that finds nothing changed loads what reads flags and config, lists files and sends requests", async () => {
  const { packages } = await pulled();
  expect([...(await packages("check"))].sort()).toEqual([
    "commander",
    "cosmiconfig",
    "env-paths",
    "picocolors",
    "picomatch",
    "undici",
  ]);
});

it("the type checker is loaded by a pull that changes a contract, and by no other", async () => {
  const { prompt, loads } = await pulled();
  await prompt("a/2.md", "another {{x}}");
  expect(await loads("pull")).toBe(false);
  await prompt("a/3.md", "{{x}} {{y}}");
  expect(await loads("pull")).toBe(true);
  expect(await loads("pull")).toBe(false);
});
