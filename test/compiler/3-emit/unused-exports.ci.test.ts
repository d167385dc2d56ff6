import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build as esbuild } from "esbuild";
import { rollup } from "rollup";
import { build as vite } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import webpack from "webpack";
import { emitHelper, emitModule } from "../../../src/compiler/3-emit/emit-module.ts";
import type { PromptContent, Syntax } from "../../../src/prompt.ts";
import { compile } from "../prompts.ts";

const metadata = { model: "METADATA-model", limits: { stop: ["METADATA-stop"] } };
const options = { development: false, helper: "./scope-runtime.js" };
const CHAT = [
  { role: "system", content: "TEXT-system" },
  { role: "user", content: "TEXT-user {{question}}" },
];
const emitted = (name: string, content: PromptContent, syntax: Syntax = "scope") =>
  emitModule(compile(content, { name: `NAME-${name}`, metadata, syntax }), options);
const MODULES: Readonly<Record<string, string>> = {
  "scope-runtime.js": emitHelper({ development: false }),
  "greeting.js": emitted("greeting", "TEXT-greeting {{name}} {{city}}"),
  "chat.js": emitted("chat", CHAT),
  "list.js": emitted("list", "TEXT-list {{#items}}{{title}}{{/items}}", "mustache"),
  "constant.js": emitted("constant", "TEXT-constant"),
  "package.json": '{ "type": "module", "sideEffects": false }',
};
const RENDERS: Readonly<Record<string, string>> = {
  greeting: 'greeting({ name: "a", city: "b" })',
  chat: 'chat({ question: "a" })',
  list: 'list({ items: [{ title: "a" }] })',
  constant: "constant()",
};

/** Takes a module down to what an application uses of it, as a person who writes by hand would. */
function renderOnly(code: string): string {
  const end = code.indexOf("export { render, render as default };");
  return `${code.slice(0, end)}export { render as default };\n`;
}

type Build = (entry: string, outDir: string) => Promise<string>;
const BUNDLERS: Readonly<Record<string, Build>> = {
  async esbuild(entry) {
    const shape = { bundle: true, minify: true, format: "esm", write: false } as const;
    const result = await esbuild({ entryPoints: [entry], ...shape });
    return result.outputFiles[0]?.text as string;
  },
  async rollup(entry) {
    const bundle = await rollup({ input: entry });
    const { output } = await bundle.generate({ format: "esm" });
    return output[0].code;
  },
  async vite(entry, outDir) {
    await vite({
      root: dirname(entry),
      configFile: false,
      logLevel: "silent",
      build: { outDir, lib: { entry, formats: ["es"], fileName: "out" }, minify: true, emptyOutDir: true },
    });
    return readFile(join(outDir, "out.js"), "utf8");
  },
  async webpack(entry, outDir) {
    await new Promise<void>((resolve, reject) => {
      webpack({
        mode: "production",
        entry,
        context: dirname(entry),
        output: { path: outDir, filename: "out.js", library: { type: "module" } },
        experiments: { outputModule: true },
      }).run((error, stats) => {
        if (error !== null || stats?.hasErrors()) reject(error ?? new Error(stats?.toString()));
        else resolve();
      });
    });
    return readFile(join(outDir, "out.js"), "utf8");
  },
};

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "scope-unused-"));
  for (const [folder, change] of Object.entries({ full: (code: string) => code, bare: renderOnly })) {
    for (const [name, code] of Object.entries(MODULES)) {
      await mkdir(join(dir, folder), { recursive: true });
      const isPrompt = name.endsWith(".js") && name !== "scope-runtime.js";
      await writeFile(join(dir, folder, name), isPrompt ? change(code) : code);
    }
  }
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function bundle(build: Build, folder: string, app: string): Promise<string> {
  const entry = join(dir, folder, "app.mjs");
  await writeFile(entry, app);
  return build(entry, join(dir, `${folder}-out`));
}

describe.each(Object.entries(BUNDLERS))("%s", (_, build) => {
  it.each(Object.keys(RENDERS))("adds not one byte for the unused exports of %s", async (prompt) => {
    const app = `import ${prompt} from "./${prompt}.js";\nconsole.log(${RENDERS[prompt]});\n`;
    const whole = await bundle(build, "full", app);
    expect(whole).toContain("TEXT-");
    // By length: minifiers choose other names where they have seen other code.
    expect(whole.length).toBe((await bundle(build, "bare", app)).length);
  });

  it("drops a prompt that is imported but not used, with its helper", async () => {
    const app = 'import greeting from "./greeting.js";\nimport list from "./list.js";\nconsole.log("app");\n';
    const code = await bundle(build, "full", app);
    expect(code).not.toMatch(/TEXT|NAME|METADATA|MissingVariableError|unplugin-scope/);
  });

  it.each<[string, string, RegExp]>([
    ["content", "greeting", /METADATA|NAME|MissingVariableError/],
    ["variables", "greeting", /METADATA|NAME|TEXT|MissingVariableError/],
    ["cachePrefix", "chat", /METADATA|NAME|TEXT|MissingVariableError/],
    ["metadata", "chat", /NAME|TEXT|MissingVariableError/],
    ["name", "chat", /METADATA|TEXT|MissingVariableError/],
    ["versionId", "list", /METADATA|NAME|TEXT/],
    ["getMetadata", "list", /NAME|TEXT/],
    ["attributes", "greeting", /METADATA|TEXT|MissingVariableError/],
  ])("keeps only %s if only that is used", async (name, prompt, others) => {
    const app = `import { ${name} } from "./${prompt}.js";\nconsole.log(${name});\n`;
    expect(await bundle(build, "full", app)).not.toMatch(others);
  });
});
