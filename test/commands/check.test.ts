import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openProject } from "../../src/project/project.ts";
import { findStaleTypes } from "../../src/project/types/types-file.ts";
import { buildApp } from "../support/app.ts";
import { tsc } from "../support/run.ts";
import { chat, startCallsApp } from "./calls-app.ts";
import { type CliRun, cli, pulledProject, type TestProject } from "./cli-helpers.ts";

const APP = {
  "src/mail.ts": `import greeting from "scope:greeting";\n\nexport const mail = greeting({ name: "Ada" });\n`,
  "src/other.ts": `import farewell from "scope:farewell";\nexport const text = farewell({ name: "Ada" });\n`,
  "tsconfig.json": `{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "lib": ["es2022"], "types": [] }, "include": ["src"] }`,
};
const PROMPTS = { "greeting/1.md": "Hello {{name}}", "farewell/1.md": "Bye {{name}}" };
const NEVER = ["--fetch", "never"];

async function pulled(
  files: Readonly<Record<string, string>> = APP,
  prompts: Readonly<Record<string, string>> = PROMPTS,
): Promise<TestProject & { check(...flags: string[]): Promise<CliRun> }> {
  const project = await pulledProject(files, prompts);
  return { ...project, check: (...flags) => project.run("check", ...flags) };
}

it.each([
  ["nothing changes", {}, "Hello {{name}}", 0, 0],
  ["the text", {}, "Hi {{name}}", 2, 0],
  ["a new variable", {}, "Hello {{name}}, {{day}}", 3, 1],
  // A build that ships what is committed goes on; what the code sends has to arrive all the same.
  ["a new variable, fetch never", { fetch: "never" }, "Hello {{name}}, {{day}}", 3, 0],
  ["a variable that is gone, fetch never in builds", { fetch: { build: "never" } }, "Hello", 3, 0],
  ["a new variable, warn", { onContractChange: "warn" }, "Hello {{name}}, {{day}}", 3, 0],
  ["a variable that is gone, keep", { onContractChange: "keep" }, "Hello", 3, 0],
  ["another use of a variable, keep", { onContractChange: "keep" }, "Hello {{#name}}{{.}}{{/name}}", 2, 0],
  ["a template that doesn't compile", {}, "Hello {{#name}}", 3, 1],
  ["an empty text", {}, " \u200b\n", 3, 1],
])(
  "exit 3 is where the next build stops or a variable is new or gone: %s",
  async (_, options, text, expected, build) => {
    const { check, prompt, root, env } = await pulled({
      ...APP,
      "scope.config.json": JSON.stringify({ syntax: "mustache", ...options }),
      "src/mail.ts": "",
      "src/other.ts": "",
      "src/a.ts": 'import greeting from "scope:greeting";\nconsole.log(typeof greeting);\n',
    });
    await prompt("greeting/2.md", text);
    expect((await check()).code).toBe(expected);
    // A variable of one step in CI doesn't say what builds do.
    const fromOutside = await cli(["check"], { cwd: root, env: { ...env, SCOPE_FETCH: "auto" } });
    expect(fromOutside.code).toBe(expected);
    const built = await buildApp("esbuild", root, env, "src/a.ts");
    expect(built.code, built.stderr).toBe(build);
  },
);

it("types in another layout are up to date, and neither pull nor build rewrites them", async () => {
  const { root, env, check } = await pulled();
  const file = join(root, "src/scope-types/greeting.d.ts");
  const types = await readFile(file, "utf8");
  // ESLint's --fix takes out what no rule needs.
  const formatted = types
    .replace("/* eslint-disable */", "")
    .replaceAll('"', "'")
    .replaceAll(/;$/gm, "")
    .replaceAll("\n  ", "\n\t")
    .replaceAll("\n", "\r\n");
  await writeFile(file, formatted);
  const run = await check("--json");
  expect([run.code, JSON.parse(run.stdout).status]).toEqual([0, "in-sync"]);
  expect((await cli(["pull"], { cwd: root, env })).code).toBe(0);
  expect(await readFile(file, "utf8")).toBe(formatted);
  const project = await openProject({ cwd: root, env, isTestRun: false });
  expect(await findStaleTypes(project.options, ["scope:greeting"])).toBeUndefined();
  await project.close();
  await writeFile(file, formatted.replace("name: string", "nam: string"));
  expect((await check(...NEVER)).code).toBe(2);
  await cli(["pull"], { cwd: root, env });
  expect(await readFile(file, "utf8")).toBe(types);
});

it("names the same calls as the compiler once the new versions are pulled", async () => {
  const app = await startCallsApp();
  onTestFinished(() => app.close());
  await app.addVersion("reply", "{{tone}} {{message}} {{length}}");
  await app.addVersion("support/triage", chat(["developer", "{{plan}}"], ["user", "{{ticket}}"]));
  const checked = await cli(["check", "--json"], { cwd: app.root, env: app.env });
  const calls = JSON.parse(checked.stdout).prompts.flatMap((one: { calls: readonly unknown[] }) => one.calls);
  expect((await cli(["pull"], { cwd: app.root, env: app.env })).code).toBe(0);
  const { stdout } = await tsc(["-p", ".", "--pretty", "false"], { cwd: app.root });
  const errors = [...stdout.matchAll(/^(\S+)\((\d+),(\d+)\): error/gm)].map(([, ...place]) =>
    place.join(":"),
  );
  const places = calls.map(({ file, line, column }: Record<string, unknown>) => `${file}:${line}:${column}`);
  expect(places.sort()).toEqual(errors.sort());
  expect(places.length).toBeGreaterThan(4);
});
