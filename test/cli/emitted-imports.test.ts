import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cli, testProject } from "./cli-helpers.ts";

const APP = {
  "scope.config.json": JSON.stringify({ prompts: ["greeting", "farewell", "unused"] }),
  "src/mail.ts": `import greeting from "./prompts/greeting.js";\n\nexport const mail = greeting({ name: "Ada" });\n`,
  "src/lib/other.ts": `import * as farewell from "../prompts/farewell";\nexport const text = farewell.render({ name: "Ada" });\n`,
  "src/script.mjs": `const { default: greeting } = await import("./prompts/greeting.js");\nexport const text = greeting({ name: "Ada" });\n`,
  "src/mentions.ts": `// import "./prompts/unused.js"\nexport const path = "./prompts/unused.js";\nexport { text } from "./lib/other.js";\n`,
  "tsconfig.json": `{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "lib": ["es2022"], "types": [] }, "include": ["src"] }`,
};
const PROMPTS = { "greeting/1.md": "Hello {{name}}", "farewell/1.md": "Bye {{name}}", "unused/1.md": "" };

async function emitted(files = APP as Readonly<Record<string, string>>) {
  const project = await testProject(files, PROMPTS);
  const { root, env } = project;
  const run = (...argv: string[]) => cli(argv, { cwd: root, env });
  expect((await run("pull")).code).toBe(0);
  expect((await run("emit", "--out-dir", "src/prompts")).code).toBe(0);
  expect((await run("types")).code).toBe(0);
  return { ...project, run };
}

describe("imports of emitted files", () => {
  it("are where the calls are that a new version breaks", async () => {
    const { run, prompt } = await emitted();
    expect((await run("check")).code).toBe(0);
    await prompt("greeting/2.md", "Hello {{name}}, it is {{day}}");
    await prompt("farewell/2.md", "Bye {{user}}");
    const { code, stdout } = await run("check", "--json");
    expect(code).toBe(3);
    const calls = JSON.parse(stdout).prompts.flatMap(
      (one: { name: string; calls: { file: string; line: number; message: string }[] }) =>
        one.calls.map(({ file, line, message }) => [one.name, `${file}:${line}`, message]),
    );
    expect(calls).toEqual([
      [
        "farewell",
        "src/lib/other.ts:2",
        expect.stringContaining("'name' does not exist in type 'Variables'"),
      ],
      ["greeting", "src/mail.ts:3", expect.stringContaining("Property 'day' is missing")],
      ["greeting", "src/script.mjs:2", expect.stringContaining("Property 'day' is missing")],
    ]);
  });

  it("are listed, and what they import is in use", async () => {
    const { root, run } = await emitted();
    const listed = JSON.parse((await run("list", "--json")).stdout).prompts;
    expect(
      listed.map(({ name, uses }: { name: string; uses: { file: string; line: number }[] }) => [
        name,
        ...uses.map(({ file, line }) => `${file}:${line}`),
      ]),
    ).toEqual([
      ["farewell", "src/lib/other.ts:1"],
      ["greeting", "src/mail.ts:1", "src/script.mjs:1"],
      ["unused"],
    ]);
    await writeFile(join(root, "scope.config.json"), "{}");
    const { unused } = JSON.parse((await run("list", "--json")).stdout);
    expect(unused.map(({ name }: { name: string }) => name)).toEqual(["unused"]);
    expect(JSON.parse((await run("pull", "--prune", "--json")).stdout).prompts).toHaveLength(2);
    const { modules, removed } = JSON.parse((await run("emit", "--out-dir", "src/prompts", "--json")).stdout);
    expect(modules.map(({ specifier }: { specifier: string }) => specifier)).toEqual([
      "scope:farewell",
      "scope:greeting",
    ]);
    expect(removed).toEqual(["src/prompts/unused.js", "src/prompts/unused.d.ts"]);
    await rm(join(root, "src/lib"), { recursive: true });
    await rm(join(root, "src/mentions.ts"));
    const left = JSON.parse((await run("list", "--json")).stdout);
    expect(left.unused.map(({ name }: { name: string }) => name)).toEqual(["farewell"]);
  });

  it("count where metadata is read that a version no longer has", async () => {
    const reads = `import { metadata } from "./prompts/greeting.js";\nexport const { model } = metadata;\n`;
    const { run, prompt } = await emitted({ ...APP, "src/mail.ts": reads });
    await prompt("greeting/2.md", "Hello {{name}}");
    await prompt("greeting/prompt.json", JSON.stringify({ versions: { 2: { metadata: { model: "m" } } } }));
    expect((await run("pull")).code).toBe(0);
    await prompt("greeting/3.md", "Hello {{name}}");
    await prompt("greeting/prompt.json", JSON.stringify({ versions: { 3: { metadata: {} } } }));
    const { code, stderr } = await run("emit", "--out-dir", "src/prompts");
    expect(code).toBe(1);
    expect(stderr).toContain("src/mail.ts");
  });
});
