// The compiler's sources as one module, for benches: what the package bundles and does not export.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { tsImport } from "tsx/esm/api";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ENTRY = `
export { compilePrompt } from "./src/compiler/compile-prompt.ts";
export { emitHelper } from "./src/compiler/3-emit/emit-module.ts";
export { emitModule } from "./src/compiler/3-emit/emit-module.ts";
export { emitTypes, SHARED_TYPES_FILE } from "./src/compiler/3-emit/types/emit-types.ts";
`;

/** @returns the compiler's functions, bundled from `src` */
export async function loadCompiler() {
  const { textImports } = await tsImport("../build/text-imports.ts", import.meta.url);
  const bundle = await rolldown({
    input: "bench-entry.ts",
    platform: "node",
    logLevel: "silent",
    // The main file of jsonc-parser requires others by a name that no bundler sees.
    resolve: { mainFields: ["module", "main"] },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === "bench-entry.ts" ? join(ROOT, id) : undefined),
        load: (id) => (id.endsWith("bench-entry.ts") ? ENTRY : undefined),
      },
      textImports,
    ],
  });
  const { output } = await bundle.generate({ format: "esm", codeSplitting: false });
  return runCode({ "compiler.mjs": output[0].code }, "compiler.mjs");
}

/** Runs code as the files that it is; resolves to the exports of one of them. */
export async function runCode(files, entry) {
  const dir = await mkdtemp(join(tmpdir(), "scope-bench-"));
  try {
    for (const [name, code] of Object.entries(files)) {
      await mkdir(dirname(join(dir, name)), { recursive: true });
      await writeFile(join(dir, name), code);
    }
    return await import(pathToFileURL(join(dir, entry)).href);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** A prompt version to compile; everything but the content has a default. */
export function promptSource(content, { name = "prompt", metadata = {}, syntax = "scope" } = {}) {
  return {
    ref: { name, pin: { kind: "label", label: "production" } },
    version: {
      id: "version_01",
      promptId: "prompt_01",
      versionNumber: 1,
      type: typeof content === "string" ? "text" : "chat",
      status: "published",
      isProduction: true,
      content,
      declaredVariables: null,
      metadata,
      createdAt: "",
      updatedAt: "",
    },
    syntax,
    escape: "none",
    provides: [],
    variables: {},
    environment: "production",
  };
}
