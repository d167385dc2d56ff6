import { describe, expect, it } from "vitest";
import { cli, testProject } from "./cli-helpers.ts";

const SCRIPT = '<script setup lang="ts">\nimport greeting from "scope:greeting";\n</script>\n';
const APP = {
  "src/App.vue": `${SCRIPT}<template><p>{{ greeting({ name: "Ada" }) }}</p></template>\n`,
  "src/Short.vue": `${SCRIPT}<template><Card :greeting /></template>\n`,
  "src/Page.astro": '---\nimport greeting from "scope:greeting";\n---\n<p>{greeting({ name: "Ada" })}</p>\n',
  "src/View.svelte": `{greeting({ name: "Ada" })}\n${SCRIPT}`,
  "src/Renderless.vue": `${SCRIPT}<script>const tag = "<p>{{ greeting }}</p>";</script>\n`,
  "src/Renderless.svelte": SCRIPT + SCRIPT.replace("<script", '<script context="module"'),
  "src/Renderless.astro": '---\nimport greeting from "scope:greeting";\nconst page = { greeting };\n---\n',
  "src/main.ts": 'import farewell from "scope:farewell";\nexport const text = farewell({ name: "Ada" });\n',
  "tsconfig.json": `{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "lib": ["es2022"], "types": [] }, "include": ["src", "src/**/*.vue"] }`,
};
const NOTE = "calls that no compiler checks: src/App.vue, src/Page.astro, src/Short.vue, src/View.svelte";

const PROMPTS = { "greeting/1.md": "Hello {{name}}", "farewell/1.md": "Bye {{name}}" };

describe("a prompt that a component's markup uses", () => {
  it("never gets the note that no call breaks", async () => {
    const { root, env, prompt } = await testProject(APP, PROMPTS);
    const run = (...argv: string[]) => cli(argv, { cwd: root, env });
    await run("pull");
    const inStep = await run("check");
    expect(inStep).toMatchObject({ code: 0, stdout: expect.not.stringContaining("no compiler") });

    await prompt("greeting/2.md", "Hello {{name}}");
    expect((await run("check")).stdout).not.toContain("no compiler");

    await prompt("greeting/3.md", "Hello {{name}}, it is {{day}}");
    const text = await run("check");
    expect(text.code).toBe(3);
    expect(text.stdout).toContain(NOTE);
    expect(text.stdout).not.toMatch(/no call/);
    const [, greeting] = JSON.parse((await run("check", "--json")).stdout).prompts;
    expect(greeting).toMatchObject({ change: "breaking", notes: [NOTE], calls: [] });
    const markdown = (await run("check", "--markdown")).stdout;
    expect(markdown).toContain(NOTE);
    expect(markdown).not.toMatch(/no call/);
    expect(await run("check", "--fail-on", "breaking")).toMatchObject({ code: 3 });
  });

  it("is named by a pull, with the type check that sees its markup", async () => {
    const packages = {
      "package.json": '{ "devDependencies": { "vue-tsc": "3.0.0" } }',
      "tsconfig.json": '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
      "tsconfig.app.json": APP["tsconfig.json"],
    };
    const { root, env, prompt } = await testProject({ ...APP, ...packages }, PROMPTS);
    const run = (...argv: string[]) => cli(argv, { cwd: root, env });
    await run("pull");
    await prompt("greeting/2.md", "Hello {{name}}, it is {{day}}");
    const { stdout } = await run("pull");
    expect(stdout).toContain(NOTE);
    expect(stdout).toContain("Then: npx vue-tsc -b\n");
  });

  it("is named by pin and unpin if it asks for something else, with that type check", async () => {
    const packages = { "package.json": '{ "devDependencies": { "vue-tsc": "3.0.0" } }' };
    const { root, env, prompt } = await testProject({ ...APP, ...packages }, PROMPTS);
    const run = (...argv: string[]) => cli(argv, { cwd: root, env });
    await run("pull");
    // Its file stays in the snapshot.
    await run("pin", "greeting", "--yes");
    await run("unpin", "greeting", "--yes");
    await prompt("greeting/2.md", "Hello {{name}}, it is {{day}}");
    await run("pull");
    const back = await run("pin", "greeting", "--to", "1", "--yes");
    expect(back.stdout, back.stderr).toContain('The contract differs: variable "day" is gone');
    expect(back.stdout).toContain("Then: npx vue-tsc --noEmit\n");
    const forth = await run("unpin", "greeting", "--yes");
    expect(forth.stdout, forth.stderr).toContain('The contract differs: new variable "day"');
    expect(forth.stdout).toContain("Then: npx vue-tsc --noEmit\n");
  });
});
