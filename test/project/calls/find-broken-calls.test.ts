import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findBrokenCalls } from "../../../src/project/calls/find-broken-calls.ts";
import { componentScript } from "../../../src/project/discovery/component-scripts.ts";
import { ROOT } from "../../support/run.ts";
import { projectFolder } from "../config/project-folder.ts";

/** The declaration of a text prompt with these variables. */
function prompt(name: string, ...variables: string[]): [string, string] {
  const specifier = `scope:${name}`;
  const members = variables.map((variable) => `${variable}: string`).join("; ");
  return [
    specifier,
    `declare module "${specifier}" {
  export type Variables = { ${members} };
  export function render(variables: Variables): string;
  export { render as default };
  export const metadata: { readonly size: number };
}`,
  ];
}

const STRICT = { strict: true, module: "esnext", moduleResolution: "bundler", lib: ["es2022"], types: [] };
const tsconfig = (more: object = {}, options: object = {}) =>
  JSON.stringify({ compilerOptions: { ...STRICT, ...options }, ...more });

interface Given {
  readonly files: Readonly<Record<string, string>>;
  readonly before: readonly [string, string][];
  readonly after: readonly [string, string][];
}

/** `file:line specifiers` of each broken call. */
async function broken({ files, before, after }: Given, warned: string[] = []): Promise<string[]> {
  const root = await projectFolder({ "package.json": "{}", ...files });
  const paths = Object.keys(files).map((path) => join(root, path));
  const { calls, warnings } = await findBrokenCalls({
    befores: [new Map(before)],
    afters: [new Map(after)],
    typesFile: join(root, "scope.d.ts"),
    sources: paths.filter((path) => /\.(?:[cm]?[jt]sx?)$/.test(path)),
    components: paths.flatMap((path) => {
      if (!/\.(?:vue|svelte|astro)$/.test(path)) return [];
      return componentScript(files[path.slice(root.length + 1)] ?? "", path) ?? [];
    }),
  });
  warned.push(...warnings);
  return calls.map(
    ({ file, line, specifiers }) => `${file.slice(root.length + 1)}:${line} ${specifiers.join("+")}`,
  );
}

const change = {
  before: [prompt("a", "x"), prompt("b", "x")],
  after: [prompt("a", "x", "y"), prompt("b", "x")],
};
const CALL = `import a from "scope:a";\na({ x: "1" });\n`;

describe("which files are looked at", () => {
  // biome-ignore format: one row a line
  it.each([
    ["the files of the tsconfig", { "tsconfig.json": tsconfig(), "a.ts": CALL }, ["a.ts:2 scope:a"]],
    [
      "a solution of several tsconfigs",
      {
        "tsconfig.json": JSON.stringify({
          files: [],
          references: [{ path: "app" }, { path: "./tools/tsconfig.node.json" }],
        }),
        "app/tsconfig.json": tsconfig({ include: ["src"] }, { composite: true }),
        "app/src/a.ts": CALL,
        "tools/tsconfig.node.json": tsconfig({ files: ["build.ts"] }, { composite: true }),
        "tools/build.ts": CALL,
      },
      ["app/src/a.ts:2 scope:a", "tools/build.ts:2 scope:a"],
    ],
    [
      "each package's own tsconfig",
      {
        "one/tsconfig.json": tsconfig(),
        "one/a.ts": CALL,
        "two/tsconfig.json": tsconfig({}, { strict: false }),
        "two/a.ts": CALL,
      },
      ["one/a.ts:2 scope:a", "two/a.ts:2 scope:a"],
    ],
    ["a tsconfig with comments that extends another", { "base.json": tsconfig(), "tsconfig.json": '{\n  // ours\n  "extends": "./base.json",\n}', "a.ts": CALL }, ["a.ts:2 scope:a"]],
    ["no file that no tsconfig includes", { "tsconfig.json": tsconfig({ include: ["src"] }), "src/x.ts": "export {};", "a.config.ts": CALL }, []],
    ["no JavaScript next to TypeScript", { "tsconfig.json": tsconfig(), "a.js": CALL }, []],
    ["JavaScript that tsc checks", { "tsconfig.json": tsconfig({}, { allowJs: true, checkJs: true }), "a.js": CALL }, ["a.js:2 scope:a"]],
    [
      "a package that gets a prompt through another one",
      {
        "core/tsconfig.json": tsconfig(),
        "core/index.ts": `export { default as reply } from "scope:a";\n`,
        "app/tsconfig.json": tsconfig(),
        "app/main.ts": `import { reply } from "../core/index";\nreply({ x: "1" });\n`,
      },
      ["app/main.ts:2 scope:a"],
    ],
    [
      "tests with their own tsconfig, through a file of another one",
      {
        "tsconfig.json": tsconfig({ include: ["src"] }),
        "src/prompts.ts": `export { default as reply } from "scope:a";\n`,
        "test/tsconfig.json": tsconfig(),
        "test/a.test.ts": `import { reply } from "../src/prompts";\nreply({ x: "1" });\n`,
      },
      ["test/a.test.ts:2 scope:a"],
    ],
    [
      "a referenced project that isn't built, through its sources",
      {
        "tsconfig.json": JSON.stringify({ files: [], references: [{ path: "core" }, { path: "app" }] }),
        "core/tsconfig.json": tsconfig(
          {},
          { composite: true, outDir: "dist", rootDir: "src", noEmit: false },
        ),
        "core/src/index.ts": `export { default as reply } from "scope:a";\n`,
        "app/tsconfig.json": tsconfig(
          { references: [{ path: "../core" }] },
          { composite: true, paths: { core: ["../core/dist/index.d.ts"] } },
        ),
        "app/main.ts": `import { reply } from "core";\nreply({ x: "1" });\n`,
      },
      ["app/main.ts:2 scope:a"],
    ],
    [
      "JavaScript that asks to be checked",
      {
        "tsconfig.json": tsconfig({}, { allowJs: true }),
        "a.js": `// @ts-check\n${CALL}`,
      },
      ["a.js:3 scope:a"],
    ],
    [
      "components, at their own lines",
      {
        "tsconfig.json": tsconfig({ include: ["**/*.ts", "**/*.vue", "**/*.svelte", "**/*.astro"] }),
        "prompts.ts": `export { default as a } from "scope:a";\n`,
        "A.vue": `<template>\n<p/></template>\n<script>\nexport default {};\n</script>\n<script setup lang="ts">\nimport { a } from "./prompts";\nconst t = a({ x: "1" });\n</script>`,
        "B.svelte": `<script context="module" lang="ts">\n  import { a } from "./prompts";\n</script>\n<script lang="ts">\n  $: text = a({ x: "1" });\n</script>\n<p>{text}</p>`,
        "C.astro": `---\nimport { a } from "./prompts";\nif (!a) return;\na({ x: "1" });\n---\n<script>\n  import { a } from "./prompts";\n  a({ x: "1" });\n</script>`,
        "D.vue": `<script>\nimport a from "scope:a";\na({ x: "1" });\n</script>`,
      },
      ["A.vue:8 scope:a", "B.svelte:5 scope:a", "C.astro:4 scope:a", "C.astro:8 scope:a"],
    ],
    [
      "the nearest tsconfig that has a file, whatever its name",
      {
        "package.json": "{}",
        "tsconfig.json": tsconfig({ include: ["lib"] }),
        "lib/x.ts": "export {};",
        "apps/x/tsconfig.app.json": tsconfig({ include: ["src"] }),
        "apps/x/src/main.ts": CALL,
      },
      ["apps/x/src/main.ts:2 scope:a"],
    ],
    [
      "no components that the tsconfig doesn't name",
      {
        "tsconfig.json": tsconfig({ include: ["**/*.ts"] }),
        "x.ts": "export {};",
        "A.vue": `<script setup lang="ts">\n${CALL}</script>`,
      },
      [],
    ],
  ])("%s", async (_, files, expected) => {
    expect(await broken({ files, ...change })).toEqual(expected);
  });

  it("a base that a framework hasn't written yet is reported, and the rest is checked", async () => {
    const warnings: string[] = [];
    const files = { "tsconfig.json": '{ "extends": "./.nuxt/tsconfig.json" }', "a.ts": CALL };
    expect(await broken({ files, ...change }, warnings)).toEqual(["a.ts:2 scope:a"]);
    expect(warnings).toEqual([expect.stringContaining("extends a config that doesn't exist")]);
  });

  it("a TypeScript 5 project is checked with its defaults", async () => {
    const files = {
      "tsconfig.json": tsconfig({}, { strict: undefined, types: undefined }),
      // Without strict, undefined goes with everything: only the new variable breaks this.
      "a.ts": `import a from "scope:a";\na({ x: undefined });\nexport const id: number = globalOfTypes;\n`,
      "node_modules/@types/globals/index.d.ts": "declare const globalOfTypes: number;",
      "node_modules/@types/globals/package.json": '{ "name": "@types/globals", "version": "1.0.0" }',
      "node_modules/typescript/package.json": '{ "version": "5.9.3" }',
    };
    expect(await broken({ files, ...change })).toEqual(["a.ts:2 scope:a"]);
    const six = { ...files, "node_modules/typescript/package.json": '{ "version": "6.0.0" }' };
    expect(await broken({ files: six, ...change })).toEqual([]);
  });
});

// biome-ignore format: one row a line
it.each<[what: string, files: Readonly<Record<string, string>>, expected: string]>([
  ["only what wasn't there before", { "a.ts": `import a from "scope:a";\nconst n: number = "";\na({});\na({ x: "1" });\na({ x: 1 });\n` }, "a.ts:4"],
  [
    "what a global or an augmented type passes on",
    { "globals.ts": `declare global { type A = import("scope:a").Variables; }\nexport {};\n`, "use.ts": `export const values: A = { x: "1" };\n` },
    "use.ts:1",
  ],
  [
    "errors through files that import each other in a circle",
    {
      "one.ts": `import { two } from "./two";\nexport { default as a } from "scope:a";\nexport const one = () => two;\n`,
      "two.ts": `import { a, one } from "./one";\nexport const two: () => unknown = () => one;\na({ x: "1" });\n`,
    },
    "two.ts:3",
  ],
  [
    "no module of a package, which isn't part of the project",
    { "node_modules/lib/index.ts": CALL, "node_modules/lib/package.json": '{ "name": "lib", "main": "index.ts" }', "a.ts": `import "lib";\n${CALL}` },
    "a.ts:3",
  ],
])("what counts: %s", async (_, files, expected) => {
  expect(await broken({ files: { "tsconfig.json": tsconfig(), ...files }, ...change })).toEqual([`${expected} scope:a`]);
});

describe("which prompt is to blame", () => {
  const both = {
    before: [prompt("a", "x"), prompt("b", "x")],
    after: [prompt("a", "x", "y"), prompt("b", "z")],
  };
  const HEAD = `import a from "scope:a";\nimport b from "scope:b";\n`;

  // biome-ignore format: one row a line
  it.each<[what: string, text: string, expected: string[], other?: string]>([
    ["calls side by side", `a({ x: "1" });\nb({ x: "1" });\n`, ["3 scope:a", "4 scope:b"]],
    ["a call inside a call", `b({ z: a({ x: "1" }) });\n`, ["3 scope:a"]],
    ["in one statement", `export const t = [a({ x: "1" }),\n  b({ x: "1" })];\n`, ["3 scope:a", "4 scope:b"]],
    [
      "values that are passed on",
      `const fa: (v: { x: string }) => string = a;\nconst run = <T>(f: (v: T) => string, v: T) => f(v);\nrun(b, { x: "" });\n`,
      ["3 scope:a", "5 scope:b"],
    ],
    ["by another name, around a call of the other", `const say = b;\nsay({ x: a({ x: "1", y: "2" }) });\n`, ["4 scope:b"]],
    ["a type from both: each breaks it, and the first is named", `export const v: Parameters<typeof a>[0] & Parameters<typeof b>[0] = { x: "1" };\n`, ["3 scope:a"]],
    ["both, if only both together break it", `export const v: Parameters<typeof a>[0] | Parameters<typeof b>[0] = { x: "1" };\n`, ["3 scope:a+scope:b"]],
    ["through another file, around a call of the other", `import { other } from "./b";\nother({ x: a({ x: "1", y: "2" }) });\n`, ["3 scope:b"], `export { default as other } from "scope:b";\n`],
  ])("%s", async (_, text, expected, other = "") => {
    const files = { "tsconfig.json": tsconfig(), "b.ts": other, "t.ts": (other ? HEAD.replace(/.*scope:b.*\n/, "") : HEAD) + text };
    expect(await broken({ files, ...both })).toEqual(expected.map((one) => `t.ts:${one}`));
  });

  it("is found among many in a file that re-exports them all", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `p${index}`);
    const files = {
      "tsconfig.json": tsconfig(),
      "all.ts": names.map((name) => `export * as ${name} from "scope:${name}";`).join("\n"),
      "use.ts": `import * as all from "./all";\nconst size = all.p7.metadata.size;\nexport const n: number = size;\nall.p23.render({ x: "1" });\n`,
    };
    const before = names.map((name) => prompt(name, "x"));
    const after = names.map((name): [string, string] => {
      if (name === "p23") return prompt(name, "x", "y");
      const [specifier, block] = prompt(name, "x");
      return [
        specifier,
        block.replace("size: number", name === "p7" ? "size: string" : "size: number; readonly more: 1"),
      ];
    });
    expect(await broken({ files, before, after })).toEqual(["use.ts:3 scope:p7", "use.ts:4 scope:p23"]);
  });
});

it("works with any version of the typescript package, or without one", async () => {
  const root = await projectFolder({ "tsconfig.json": tsconfig(), "a.ts": CALL });
  await mkdir(join(root, "node_modules"));
  await symlink(join(ROOT, "node_modules", "typescript-7"), join(root, "node_modules", "typescript"), "dir");
  const { calls } = await findBrokenCalls({
    befores: [new Map(change.before)],
    afters: [new Map(change.after)],
    typesFile: join(root, "scope.d.ts"),
    sources: [join(root, "a.ts")],
    components: [],
  });
  expect(calls.map(({ line, message }) => [line, message.split("\n")[0]])).toEqual([
    [2, "Argument of type '{ x: string; }' is not assignable to parameter of type 'Variables'."],
  ]);
});
