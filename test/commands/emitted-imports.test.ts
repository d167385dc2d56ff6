import { readFile, rm, writeFile } from "node:fs/promises";
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
  it("are found at the calls that a new version breaks", async () => {
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

  it("are found if include leaves out the files, and if it names no output folder", async () => {
    const { root, run } = await emitted({
      ...APP,
      "scope.config.json": JSON.stringify({
        prompts: ["greeting", "farewell", "unused"],
        include: ["src/*.ts"],
      }),
    });
    const { prompts } = JSON.parse((await run("list", "--json")).stdout);
    const files = (name: string) =>
      prompts
        .find((one: { name: string }) => one.name === name)
        .uses.map(({ file }: { file: string }) => file);
    expect(files("greeting")).toEqual(["src/mail.ts"]);
    expect(await run("emit", "--out-dir", "dist")).toMatchObject({ code: 0 });
    await writeFile(join(root, "src/mail.ts"), `import greeting from "../dist/greeting.js";\n`);
    expect(JSON.parse((await run("list", "--json")).stdout).prompts[1].uses).toHaveLength(1);
  });

  it("are unknown without the files: nothing says then that no call breaks", async () => {
    const { root, run, prompt } = await emitted();
    await prompt("greeting/2.md", "Hello {{user}}");
    await prompt("farewell/2.md", "Bye");
    await rm(join(root, "src/prompts"), { recursive: true });
    const { code, stdout } = await run("check", "--label", "latest");
    expect(code).toBe(3);
    expect(stdout).not.toMatch(/no call/);
    expect(stdout).toContain("run that first");
    const { prompts } = JSON.parse((await run("check", "--label", "latest", "--json")).stdout);
    const note = [expect.stringContaining("scope-gen emit")];
    expect(prompts.map(({ notes }: { notes?: string[] }) => notes)).toEqual([note, note, undefined]);
    expect((await run("check", "--markdown")).stdout).not.toMatch(/no call/);
    expect((await run("emit", "--out-dir", "src/prompts", "--fetch", "never")).code).toBe(0);
    expect((await run("check", "--label", "latest")).code).toBe(3);
  });

  it("aren't guessed from a map that a merge has damaged", async () => {
    const { root, run } = await emitted();
    const map = join(root, "src/prompts/import-map.json");
    await writeFile(map, "<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n");
    for (const argv of [["list"], ["check"], ["pull", "--prune"]]) {
      const { code, stderr } = await run(...argv);
      expect(code).toBe(1);
      expect(stderr).toContain("emit_map_damaged");
    }
    await rm(map);
    expect((await run("emit", "--out-dir", "src/prompts")).code).toBe(0);
    expect((await run("check")).code).toBe(0);
  });

  it("count as emit wrote the map; other lines in it are ignored", async () => {
    const { root, run } = await emitted();
    const map = join(root, "src/prompts/import-map.json");
    const { imports } = JSON.parse(await readFile(map, "utf8"));
    const others = {
      lodash: "./unused.js",
      "scope:other": "./%.js",
      "scope:up": "../lib/other.js",
      "scope:greeting?lable=latest": "./greeting.js",
    };
    await writeFile(map, JSON.stringify({ imports: { ...imports, ...others } }));
    await writeFile(join(root, "src/unused.ts"), `import "./prompts/unused.js";\n`);
    const { code, stdout } = await run("list", "--json");
    expect(code).toBe(0);
    const uses = JSON.parse(stdout).prompts.map((one: { uses: { specifier: string }[] }) =>
      one.uses.map(({ specifier }) => specifier),
    );
    expect(uses).toEqual([["scope:farewell"], ["scope:greeting", "scope:greeting"], ["scope:unused"]]);
    expect((await run("check")).code).toBe(0);
    expect((await run("emit", "--out-dir", "src/prompts")).code).toBe(0);
  });

  it("count if they read metadata that a version no longer has", async () => {
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
