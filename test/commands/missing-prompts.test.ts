// What is said of a prompt that is neither committed nor on the platform: its nearest name, and what includes it.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeTree } from "../support/app.ts";
import { linkPackage, node } from "../support/run.ts";
import { cli, type TestProject, testProject } from "./cli-helpers.ts";

const APP = {
  "scope.config.json": '{ "prompts": { "letter": { "syntax": "mustache" } } }',
  "src/app.ts": 'import greeting from "scope:greeting";\n',
  "build.mjs": `import scope from "unplugin-scope/esbuild";
import { build } from "esbuild";
await build({ entryPoints: ["src/app.ts"], bundle: true, outfile: "out.js", platform: "node", plugins: [scope()], logLevel: "warning" });
`,
};
const PROMPTS = {
  "greeting/1.md": "Hello {{name}}",
  "letter/1.md": "Dear {{> footer}}",
  "footer/1.md": "Bye",
};

async function pulled(): Promise<TestProject> {
  const project = await testProject(APP, PROMPTS);
  await linkPackage(project.root);
  expect(await cli(["pull"], { cwd: project.root, env: project.env })).toMatchObject({ code: 0 });
  return project;
}

const said = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) =>
  `${stdout}${stderr}`.replace(/\s+/g, " ");

it("a misspelt import gets the nearest name, in each command and under each policy of a build", async () => {
  const { root, env } = await pulled();
  await writeTree(root, { "src/app.ts": 'import greeting from "scope:greting";\nconsole.log(greeting);\n' });
  for (const fetch of ["auto", "never"])
    for (const argv of [
      ["check"],
      ["list"],
      ["types"],
      ["emit", "--out-dir", "out"],
      ["render", "scope:greting"],
    ]) {
      const ran = await cli([...argv, "--fetch", fetch], { cwd: root, env });
      expect([argv, fetch, said(ran)]).toEqual([
        argv,
        fetch,
        expect.stringContaining('Did you mean "greeting"?'),
      ]);
    }
  for (const [policy, given] of [
    ["auto", env],
    ["always", env],
    ["never", env],
    ["auto", {}],
  ] as const) {
    const ran = await node(["build.mjs"], { cwd: root, env: { ...given, SCOPE_FETCH: policy } });
    expect([policy, ran.code, said(ran)]).toEqual([
      policy,
      1,
      expect.stringContaining('Did you mean "greeting"?'),
    ]);
  }
});

it("a prompt that another one includes is named, at the tag that includes it, and listed", async () => {
  const { root, env } = await pulled();
  const list = await cli(["list"], { cwd: root, env });
  expect(list.stdout).toMatch(/^footer +production +1 +- +included in letter$/m);
  await rm(join(root, "scope/footer@production.json"));
  for (const argv of [["types"], ["emit", "--out-dir", "out"], ["render", "letter"]]) {
    const { code, stderr } = await cli([...argv, "--fetch", "never"], { cwd: root, env });
    expect([argv, code, stderr]).toEqual([
      argv,
      1,
      expect.stringContaining(
        'This prompt includes "footer@production", which isn\'t in the committed snapshot.',
      ),
    ]);
    expect(stderr).toContain('prompt "letter", version 1, line 1, column 6');
  }
  const { stdout } = await cli(["check", "--fetch", "never"], { cwd: root, env });
  expect(stdout).toMatch(/^footer +production +not pulled +missing +included, but not committed$/m);
  const { included } = JSON.parse((await cli(["list", "--json"], { cwd: root, env })).stdout);
  expect(included).toMatchObject([
    {
      name: "footer",
      pin: { label: "production" },
      versionNumber: null,
      includedBy: [{ name: "letter", pin: { label: "production" } }],
    },
  ]);
});
