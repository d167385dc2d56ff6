import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { emitHelper } from "../../src/compiler/3-emit/emit-module.ts";
import { temporaryFolder, writeTree } from "../support/app.ts";
import { ROOT } from "../support/run.ts";

it("what a page loads for updates is at most 1.5 KB, minified and gzipped", async () => {
  const root = await temporaryFolder();
  await writeTree(root, {
    "helper.js": emitHelper({ development: true }),
    "all.js": [
      'export * from "./helper.js";',
      `export * from ${JSON.stringify(`${ROOT}/src/runtime/hot-vite.ts`)};`,
      `export { onPromptUpdate } from ${JSON.stringify(`${ROOT}/src/runtime/on-prompt-update.ts`)};`,
    ].join("\n"),
  });
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["all.js"],
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  const bytes = gzipSync((outputFiles[0] as { contents: Uint8Array }).contents, { level: 9 }).length;
  expect(bytes).toBeLessThanOrEqual(1536);
  console.info(`${bytes} bytes`);
});

it("the built file has everything in it, and Vite's words", async () => {
  const code = await readFile(join(ROOT, "dist", "hot-vite.js"), "utf8");
  expect(code).not.toMatch(/\brequire\(|\bfrom "/);
  expect(code).toContain("import.meta.hot");
});
