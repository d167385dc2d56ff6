import { describe, expect, it } from "vitest";
import { cli, pulledProject, type TestProject } from "../../commands/cli-helpers.ts";
import { buildApp, writeTree } from "../../support/app.ts";

const FILES = {
  "src/app.ts": 'import host from "scope:host";\nexport const text = host({ year: 1 });\n',
  "scope.config.json": '{ "syntax": "mustache" }',
};

const pulled = () =>
  pulledProject(FILES, { "host/1.md": "Hi {{> mid}}", "mid/1.md": "{{> foot}}", "foot/1.md": "the end" });

async function emitted({ root, env }: TestProject, ...flags: string[]) {
  return cli(["emit", "--out-dir", "out", ...flags], { cwd: root, env });
}

/** Why nothing was emitted. */
const refusal = async (project: TestProject) => JSON.parse((await emitted(project, "--json")).stdout).error;

describe("a contract that a partial changed", () => {
  it("is reported with the partials that changed", async () => {
    const project = await pulled();
    await project.prompt("foot/2.md", "{{year}}");
    expect(await refusal(project)).toMatchObject({
      code: "build_contract_changed",
      message:
        'Version 1 changes its contract with what it includes now (partial "foot": version 1 → 2): new variable "year".',
      where: { prompt: "host@production", versionNumber: 1 },
    });
  });

  it("is reported for a prompt that's pinned too: what it includes isn't", async () => {
    const project = await pulled();
    const versions = { 1: { id: "v_host" } };
    await project.prompt("host/prompt.json", JSON.stringify({ production: 1, versions }));
    await writeTree(project.root, {
      "scope.config.json": JSON.stringify({ syntax: "mustache", prompts: { host: { version: "v_host" } } }),
    });
    expect((await cli(["pull"], { cwd: project.root, env: project.env })).code).toBe(0);
    await project.prompt("host/1.md", "Another text");
    expect((await emitted(project)).code).toBe(0);
    await project.prompt("foot/2.md", "{{year}}");
    expect(await refusal(project)).toMatchObject({
      code: "build_contract_changed",
      message: expect.stringContaining('(partial "foot": version 1 → 2): new variable "year".'),
    });
  });

  it("is reported with them in the other policies' lines too", async () => {
    const project = await pulled();
    await project.prompt("foot/2.md", "{{year}}");
    await writeTree(project.root, {
      "scope.config.json": '{ "syntax": "mustache", "onContractChange": "warn" }',
    });
    const { code, stderr } = await emitted(project);
    expect(code).toBe(0);
    expect(stderr).toContain(
      'host@production: version 1 (new variable "year", partial "foot": version 1 → 2)',
    );
    expect(stderr).toContain(
      'host@production: version 1 changes the contract (new variable "year"). Run: npx scope-gen pull',
    );
  });

  it("is reported with them if the prompt itself changed too, and without them if they didn't", async () => {
    const project = await pulled();
    await project.prompt("host/2.md", "Dear {{name}} {{> mid}}");
    expect((await refusal(project)).message).toBe(
      'Version 2 changes the contract of version 1: new variable "name".',
    );
    await project.prompt("mid/2.md", "{{> foot}}!");
    expect((await refusal(project)).message).toBe(
      'Version 2 changes the contract of version 1: new variable "name". What it includes changed too (partial "mid": version 1 → 2).',
    );
  });
});

describe("diff", () => {
  it("of a prompt shows the prompts that it includes and that differ", async () => {
    const { root, env, prompt } = await pulled();
    await prompt("foot/2.md", "{{year}}");
    for (const argv of [["diff", "host"], ["diff"]]) {
      const { stdout } = await cli(argv, { cwd: root, env });
      expect(stdout).toContain('host@production\nchange: breaking\n  new variable "year"');
      expect(stdout).toContain("foot@production");
      expect(stdout).toContain("-the end\n+{{year}}\n");
      expect(stdout).not.toContain("mid@production");
    }
    await prompt("foot/3.md", "the very end");
    const { stdout } = await cli(["diff", "--json"], { cwd: root, env });
    expect(JSON.parse(stdout).prompts.map(({ name }: { name: string }) => name)).toEqual(["foot", "host"]);
  });
});

describe("a new partial", () => {
  it.each(["warn", "error"])("is named if it enters a browser bundle: %s", async (clientBundle) => {
    const { root, env, prompt } = await pulled();
    await prompt("host/2.md", "Hi {{> mid}}{{> internal}}");
    await prompt("internal/1.md", "For us alone.");
    // Before a pull takes it, too.
    expect((await cli(["diff"], { cwd: root, env })).stdout).toContain('  new partial "internal"\n');
    await writeTree(root, { "src/app.js": 'import host from "scope:host";\nconsole.log(host());\n' });
    const page = { ...env, TEST_PAGE: "true", TEST_PLUGIN_OPTIONS: JSON.stringify({ clientBundle }) };
    const build = (more = {}) => buildApp("esbuild", root, { ...page, ...more }, "src/app.js");
    const names = ["foot@production", "host@production", "internal@production", "mid@production"];
    const { stdout, stderr } = await build();
    if (clientBundle === "warn")
      expect(stdout + stderr).toContain('host@production: version 1 → 2 (new partial "internal")');
    expect((await cli(["pull"], { cwd: root, env })).code).toBe(0);
    for (const more of [{}, { SCOPE_FETCH: "never" }]) {
      const { code, stderr } = await build(more);
      expect(code).toBe(clientBundle === "error" ? 1 : 0);
      if (clientBundle === "warn") expect(stderr).toContain(`can read it: ${names.join(", ")}.`);
      else {
        expect(stderr).toContain("client_bundle_refused");
        expect(stderr).toContain("It includes mid@production, foot@production, internal@production.");
      }
    }
  });
});
