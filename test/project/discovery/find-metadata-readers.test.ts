import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadOptions } from "../../../src/project/config/load-options.ts";
import { findMetadataReaders } from "../../../src/project/discovery/find-uses.ts";
import type { PromptRef } from "../../../src/prompt.ts";
import { makeApp } from "../../support/app.ts";
import { run } from "../../support/run.ts";

const X = '"scope:x"';

// biome-ignore format: one row a line
it.each<[reads: boolean, code: string, file?: string]>([
  [false, `import x from ${X}; x();`],
  [false, `import x, { variables, type Variables } from ${X};`],
  [false, `import { default as x, content } from ${X};`],
  [false, `import ${X};`],
  [false, `export { render as x } from ${X};`],
  [true, `const { default: x } = await import(${X});`],
  [true, `const { default: x, content } = require(${X});`],
  [true, `const x = (await import(${X})).default;`],
  [false, `let v: import(${X}).Variables;`],
  [false, `/** @param {import(${X}).Variables} v */ function f(v) {}`, "a.js"],
  [false, `// import { metadata } from ${X}`],
  [false, `import { metadata } from "scope:y"; import x from ${X};`],
  [true, `import { metadata } from ${X};`],
  [true, `import x, { metadata as m } from ${X};`],
  [true, `import x, { content, "metadata" as m } from ${X};`],
  [true, `import { getMetadata } from ${X};`],
  [true, `import { attributes } from ${X};`],
  [true, `import { current } from "scope:x?live";`],
  [true, `import * as x from ${X};`],
  [true, `export * from ${X};`],
  [true, `export * as x from ${X};`],
  [true, `export { metadata } from ${X};`],
  [true, `const x = await import(${X});`],
  [true, `const { default: x, ...rest } = await import(${X});`],
  [true, `const { metadata: { model } } = await import(${X});`],
  [true, `import(${X}).then((x) => x.metadata);`],
  [true, `const x = require(${X}).metadata;`],
  [true, `const x = await import(flag ? ${X} : "scope:y");`],
  [true, `<script setup>\nimport x, { metadata } from ${X};\n</script>\n<template>{{ metadata.model }}</template>`, "a.vue"],
  [false, `<script>\nimport x from ${X};\n</script>\n<p>metadata</p>`, "a.svelte"],
  [true, `---\nimport { metadata } from ${X};\n---\n<p>{metadata.model}</p>`, "a.astro"],
])("%s: %s", async (reads, code, file = "a.ts") => {
  const root = await makeApp({ [file]: code });
  const path = join(root, file);
  await symlink(join(root, "gone"), join(root, "gone.ts"));
  const ref: PromptRef = { name: "x", pin: { kind: "label", label: "production" } };
  const found = await findMetadataReaders(ref, await loadOptions({ cwd: root, env: {} }));
  expect(found).toEqual(reads ? [path] : []);
});

// What isn't seen here lets a build ship other metadata.
it("a file that git ignores can read metadata", async () => {
  const root = await makeApp({ ".gitignore": "gen/", "gen/a.ts": `import { metadata } from ${X};` });
  await run("git", ["init", "-q"], { cwd: root });
  const ref: PromptRef = { name: "x", pin: { kind: "label", label: "production" } };
  const found = await findMetadataReaders(ref, await loadOptions({ cwd: root, env: {} }));
  expect(found).toEqual([join(root, "gen/a.ts")]);
});
