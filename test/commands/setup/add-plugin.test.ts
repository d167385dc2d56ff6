import { describe, expect, it } from "vitest";
import { addPlugin } from "../../../src/commands/setup/add-plugin.ts";
import type { PluginEdit } from "../../../src/commands/setup/tools.ts";

function edit(edit: PluginEdit, text: string, entry: string): string | undefined {
  return addPlugin(
    { name: "", entry, edit, configs: [], packages: [], lines: "", page: "", brings: [] },
    text,
  );
}

const VITE = `import { defineConfig } from "vite";\n`;
const IMPORT = `«import scope from "unplugin-scope/vite";\n»`;
const NEXT = `«import { withScope } from "unplugin-scope/next";\n»`;

/** Configs, with what is added between « and ». */
const PLUGINS: Readonly<Record<string, string>> = {
  "in a list on one line": `${VITE}${IMPORT}\nexport default defineConfig({ plugins: [«scope(), »vue()] });\n`,
  "in a list on several lines": `import { x } from "y";\n${IMPORT}export default {\n  plugins: [«\n    scope(),»\n    // first\n    vue(),\n  ],\n};\n`,
  "in an empty list": `${IMPORT}«\n»export default { plugins: [«scope()»] }`,
  "in an empty object": `${VITE}${IMPORT}export default defineConfig({« plugins: [scope()] »});`,
  "without any plugins": `${IMPORT}«\n»export default {«\n\tplugins: [scope()],»\n\tserver: {},\n};\n`,
  "in single quotes, without semicolons": `import a from 'a'\n«import scope from 'unplugin-scope/vite'\n»export default { plugins: [«scope(), »a()] }\n`,
  "with Windows line endings": `import a from "a";\r\n«import scope from "unplugin-scope/vite";\r\n»export default {«\r\n  plugins: [scope()],»\r\n  a,\r\n};\r\n`,
  "before comments in an empty list": `${IMPORT}«\n»export default {\n  plugins: [«\n    scope(),»\n    // react(),\n  ],\n};\n`,
  "in an empty list on two lines": `${IMPORT}«\n»export default {\n   plugins: [«\n      scope()»\n   ],\n};\n`,
  "before a comment in an empty list on one line": `${IMPORT}«\n»export default { plugins: [«scope(), »/* none */] };`,
  "before a comment in an empty object": `${IMPORT}«\n»export default {«\n  plugins: [scope()],»\n  // nothing yet\n};\n`,
  "before a comment at the end of a bracket's line": `${IMPORT}«\n»export default {« plugins: [scope()],» // nothing yet\n};\n`,
  "of the tool's function as a member": `import * as vite from "vite";\n${IMPORT}export default vite.defineConfig({« plugins: [scope()],» a: 1 });`,
  "of the tool's function under another name": `import { defineProject as defineConfig } from "vitest/config";\n${IMPORT}export default defineConfig({« plugins: [scope()],» a: 1 });`,
  "in an empty object on two lines": `${VITE}${IMPORT}export default defineConfig({«\n  plugins: [scope()]»\n});\n`,
  "behind a byte order mark": `\uFEFF${VITE}${IMPORT}export default defineConfig({« plugins: [scope()],» a: 1 });\n`,
  "with a type assertion in parentheses": `${IMPORT}«\n»export default defineNuxtConfig(({ plugins: [«scope(), »a] as Plugin[] }) as const);`,
  "with a type after it": `${IMPORT}«\n»export default { plugins: [«scope(), »a] } satisfies UserConfig;`,
  "below comments that belong to the code": `// @ts-check\n${IMPORT}«\n»/** @type {import('x').C} */\nexport default {« plugins: [scope()],» a: 1 };`,
  "if the name is taken": `import scope from "other";\n«import scopePlugin from "unplugin-scope/vite";\n»export default { plugins: [«scopePlugin(), »scope()] };`,
  "with a key in quotes": `${IMPORT}«\n»export default { "plugins": [«scope(), »a] };`,
  "in CommonJS": `"use strict";\nconst path = require("path");\n«const scope = require("unplugin-scope/vite");\n»\nmodule.exports = { mode: "none", plugins: [«scope(), »new A()] };\n`,
  "in CommonJS without require": `«const scope = require("unplugin-scope/vite");\n\n»module.exports = {« plugins: [scope()],» mode: "none" };`,
};
const IN_VITE: Readonly<Record<string, string>> = {
  "without Vite settings": `${IMPORT}«\n»export default defineNuxtConfig({«\n  vite: { plugins: [scope()] },»\n  ssr: true,\n});\n`,
  "next to other plugins": `import { defineConfig } from "astro/config";\n${IMPORT}export default defineConfig({ vite: { plugins: [«scope(), »a()] }, plugins: [no] });`,
  "with other Vite settings": `${IMPORT}«\n»export default defineNuxtConfig({ vite: {« plugins: [scope()],» css: {} } });`,
};
const IN_NEXT: Readonly<Record<string, string>> = {
  "around a name": `${NEXT}«\n»const nextConfig = {};\n\nexport default «withScope(»nextConfig«)»;\n`,
  "around an object": `«const { withScope } = require("unplugin-scope/next");\n\n»module.exports = «withScope(»{ a: 1 }«)»;\n`,
  "around a call": `import mdx from "mdx";\n${NEXT}export default «withScope(»mdx({})«)»\n`,
  "around a function": `«const { withScope } = require("unplugin-scope/next");\n\n»module.exports = «withScope(»async (phase) => ({})«)»;\n`,
};

describe.each([
  ["plugins", "vite", PLUGINS],
  ["vite.plugins", "vite", IN_VITE],
  ["next", "next", IN_NEXT],
] as const)("adds to %s", (style, entry, configs) => {
  it.each(Object.entries(configs))("%s", (_, marked) => {
    const before = marked.replace(/«[^»]*»/g, "");
    expect(edit(style, before, `unplugin-scope/${entry}`)).toBe(marked.replace(/[«»]/g, ""));
  });
});

/** Configs that stay as they are, by what is in the way. */
const LEFT_ALONE: Readonly<Record<string, string>> = {
  "brackets that do not match": "export default { plugins: [ };",
  "no export": "const config = {};",
  "two exports": "if (x) module.exports = {}; \nmodule.exports = {};\nmodule.exports = {};",
  "a list of configs": "export default [{ plugins: [] }, {}];",
  "plugins from elsewhere": "export default { plugins: common };",
  "plugins as a shorthand property": "export default { plugins };",
  "plugins that a spread could contain": "export default { ...base };",
  "plugins that a later spread could replace": "export default { plugins: [a], ...base };",
  "an imported config": `import config from "./x";\nexport default config;`,
  "a function": "export default ({ mode }) => ({ plugins: [] });",
  "a config in a variable": "const config = { plugins: [] };\nexport default config;",
  "somebody else's function": `import { make } from "@acme/vite";\nexport default make({ a: 1 });`,
  "that inside a tool's own": `${VITE}export default defineConfig(withReact({ plugins: [] }));`,
  "a function of the file": "const make = (o) => ({ plugins: [], ...o });\nexport default make({});",
  "a class instance": "module.exports = new Config().toConfig();",
  "a config made by chaining": "module.exports = base.merge({ a: 1 });",
  "both names taken": "const scope = 1, scopePlugin = 2;\nexport default { plugins: [] };",
  "another plugin of ours": `import a from "unplugin-scope/rollup";\nexport default { plugins: [a()] };`,
};

it.each([
  ...Object.entries(LEFT_ALONE).map(([what, text]) => ["plugins", what, text] as const),
  ["next", "a declared function", "export default function config() { return {}; }"],
  ["vite.plugins", "Vite settings from elsewhere", "export default { vite: viteConfig };"],
] as const)("leaves alone, in %s: %s", (style, _, text) => {
  expect(edit(style, text, "unplugin-scope/vite")).toBeUndefined();
});
