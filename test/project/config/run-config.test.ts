import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { runConfig } from "../../../src/project/config/run-config.ts";
import { projectFolder } from "./project-folder.ts";

const IMPORT = `import { defineConfig } from "unplugin-scope";\n`;

async function run(text: string, name = "scope.config.ts"): Promise<unknown> {
  const folder = await projectFolder({ [name]: text, "base.ts": `export const label: string = "latest";\n` });
  return runConfig(join(folder, name), text, false);
}

describe("a config is run", () => {
  // biome-ignore format: one row a line
  it.each<[what: string, text: string, value: unknown]>([
    ["as init writes it", `${IMPORT}\nexport default defineConfig({\n  // "scope:<name>"\n  label: "a",\n});\n`, { label: "a" }],
    ["with CRLF, without semicolons", `const label = "a"\r\nexport default { label }\r\n`, { label: "a" }],
    ["a variable", `const label = process.env.NO_SUCH ?? "a";\nexport default { label };`, { label: "a" }],
    ["statements after it", "const all = {};\nexport default all;\nall.label = 'a';", { label: "a" }],
    ["an await", "const label = await Promise.resolve('a');\nexport default { label };", { label: "a" }],
    ["a promise", "export default Promise.resolve({ label: 'a' });", { label: "a" }],
    ["a type", `export default { label: "a" } as const;`, { label: "a" }],
    ["a type that could be a comparison", `const of = (x) => x;\nexport default { label: of<"a" | "b">("a") };`, { label: "a" }],
    ["such a type after a space and a comment", `const of = (x) => x;\nexport default { label: of  /**/ <"a">("a") };`, { label: "a" }],
    ["a text like an import", `const label = \`\n${IMPORT}\`.trim();\nexport default { label };`, { label: IMPORT.trim() }],
    ["a function with a name", "export default of;\nfunction of() {}\nof.label = 'a';", { label: "a" }],
    ["an import after comments", `// a\n/* b\n * c */\n\n${IMPORT}export default defineConfig({ label: "a" });`, { label: "a" }],
    ["an enum", `enum Label { A = "a" }\nexport default { label: Label.A };`, { label: "a" }],
    ["an import without ending", `import { label } from "./base";\nexport default { label };`, { label: "latest" }],
    ["an import when it's needed", `const { label } = await import("./base");\nexport default { label };`, { label: "latest" }],
    ["a built-in module", `import { basename } from "node:path";\nexport default { label: basename("x/a") };`, { label: "a" }],
    ["what a file knows of itself", "export default { file: typeof __dirname, url: import.meta.filename === __filename };", { file: "string", url: true }],
    ["CommonJS", `const { label } = require("./base");\nmodule.exports = { label };`, { label: "latest" }],
    ["other exports", `export const other = 1;\nconst all = { label: "a" };\nexport { all as default };`, { label: "a" }],
    ["a comment like an export", `/*\nexport default { label: "b" };\n*/\nexport default { label: "a" };`, { label: "a" }],
    ["a prompt with the name of a keyword", `export default { prompts: ["import", "import-all"] };`, { prompts: ["import", "import-all"] }],
    ["its own names", `const exported = "a", main = exported;\nexport default { label: main };`, { label: "a" }],
    ["a duplicate key, a prototype", "export default { label: 'b', label: 'a', __proto__: { x: 1 } };", { label: "a" }],
  ])("%s", async (_, text, value) => {
    expect({ ...((await run(text)) as object) }).toEqual(value);
  });

  it("whatever its name", async () => {
    for (const ending of ["ts", "mts", "cts", "js", "mjs", "cjs"])
      for (const before of ["", `import "node:path";\n`])
        expect(await run(`${before}export default { a: 1 };`, `scope.config.${ending}`)).toEqual({ a: 1 });
  });

  it("once if it throws, and the error has its place", async () => {
    const logged = vi.spyOn(console, "debug").mockImplementation(() => {});
    const running = run(`${IMPORT}console.debug("once");\nthrow new TypeError("no");\nexport default {};`);
    await expect(running).rejects.toMatchObject({ stack: expect.stringContaining("scope.config.ts:3:7") });
    expect(logged.mock.calls).toEqual([["once"]]);
  });

  it("again, with what its imports and the environment say now", async () => {
    const text = `import { label } from "./base.ts";\nexport default { label, other: process.env.OTHER };`;
    const folder = await projectFolder({ "base.ts": `export const label = "a";` });
    const file = join(folder, "scope.config.ts");
    expect(await runConfig(file, text, true)).toEqual({ label: "a", other: undefined });
    await writeFile(join(folder, "base.ts"), `export const label = "b";`);
    vi.stubEnv("OTHER", "c");
    expect(await runConfig(file, text, true)).toEqual({ label: "b", other: "c" });
    vi.unstubAllEnvs();
  });

  it.each([
    ["by the root of its workspace", ["project/package-lock.json"], ["project/node_modules/.cache/jiti"]],
    ["not above the lock file", ["project/packages/app/yarn.lock"], []],
  ])("compiled code is kept with the installed packages: %s", async (_, lock, kept) => {
    const folder = await projectFolder(
      Object.fromEntries(["project/node_modules/x.js", "tmp/x", ...lock].map((name) => [name, ""])),
    );
    vi.stubEnv("TMPDIR", join(folder, "tmp"));
    const file = join(folder, "project/packages/app/scope.config.ts");
    expect(await runConfig(file, "export default { a: 1 as const };", true)).toEqual({ a: 1 });
    vi.unstubAllEnvs();
    const all = await readdir(folder, { recursive: true });
    expect(all.filter((name) => name.endsWith("jiti"))).toEqual(kept);
  });
});
