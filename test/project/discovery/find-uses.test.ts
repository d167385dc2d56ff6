// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings here are source code
import { symlink, truncate } from "node:fs/promises";
import { join, relative } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { loadOptions } from "../../../src/project/config/load-options.ts";
import type { Options } from "../../../src/project/config/options.ts";
import { findPlace, findUses, usesInText } from "../../../src/project/discovery/find-uses.ts";
import { run } from "../../support/run.ts";
import { projectFolder } from "../config/project-folder.ts";

const read = vi.hoisted(() => ({ tokens: 0 }));
vi.mock(import("js-tokens"), async (load) => {
  const { default: tokensOf } = await load();
  function* counting(...given: Parameters<typeof tokensOf>) {
    for (const token of tokensOf(...given)) {
      read.tokens += 1;
      yield token;
    }
  }
  return { default: counting as typeof tokensOf };
});

const specifiers = (text: string, file = "a.ts") => usesInText(text, file).uses.map((use) => use.specifier);
const places = (text: string, file: string) =>
  usesInText(text, file).uses.map((use) => `${use.specifier} ${use.line}:${use.column}`);

describe("forms of imports", () => {
  it.each([
    [`import a from "scope:a";`],
    [`import a, { metadata as m } from 'scope:a'`],
    [`import * as a from\n  "scope:a";`],
    [`import type { Variables } from "scope:a";`],
    [`import "scope:a";`],
    [`import/* c */"scope:a"`],
    [`export { default } from "scope:a";`],
    [`export * from "scope:a";`],
    ["const a = await import(`scope:a`);"],
    [`const a = import( /* webpackChunkName: "a" */ "scope:a" , {});`],
    [`const a = require("scope:a");`],
    [`import a = require("scope:a");`],
    [`type A = typeof import("scope:a");`],
    [`const f = <T>(x: T) => x; import a from "scope:a";`],
    [`const n = <number>y; await import("scope:a")`],
    [`const r = /"/; import a from "scope:a";`],
    [`const r = a / b; const q = c / d; require("scope:a")`],
    ["`${`${1}`}`; import('scope:a')"],
    [`import a from "scop\\u0065:a"; // scope:`],
    [`#!/usr/bin/env node\nimport a from "scope:a";`],
    [`import((("scope:a")))`],
  ])("%s", (text) => {
    expect(specifiers(text)).toEqual(["scope:a"]);
  });

  it.each([
    [`import(cond ? "scope:a" : "scope:b")`],
    [`import(x?.y ?? z ? ("scope:a") : (("scope:b")))`],
    [`require(c({ k: 1 }) ? "scope:a" : d ? "scope:b" : './other')`],
    [`import(c ? d ? "scope:a" : "other" : "scope:b")`],
  ])("either of two: %s", (text) => {
    expect(specifiers(text)).toEqual(["scope:a", "scope:b"]);
  });

  it("in the types of JSDoc comments, only in JavaScript", () => {
    const text = [
      '/** @import { Variables } from "scope:a" */',
      "/**",
      " * @param {{ v: import(\"scope:b\").Variables, w: import('scope:c').metadata }} o",
      ' * @returns {Promise<import("./scope:no")>} import("scope:no")',
      ' * @example await import("scope:no")',
      " */",
      "export function f(o) {}",
      'import x from "scope:d"; /* @type {import("scope:no")} */',
      '/** @type {import("scope:e").Variables} */',
    ].join("\n");
    expect(places(text, "a.js")).toEqual([
      "scope:a 1:32",
      "scope:b 3:24",
      "scope:c 3:56",
      "scope:d 8:15",
      "scope:e 9:19",
    ]);
    expect(specifiers(text, "a.ts")).toEqual(["scope:d"]);
    expect(specifiers(`<script>\n${text}\n</script>`, "a.vue")).toHaveLength(5);
    expect(specifiers(`<script lang="ts">\n${text}\n</script>`, "a.vue")).toEqual(["scope:d"]);
  });

  it.each([
    [`// import a from "scope:a"`],
    [`/* import a from "scope:a" */`],
    [`const text = 'import a from "scope:a"';`],
    ['const text = `import a from "scope:a"`;'],
    [`foo("scope:a");`],
    [`loader.import("scope:a"); a?.require("scope:a"); Array.from("scope:a");`],
    [`const o = { from: "scope:a", import: "scope:b" };`],
    [`declare module "scope:a" { }`],
    [`import a from "./scope:a"; import b from "xscope:a"`],
    [`const r = /import a from "scope:a"/;`],
    [`import scope from "scope"; label: "scope:a"`],
  ])("not: %s", (text) => {
    expect(specifiers(text)).toEqual([]);
  });

  it("keeps the spelling, and gives the line and column of the quote", () => {
    const text = `import a from "scope:a?label=latest";\r\n// é 😀\r\n  const b = await import("scope:support%2Ftriage");\n`;
    expect(places(text, "a.ts")).toEqual(["scope:a?label=latest 1:15", "scope:support%2Ftriage 3:26"]);
  });

  it("code with syntax errors is read as far as possible", () => {
    expect(specifiers(`import a from "scope:a";\nfunction ( { ] "open\nimport b from "scope:b";`)).toEqual([
      "scope:a",
      "scope:b",
    ]);
  });
});

describe("JSX", () => {
  it.each(["a.tsx", "a.jsx", "a.js"])("text and attributes in %s aren't imports", (file) => {
    const text = `
      import a from "scope:a";
      const x = <p title='import b from "scope:no"'>Don't \`import("scope:no")\` // {import("scope:b")} </p>;
      export { default } from "scope:c";`;
    expect(specifiers(text, file)).toEqual(["scope:a", "scope:b", "scope:c"]);
  });

  it("type parameters in .tsx don't hide what follows", () => {
    const text = `
      const one = <T,>(x: T) => x;
      const two = <T extends object>(x: T) => <p>Don't {x}</p>;
      const three = <const T, U>(x: T, y: U) => [x, y];
      const map = new Map<string, Set<number>>();
      const el = <Foo extends="x">it's</Foo>;
      export const a = import("scope:a");`;
    expect(specifiers(text, "a.tsx")).toEqual(["scope:a"]);
  });
});

describe("components", () => {
  const VUE = `<!-- <script>import x from "scope:no"</script> -->
<template>
  <p>import a from "scope:no"</p>
</template>
<script lang="ts">
import a from "scope:a";
</script>
<script setup lang="ts" generic="T extends Record<string, U>">
const b = await import('scope:b')
</script>
<style>/* @import "scope:no" */</style>
`;

  // biome-ignore format: one row a line
  it.each<[what: string, file: string, text: string, found: string[]]>([
    ["each script block of Vue, with its own lines", "a.vue", VUE, ["scope:a 6:15", "scope:b 9:24"]],
    ["module and instance scripts of Svelte", "a.svelte", `<script context="module">\n  import a from "scope:a";\n</script>\n<script>import b from "scope:b"</script>\n<p>{"import 'scope:no'"}</p>`, ["scope:a 2:17", "scope:b 4:23"]],
    ["frontmatter and scripts of Astro", "a.astro", `---\nimport a from "scope:a";\nconst x = "---";\n---\n<p>import x from "scope:no"</p>\n<script>\n  import b from "scope:b";\n</script>\n`, ["scope:a 2:15", "scope:b 7:17"]],
    ["a script of Astro after nothing", "a.astro", `---\n---\n<script>import "scope:a"</script>`, ["scope:a 3:16"]],
    ["a script of Astro without frontmatter", "a.astro", `<p/>\n<script>import "scope:a"</script>`, ["scope:a 2:16"]],
  ])("%s", (_, file, text, found) => {
    expect(places(text, file)).toEqual(found);
  });

  it("an .astro file that starts with many comments takes a moment", () => {
    const startedAt = performance.now();
    expect(specifiers(`${"<!---->".repeat(26)}<script>import "scope:a"</script>`, "a.astro")).toEqual([
      "scope:a",
    ]);
    expect(specifiers(`${"<!-- - -->\n".repeat(1000)}---\nimport "scope:a"\n---\n`, "a.astro")).toEqual([
      "scope:a",
    ]);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

describe("code after the last place", () => {
  const long = "(a, b), ".repeat(100);

  it("ends what an import takes, and what is shown of a computed one, as before", () => {
    const text = [
      'import one, { metadata } from "scope:one";',
      'type Two = import("scope:two").Variables;',
      `load(import(\`scope:\${[${long}]}\`));`,
      `const numbers = [${long}];`,
    ].join("\n");
    const { uses, computed } = usesInText(text, "a.ts");
    expect(uses.map(({ specifier, line }) => [specifier, line])).toEqual([
      ["scope:one", 1],
      ["scope:two", 2],
    ]);
    expect(computed.map(({ text, line }) => [text, line])).toEqual([
      [`\`scope:\${[${long}`.slice(0, 80).concat("…"), 3],
    ]);
  });

  it("isn't read: it can't name a prompt", () => {
    read.tokens = 0;
    usesInText(`import "scope:one";\n${"f(1);\n".repeat(10_000)}`, "a.ts");
    expect(read.tokens).toBeGreaterThan(0);
    expect(read.tokens).toBeLessThan(200);
  });
});

describe("computed imports", () => {
  it.each([
    ["await import(`scope:${name}`)", "`scope:${name}`"],
    [`import("scope:" + name)`, `"scope:" + name`],
    [`require("scope:a" + f(1, 2))`, `"scope:a" + f(1, 2)`],
  ])("%s", (text, expression) => {
    expect(usesInText(text, "a.ts")).toMatchObject({ uses: [], computed: [{ text: expression, line: 1 }] });
  });

  it.each(["import(`./${name}.js`) // scope:", "import(name); // scope:", `f("scope:" + name)`])(
    "not: %s",
    (text) => {
      expect(usesInText(text, "a.ts").computed).toEqual([]);
    },
  );
});

const use = (name: string) => `import x from "scope:${name}";`;

/** Each file of a project with what it imports. */
async function find(
  files: Readonly<Record<string, string>>,
  options: Options = {},
  { below = ".", hasGit = false } = {},
) {
  const root = await projectFolder({
    "package-lock.json": "{}",
    ...(Object.keys(options).length > 0 && { "scope.config.json": JSON.stringify(options) }),
    ...files,
  });
  if (hasGit) await run("git", ["init", "-q"], { cwd: root });
  const cwd = join(root, below);
  const { uses } = await findUses(await loadOptions({ cwd, env: {} }));
  return uses.map((one) => `${relative(cwd, one.file)} ${one.specifier}`);
}

describe("which files", () => {
  it("all sources, sorted, without packages, outputs and what we write", async () => {
    expect(
      await find({
        "src/b.ts": use("b"),
        "src/build/a.mts": use("a"),
        "src/[id]/(x)/c.vue": `<script>${use("c")}</script>`,
        "z.cjs": `require("scope:z")`,
        "node_modules/p/i.js": use("no"),
        "packages/x/node_modules/p/i.js": use("no"),
        "packages/x/dist/i.js": use("no"),
        "dist/i.js": use("no"),
        "build/i.js": use("no"),
        ".next/i.js": use("no"),
        // Eleventy's copies, from which Vite builds.
        "_site/i.js": use("no"),
        ".scope/build-production/i.js": use("no"),
        "scope/i.js": use("no"),
        "src/scope-types/no.d.ts": `declare module "scope:no" {}; type X = import("scope:no").X;`,
      }),
    ).toEqual(["src/[id]/(x)/c.vue scope:c", "src/b.ts scope:b", "src/build/a.mts scope:a", "z.cjs scope:z"]);
  });

  it("what include matches, also with a negation", async () => {
    const files = {
      "a.ts": use("a"),
      "lib/b.ts": use("b"),
      "lib/old/c.ts": use("c"),
      ".vitepress/d.ts": use("d"),
    };
    expect(await find(files, { include: ["lib/**/*.ts", "!lib/old/**"] })).toEqual(["lib/b.ts scope:b"]);
    expect(await find(files, { include: [".vitepress/*.ts"] })).toEqual([".vitepress/d.ts scope:d"]);
  });

  it("a snapshot folder that is the root doesn't hide the sources", async () => {
    expect(await find({ "a.ts": use("a") }, { snapshotDir: "." })).toEqual(["a.ts scope:a"]);
  });

  it("links that are circular or broken", async () => {
    const cwd = await projectFolder({ "package-lock.json": "{}", "src/a.ts": use("a") });
    await symlink(cwd, join(cwd, "src/circle"));
    await symlink(join(cwd, "gone.ts"), join(cwd, "src/gone.ts"));
    const { uses } = await findUses(await loadOptions({ cwd, env: {} }));
    expect(uses.map((found) => relative(cwd, found.file))).toEqual(["src/a.ts"]);
  });

  it("an unreadable file is an error that names it", async () => {
    const cwd = await projectFolder({ "package-lock.json": "{}", "huge.ts": "" });
    // No file system keeps the superuser from reading; a file too large for memory stops everybody.
    await truncate(join(cwd, "huge.ts"), 3 * 1024 ** 3);
    const options = await loadOptions({ cwd, env: {} });
    await expect(findUses(options)).rejects.toMatchObject({
      code: "file_unreadable",
      where: { file: join(cwd, "huge.ts") },
    });
  });
});

describe("findPlace", () => {
  it("returns the place in the file's own text, also in a component's script", async () => {
    const file = join(
      await projectFolder({
        "App.vue": '<template/>\n<script setup>\nimport a from "scope:a";\n</script>\n',
      }),
      "App.vue",
    );
    const importedAt = { line: 3, column: 15 };
    expect(await findPlace(`${file}?vue&type=script`, "scope:a")).toEqual({ importedBy: file, importedAt });
  });

  it("returns nothing for an import that a loader added, or for a missing file", async () => {
    const root = await projectFolder({ "a.js": "export {};\n" });
    expect(await findPlace(join(root, "a.js"), "scope:a")).not.toHaveProperty("importedAt");
    expect(await findPlace(join(root, "b.js"), "scope:a")).not.toHaveProperty("importedAt");
    expect(await findPlace(root, "scope:a")).not.toHaveProperty("importedAt");
  });
});

describe("sources and what tsc writes", () => {
  it("JavaScript and declarations in the outDir of each tsconfig above are no sources", async () => {
    const files = {
      "tsconfig.base.json": '{ "compilerOptions": { "noEmit": true, "outDir": "generated" } }',
      "tsconfig.types.json": '{ "compilerOptions": { "emitDeclarationOnly": true, "outDir": "scripts" } }',
      "tsconfig.build.json":
        '{ "extends": "./tsconfig.base.json", "compilerOptions": { "noEmit": false, "outDir": "lib" } }',
      "src/a.ts": use("a"),
      "lib/a.js": use("a"),
      "lib/a.d.ts": use("a"),
      "library/a.js": use("a"),
      "generated/a.js": use("a"),
      "scripts/a.js": use("a"),
      "packages/a/tsconfig.json": '{ "compilerOptions": { "outDir": "out" } }',
      "packages/a/out/deep/a.js": use("a"),
      "packages/b/tsconfig.json": '{ "compilerOptions": { "outDir": "src" } }',
      "packages/b/src/a.ts": use("a"),
      "packages/b/src/a.js": use("a"),
      "packages/c/tsconfig.json": '{ "compilerOptions": { "outDir": "." } }',
      "packages/c/a.js": use("a"),
    };
    const sources = ["generated/a.js", "library/a.js", "packages/b/src/a.ts", "packages/c/a.js"];
    const expected = [...sources, "scripts/a.js", "src/a.ts"].map((file) => `${file} scope:a`);
    expect(await find(files)).toEqual(expected);
  });

  // Git leaves these out: without them, a prune would remove snapshots that are used.
  it.each<[string, ignored: string, file: string]>([
    ["generated code", "generated/", "src/generated/a.js"],
    ["packages", "/packages/*", "packages/a/src/a.ts"],
    ["the project's own folder", "/playground/*", "playground/src/a.ts"],
    ["a sandbox", "sandbox/", "sandbox/a.ts"],
  ])("what git ignores is a source: %s", async (_, ignored, file) => {
    const files = { ".gitignore": ignored, "package.json": "{}", "src/index.ts": "", [file]: use("a") };
    expect(await find(files, {}, { hasGit: true })).toEqual([`${file} scope:a`]);
    if (!file.startsWith("playground")) return;
    const inside = { ...files, "playground/scope.config.json": "{}" };
    expect(await find(inside, {}, { below: "playground", hasGit: true })).toEqual(["src/a.ts scope:a"]);
  });
});
