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

it("pull lists the calls that the new version breaks, and check reports them until they're fixed", async () => {
  const { root, prompt, run } = await pulled();
  expect((await run("check", "--fetch", "never")).code).toBe(0);
  await prompt("greeting/2.md", "Hello {{name}} of {{place}}");
  await prompt("greeting/prompt.json", settings({ 2: { metadata: {} } }));

  const { code, stdout } = await run("pull");
  expect(code).toBe(0);
  expect(stdout).toContain("greeting@production breaks 3 places:\n");
  for (const place of ["src/Card.vue:3:23", "src/mail.js:2:40", "src/mail.js:3:31"])
    expect(stdout).toContain(`\n  ${place}\n`);
  expect(stdout).toContain("Property 'place' is missing");
  expect(stdout).toContain("Fix the calls, or roll back: npx scope-gen pin greeting --previous\n");

  // The snapshot is what the platform serves, and the calls do not give what it needs.
  for (const flags of [[], ["--fetch", "never"]]) {
    const check = await run("check", "--json", ...flags);
    expect(check.code).toBe(3);
    const { status, prompts } = JSON.parse(check.stdout);
    expect(status).toBe("breaking");
    expect(prompts[0]).toMatchObject({ change: "breaking", changes: [], from: 2 });
    expect(
      prompts[0].calls.map(({ file, line }: { file: string; line: number }) => `${file}:${line}`),
    ).toEqual(["src/Card.vue:3", "src/mail.js:2"]);
    expect((await run("check", ...flags)).stdout).toMatch(
      /greeting +production +2 +breaking +calls don't fit the committed version\n/,
    );
  }
  await writeTree(root, {
    "src/mail.js": APP["src/mail.js"]
      .replace("user.name", 'user.name, place: ""')
      .replace("metadata.model", '""'),
    "src/Card.vue": APP["src/Card.vue"].replace("extra", "place"),
  });
  expect((await run("check")).code).toBe(0);
});

it("pull --json lists the calls by prompt, and none if the pull changes no contract", async () => {
  const { prompt, run } = await pulled();
  await prompt("greeting/2.md", "Hi {{name}}, {{mood}}");
  await prompt("greeting/prompt.json", settings({ 2: { metadata: { model: "m-1" } } }));
  const { prompts } = JSON.parse((await run("pull", "--json")).stdout);
  expect(prompts[0].calls).toEqual([
    expect.objectContaining({ file: "src/Card.vue", line: 3 }),
    { file: "src/mail.js", line: 2, column: 40, message: expect.stringContaining("'mood' is missing") },
  ]);
  await prompt("greeting/3.md", "Ho {{name}}, {{mood}}");
  await prompt("greeting/prompt.json", settings({ 3: { metadata: { model: "m-2" } } }));
  const again = JSON.parse((await run("pull", "--json")).stdout);
  expect(again.prompts[0]).toMatchObject({
    change: "values",
    changes: [{ message: 'model: "m-1" → "m-2"' }, { message: "text" }],
    calls: [],
  });
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
