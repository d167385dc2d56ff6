import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openProject } from "../../src/project/project.ts";
import { findStaleTypes } from "../../src/project/types/types-file.ts";
import { writeTree } from "../support/app.ts";
import { ROOT } from "../support/run.ts";
import { pulledProject } from "./cli-helpers.ts";

const NAMES = "UnpluginScopePrompts";
const IMPORTS = `import greeting from "scope:greeting";\nexport const text = greeting({ name: "Ada" });\n`;
const CLIENT = `import { client } from "unplugin-scope/client";\nexport const text = client().renderPrompt("greeting", { name: "Ada" });\n`;

/** A pulled project, and what its commands and builds say of its types. */
async function pulled(files: Readonly<Record<string, string>>) {
  const prompts = { "greeting/1.md": `Hello {{name}}\ninterface ${NAMES} {` };
  const { root, env, run } = await pulledProject(files, prompts);
  return {
    root,
    pull: () => run("pull"),
    types: () => readFile(join(root, "src/scope-types/greeting.d.ts"), "utf8"),
    check: async () => (await run("check")).code,
    /** What a build says of types that are out of date. */
    build: async () => {
      const { options, close } = await openProject({ cwd: root, env, isTestRun: false });
      await close();
      return findStaleTypes(options, ["scope:greeting"]);
    },
  };
}

const isOf = (types: string) => /^ *(?:global \{ )?interface UnpluginScopePrompts \{/m.test(types);

it("prompts are declared for the client if the code names them, and every command and build agrees", async () => {
  const project = await pulled({ "src/mail.ts": IMPORTS });
  const before = await project.types();
  expect(isOf(before)).toBe(false);
  expect([await project.check(), await project.build()]).toEqual([0, undefined]);

  // A build knows the imports that it meets alone.
  await writeTree(project.root, { "src/service.ts": CLIENT });
  expect([await project.check(), await project.build()]).toEqual([2, undefined]);
  expect((await project.pull()).code).toBe(0);
  const after = await project.types();
  expect(after).toContain(`global { interface ${NAMES} { "greeting": `);
  expect([await project.check(), await project.build()]).toEqual([0, undefined]);
  // In the layout of a formatter.
  const formatted = after.replace(
    /global \{ (interface \w+ \{) (.*) \} \}/,
    "global {\n    $1\n      $2;\n    }\n  }",
  );
  expect(formatted).not.toBe(after);
  await writeFile(join(project.root, "src/scope-types/greeting.d.ts"), formatted);
  expect([await project.check(), await project.build()]).toEqual([0, undefined]);
  await writeFile(
    join(project.root, "src/scope-types/greeting.d.ts"),
    after.replace("name: string", "nam: string"),
  );
  expect([await project.check(), await project.build()]).toEqual([
    2,
    { what: expect.any(String), warning: expect.stringContaining("out of date") },
  ]);
  await project.pull();

  await writeTree(project.root, { "src/service.ts": "" });
  expect([await project.check(), await project.build()]).toEqual([2, undefined]);
  await project.pull();
  expect(await project.types()).toBe(before);
});

it("a prompt that only the config names is declared for the client too", async () => {
  const config = `{ "prompts": { "welcome": { "prompt": "greeting" } } }`;
  const project = await pulled({ "src/service.ts": CLIENT, "scope.config.json": config });
  const types = await project.types();
  expect(types).toContain('declare module "scope:welcome" {');
  expect(types).toContain(`global { interface ${NAMES} { "greeting": [typeof greeting, typeof metadata] } }`);
  expect(await project.check()).toBe(0);
});

it("client calls by name are call sites, just like imports", async () => {
  const app = {
    "scope.config.json": JSON.stringify({ prompts: { a: {}, b: {}, other: { prompt: "c" }, d: {} } }),
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        strict: true,
        module: "esnext",
        moduleResolution: "bundler",
        lib: ["es2022", "dom", "esnext.disposable"],
        types: [],
        skipLibCheck: true,
        paths: { "unplugin-scope/client": [join(ROOT, "dist", "client.d.ts")] },
      },
      include: ["src"],
    }),
    "src/scope.ts": `import { client } from "unplugin-scope/client";\nexport const own = client();\n`,
    "src/mail.ts": [
      'import { own } from "./scope.js";',
      'export const text = own.renderPrompt("a", { name: "Ada" });',
      'export const model: string = (await own.getPromptVersion("b")).metadata.model;',
    ].join("\n"),
    "src/answer.ts": [
      'import type { OutputOf } from "unplugin-scope/client";',
      'export const team = (answer: OutputOf<"c">): string => answer.team;',
    ].join("\n"),
    "src/kept.ts": `import { own } from "./scope.js";\nexport const text = own.renderPrompt("d", { name: "Ada" });`,
  };
  const schema = (name: string) => ({
    type: "object",
    properties: { [name]: { type: "string" } },
    required: [name],
  });
  const versions = (one: object, two: object) =>
    JSON.stringify({ versions: { 1: { metadata: one }, 2: { metadata: two } } });
  const { run, prompt } = await pulledProject(app, {
    "a/1.md": "Hello {{name}}",
    "b/1.md": "Hello",
    "b/prompt.json": versions({ model: "small" }, {}),
    "c/1.md": "Hello",
    "c/prompt.json": versions({ output_schema: schema("team") }, { output_schema: schema("group") }),
    "d/1.md": "Hello {{name}}",
  });
  const callsOf = async () => {
    const { code, stdout } = await run("check", "--json");
    const { prompts } = JSON.parse(stdout) as {
      prompts: { name: string; calls: { file: string; line: number; message: string }[] }[];
    };
    return {
      code,
      calls: prompts.map(({ name, calls }) => [name, calls.map(({ file, line }) => `${file}:${line}`)]),
    };
  };
  expect((await callsOf()).code).toBe(0);
  await prompt("a/2.md", "Hello {{name}}, it is {{day}}");
  await prompt("b/2.md", "Hello");
  await prompt("c/2.md", "Hello");
  await prompt("d/2.md", "Hello, {{name}}");
  expect(await callsOf()).toEqual({
    code: 3,
    calls: [
      ["a", ["src/mail.ts:2"]],
      ["b", ["src/mail.ts:3"]],
      ["c", ["src/answer.ts:2"]],
      ["d", []],
    ],
  });
}, 60_000);
