import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { emitHelper, type HotTarget } from "../../../src/compiler/3-emit/emit-module.ts";
import { temporaryFolder, writeTree } from "../../support/app.ts";
import { ROOT } from "../../support/run.ts";

const TARGETS: readonly HotTarget[] = [{ frameworks: [] }, { frameworks: ["svelte", "vue"] }];

it.each(TARGETS)(
  "what a page loads for updates is at most 3 KB, minified and gzipped: %j",
  async (target) => {
    const root = await temporaryFolder();
    await writeTree(root, {
      "helper.js": emitHelper({ development: true }),
      "all.js": [
        'export * from "./helper.js";',
        ...["vite", ...target.frameworks].map(
          (part) => `export * from ${JSON.stringify(`${ROOT}/src/runtime/hot/${part}.ts`)};`,
        ),
        `export { onPromptUpdate } from ${JSON.stringify(`${ROOT}/src/runtime/on-prompt-update.ts`)};`,
      ].join("\n"),
    });
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: ["all.js"],
      bundle: true,
      minify: true,
      format: "esm",
      external: ["vue", "svelte", "svelte/*"],
      write: false,
    });
    const bytes = gzipSync((outputFiles[0] as { contents: Uint8Array }).contents, { level: 9 }).length;
    expect(bytes).toBeLessThanOrEqual(3 * 1024);
    console.info(`vite ${target.frameworks.join(" ")}: ${bytes} bytes`);
  },
);
