import { describe, expect, it } from "vitest";
import { cli, testProject } from "./cli-helpers.ts";

const SCRIPT = '<script setup lang="ts">\nimport greeting from "scope:greeting";\n</script>\n';
const APP = {
  "src/App.vue": `${SCRIPT}<template><p>{{ greeting({ name: "Ada" }) }}</p></template>\n`,
  "src/Short.vue": `${SCRIPT}<template><Card :greeting /></template>\n`,
  "src/Renderless.vue": SCRIPT,
  "src/main.ts": 'import farewell from "scope:farewell";\nexport const text = farewell({ name: "Ada" });\n',
  "tsconfig.json": `{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "lib": ["es2022"], "types": [] }, "include": ["src", "src/**/*.vue"] }`,
};
const NOTE = "calls in templates weren't looked at: src/App.vue, src/Short.vue";

describe("a prompt that a component's markup uses", () => {
  it("never gets the note that no call breaks", async () => {
    const { root, env, prompt } = await testProject(APP, {
      "greeting/1.md": "Hello {{name}}",
      "farewell/1.md": "Bye {{name}}",
    });
    const run = (...argv: string[]) => cli(argv, { cwd: root, env });
    await run("pull");
    const inStep = await run("check");
    expect(inStep).toMatchObject({ code: 0, stdout: expect.not.stringContaining("templates") });

    await prompt("greeting/2.md", "Hello {{name}}");
    expect((await run("check")).stdout).not.toContain("templates");

    await prompt("greeting/3.md", "Hello {{name}}, it is {{day}}");
    const text = await run("check");
    expect(text.code).toBe(2);
    expect(text.stdout).toContain(NOTE);
    expect(text.stdout).not.toMatch(/no call breaks|breaking no call(?! outside templates)/);
    const [, greeting] = JSON.parse((await run("check", "--json")).stdout).prompts;
    expect(greeting).toMatchObject({ change: "compatible", notes: [NOTE], calls: [] });
    const markdown = (await run("check", "--markdown")).stdout;
    expect(markdown).toContain(NOTE);
    expect(markdown).not.toMatch(/no call breaks|breaking no call(?! outside templates)/);
  });
});
