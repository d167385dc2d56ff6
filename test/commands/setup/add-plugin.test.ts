import { describe, expect, it } from "vitest";
import { addPlugin } from "../../../src/commands/setup/plan.ts";

const VITE = `import { defineConfig } from "vite";\n`;
const IMPORT = `«import scope from "unplugin-scope/vite";\n»`;

/** Configs, with what is added between « and ». */
const PLUGINS: Readonly<Record<string, string>> = {
  "in a list on one line": `${VITE}${IMPORT}\nexport default defineConfig({ plugins: [«scope(), »vue()] });\n`,
  "in a list on several lines": `import { x } from "y";\n${IMPORT}export default {\n  plugins: [«\n    scope(),»\n    // first\n    vue(),\n  ],\n};\n`,
  "in an empty list": `${IMPORT}«\n»export default { plugins: [«scope()»] }`,
  "in single quotes, without semicolons": `import a from 'a'\n«import scope from 'unplugin-scope/vite'\n»export default { plugins: [«scope(), »a()] }\n`,
  "with Windows line endings": `import a from "a";\r\n«import scope from "unplugin-scope/vite";\r\n»export default {\r\n  plugins: [«\r\n    scope(),»\r\n    a,\r\n  ],\r\n};\r\n`,
  "before comments in an empty list": `${IMPORT}«\n»export default {\n  plugins: [«\n    scope(),»\n    // react(),\n  ],\n};\n`,
  "in an empty list on two lines": `${IMPORT}«\n»export default {\n   plugins: [«\n      scope()»\n   ],\n};\n`,
  "before a comment in an empty list on one line": `${IMPORT}«\n»export default { plugins: [«scope(), »/* none */] };`,
  "of the tool's function as a member": `import * as vite from "vite";\n${IMPORT}export default vite.defineConfig({ plugins: [«scope()»], a: 1 });`,
  "of the tool's function under another name": `import { defineProject as defineConfig } from "vitest/config";\n${IMPORT}export default defineConfig({ plugins: [«scope()»], a: 1 });`,
  "behind a byte order mark": `\uFEFF${VITE}${IMPORT}export default defineConfig({ plugins: [«scope()»], a: 1 });\n`,
  "with a type assertion in parentheses": `${IMPORT}«\n»export default defineNuxtConfig(({ plugins: [«scope(), »a] as Plugin[] }) as const);`,
  "with a type after it": `${IMPORT}«\n»export default { plugins: [«scope(), »a] } satisfies UserConfig;`,
  "below comments that belong to the code": `// @ts-check\n${IMPORT}«\n»/** @type {import('x').C} */\nexport default { plugins: [«scope()»], a: 1 };`,
  "with a key in quotes": `${IMPORT}«\n»export default { "plugins": [«scope(), »a] };`,
  "in CommonJS": `"use strict";\nconst path = require("path");\n«const scope = require("unplugin-scope/vite");\n»\nmodule.exports = { mode: "none", plugins: [«scope(), »new A()] };\n`,
};

describe("adds the plugin", () => {
  it.each(Object.entries(PLUGINS))("%s", (_, marked) => {
    const before = marked.replace(/«[^»]*»/g, "");
    expect(addPlugin(before, "unplugin-scope/vite")).toBe(marked.replace(/[«»]/g, ""));
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
  "Vitest's projects, which don't inherit plugins": "export default { plugins: [], test: { projects: [] } };",
  "no plugins": "export default { server: {} };",
  "plugins that a spread could replace": "export default { plugins: [a], ...base };",
  "an imported config": `import config from "./x";\nexport default config;`,
  "a function": "export default ({ mode }) => ({ plugins: [] });",
  "a config in a variable": "const config = { plugins: [] };\nexport default config;",
  "that inside a tool's own": `${VITE}export default defineConfig(withReact({ plugins: [] }));`,
  "a function of the file": "const make = (o) => ({ plugins: [], ...o });\nexport default make({});",
  "a class instance": "module.exports = new Config().toConfig();",
  "the name is taken": `import scope from "other";\nexport default { plugins: [scope()] };`,
  "another plugin of ours": `import a from "unplugin-scope/rollup";\nexport default { plugins: [a()] };`,
};

it.each(Object.entries(LEFT_ALONE))("leaves alone: %s", (_, text) => {
  expect(addPlugin(text, "unplugin-scope/vite")).toBeUndefined();
});
