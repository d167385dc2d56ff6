import { expect, it } from "vitest";
import { writeTree } from "../support/app.ts";
import { cli, testProject } from "./cli-helpers.ts";

/** An app in JavaScript: no compiler ever says that a call gives too little. */
const APP = {
  "scope.config.json": "{}",
  "src/mail.js": [
    'import greeting, { metadata } from "scope:greeting";',
    "export const mail = (user) => greeting({ name: user.name });",
    "export const model = metadata.model.toUpperCase();",
    "export const unknown = (values) => greeting(values);",
  ].join("\n"),
  "src/Card.vue":
    '<script setup>\nimport greeting from "scope:greeting";\nconst text = greeting({ name: "Ada", extra: 1 });\n</script>\n',
};

const settings = (versions: object) => JSON.stringify({ versions });

async function pulled(files: Readonly<Record<string, string>> = APP) {
  const project = await testProject(files, {
    "greeting/1.md": "Hello {{name}}",
    "greeting/prompt.json": settings({ 1: { metadata: { model: "m-1" } } }),
  });
  const run = (...argv: string[]) => cli(argv, { cwd: project.root, env: project.env });
  expect((await run("pull")).stdout).not.toContain("breaks");
  return { ...project, run };
}

it("the contract has the last word in code that no compiler checks: check and pull name the files", async () => {
  const { prompt, run } = await pulled();
  await prompt("greeting/2.md", "Hello {{name}} of {{place}}");
  await prompt("greeting/prompt.json", settings({ 2: { metadata: { model: "m-1" } } }));
  const files =
    /calls that no compiler checks: src\/Card\.vue, src\/mail\.js \(with checkJs in the tsconfig, JavaScript is checked\)/;
  const check = await run("check", "--json", "--fail-on", "breaking");
  expect(check.code).toBe(3);
  expect(JSON.parse(check.stdout).prompts[0]).toMatchObject({ change: "breaking", calls: [] });
  expect((await run("check")).stdout.replace(/\s+/g, " ")).toMatch(files);
  expect((await run("pull")).stdout.replace(/\s+/g, " ")).toMatch(files);
  expect((await run("check")).code).toBe(0);
});

it("a dropped variable breaks wherever tsc refuses the call", async () => {
  const { prompt, run } = await pulled({
    "scope.config.json": "{}",
    "tsconfig.json": '{ "include": ["src"] }',
    "src/a.ts": 'import greeting from "scope:greeting";\ngreeting({ name: "Ada" });\n',
  });
  await prompt("greeting/2.md", "Hello");
  await prompt("greeting/prompt.json", settings({ 2: { metadata: { model: "m-1" } } }));
  const { stdout } = await run("pull");
  expect(stdout).toMatch(/compatible +variable "name" is gone/);
  expect(stdout).toContain("greeting@production breaks 1 place:\n  src/a.ts:2:10\n");
});

it("a tsconfig that doesn't parse is a warning once everything is written", async () => {
  const { root, prompt, run } = await pulled();
  await writeTree(root, { "tsconfig.json": "{ broken" });
  await prompt("greeting/2.md", "Hello {{name}} of {{place}}");
  const { code, stdout, stderr } = await run("pull");
  expect(code).toBe(0);
  expect(stdout).toContain("1 prompt: 1 changed");
  expect(stderr).toContain("Couldn't find out which calls this breaks.");
});
