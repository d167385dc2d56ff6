// What prompts weigh in a bundle, minified by esbuild: against literals written by hand, and against other packages.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileProject } from "@inlang/paraglide-js";
import { build } from "esbuild";
import Handlebars from "handlebars";
import { loadCompiler, promptSource } from "./compile-source.js";
import { literal, manyPrompts } from "./size-prompts.js";
import { row } from "./support/measure.js";

export const about =
  "How large a minified bundle is, compared with template literals that you write yourself, and how large other packages make it.";

const PROMPTS = manyPrompts(1000);
const USED = {
  "10 of 1,000": PROMPTS.filter((_, i) => i % 97 === 5).slice(0, 10),
  "all 1,000": PROMPTS,
};
const LIMITS = { "10 of 1,000": 1.09, "all 1,000": 1.057 };

/** @returns {Promise<{ rows: { name: string, value: number, limit: number | undefined, met: boolean }[] }>} */
export async function run() {
  const dir = await mkdtemp(join(tmpdir(), "scope-size-"));
  try {
    const bytes = {};
    for (const [kind, write] of Object.entries(KINDS)) {
      const root = join(dir, kind);
      const importOf = await write(root);
      for (const [amount, used] of Object.entries(USED)) {
        bytes[amount] = { ...bytes[amount], [kind]: await bundledBytes(root, used, importOf) };
      }
    }
    const rows = [];
    for (const [amount, { byHand, ours, ...peers }] of Object.entries(bytes)) {
      rows.push(
        row(`bundle, ${amount}: unplugin-scope / hand-written literals`, ours / byHand, LIMITS[amount]),
      );
      for (const [peer, size] of Object.entries(peers))
        rows.push(row(`bundle, ${amount}: ${peer} / hand-written literals`, size / byHand));
    }
    return { rows };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Each writes its prompts under a folder, and gives the import and the call of one. */
const KINDS = {
  async byHand(root) {
    for (const { name, text } of PROMPTS)
      await put(root, `${name}.js`, `export default (v) => ${literal(text)};\n`);
    return ({ name }, id) => ({ code: `import ${id} from "./${name}.js";`, call: id });
  },
  async ours(root) {
    const { compilePrompt, emitHelper, emitModule } = await loadCompiler();
    const options = { development: false, helper: "./scope-runtime.js" };
    await put(root, "scope-runtime.js", emitHelper(options));
    for (const { name, text } of PROMPTS) {
      const source = promptSource(text, { name, metadata: { model: "some-model", temperature: 0.5 } });
      await put(root, `${name}.js`, emitModule(compilePrompt(source), options));
    }
    return ({ name }, id) => ({ code: `import ${id} from "./${name}.js";`, call: id });
  },
  async mustache(root) {
    for (const { name, text } of PROMPTS)
      await put(root, `${name}.js`, `export default ${JSON.stringify(text)};\n`);
    return ({ name }, id) => ({
      code: `import mustache from "mustache";\nimport ${id} from "./${name}.js";`,
      call: `((v) => mustache.render(${id}, v))`,
    });
  },
  async handlebars(root) {
    for (const { name, text } of PROMPTS) {
      const template = `Handlebars.template(${Handlebars.precompile(text, { noEscape: true })})`;
      const code = `import Handlebars from "handlebars/runtime.js";\nexport default /* @__PURE__ */ ${template};\n`;
      await put(root, `${name}.js`, code);
    }
    return ({ name }, id) => ({ code: `import ${id} from "./${name}.js";`, call: id });
  },
  async paraglide(root) {
    for (const [name, code] of Object.entries(await paraglideFiles())) await put(root, name, code);
    return ({ name }, id) => ({
      code: `import { ${name.replace("-", "_")} as ${id} } from "./messages.js";`,
      call: id,
    });
  },
};

async function paraglideFiles() {
  const resolve = createRequire(createRequire(import.meta.url).resolve("@inlang/paraglide-js"));
  const { insertBundleNested, loadProjectInMemory, newProject } = await import(
    resolve.resolve("@inlang/sdk")
  );
  const settings = { baseLocale: "en", locales: ["en"] };
  const project = await loadProjectInMemory({ blob: await newProject({ settings }) });
  for (const { name, text, variables } of PROMPTS) {
    const bundleId = name.replace("-", "_");
    const pattern = text
      .split(/\{\{(\w+)\}\}/)
      .map((part, i) =>
        i % 2 === 0
          ? { type: "text", value: part }
          : { type: "expression", arg: { type: "variable-reference", name: part } },
      );
    await insertBundleNested(project.db, {
      id: bundleId,
      declarations: variables.map((variable) => ({ type: "input-variable", name: variable })),
      messages: [{ bundleId, locale: "en", selectors: [], variants: [{ matches: [], pattern }] }],
    });
  }
  const files = await compileProject({ project, compilerOptions: { strategy: ["baseLocale"] } });
  await project.close();
  return Object.fromEntries(Object.entries(files).filter(([name]) => name.endsWith(".js")));
}

async function bundledBytes(root, used, importOf) {
  const uses = used.map((prompt, i) => ({ prompt, ...importOf(prompt, `p${i}`) }));
  const imports = new Set(uses.flatMap(({ code }) => code.split("\n")));
  const calls = uses.map(({ call, prompt }) => {
    const values = prompt.variables.map((name) => `${name}: process.argv[2]`);
    return `console.log(${call}({ ${values.join(", ")} }));`;
  });
  await put(root, "app.js", `${[...imports, ...calls].join("\n")}\n`);
  await put(root, "package.json", '{ "type": "module", "sideEffects": false }');
  const { outputFiles } = await build({
    entryPoints: [join(root, "app.js")],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    nodePaths: [fileURLToPath(new URL("../node_modules", import.meta.url))],
    logLevel: "error",
    write: false,
  });
  return outputFiles[0].contents.length;
}

async function put(root, name, text) {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), text);
}
