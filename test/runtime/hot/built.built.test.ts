import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../../support/run.ts";

it.each([
  { part: "vite", imports: [] },
  { part: "svelte", imports: ["svelte", "svelte/reactivity"] },
  { part: "vue", imports: ["vue"] },
])(
  "the built part for $part is one file that imports at most the app's framework",
  async ({ part, imports }) => {
    const code = await readFile(join(ROOT, "dist", `hot-${part}.js`), "utf8");
    expect([...code.matchAll(/\bfrom "([^"]+)"/g)].map(([, name]) => name)).toEqual(imports);
    expect(code).not.toMatch(/\b(?:require|import)\(/);
    // Vite looks for these words.
    expect(code.includes("import.meta.hot")).toBe(part === "vite");
  },
);
