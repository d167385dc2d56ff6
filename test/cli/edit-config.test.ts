import { describe, expect, it } from "vitest";
import { addPlugin } from "../../src/commands/project-files/edit-config.ts";
import type { PluginEdit } from "../../src/commands/project-files/tools.ts";

function edit(edit: PluginEdit, text: string, entry = "unplugin-scope/vite"): string | undefined {
  return addPlugin(
    { name: "", entry, edit, configs: [], packages: [], lines: "", page: "", brings: [] },
    text,
  );
}

const VITE = `import { defineConfig } from "vite";\n`;
const IMPORT = `import scope from "unplugin-scope/vite";\n`;

describe("adds the plugin to a config", () => {
  it.each<[string, PluginEdit, string, string]>([
    [
      "in a list on one line",
      "plugins",
      `import { defineConfig } from "vite";\n\nexport default defineConfig({ plugins: [vue()] });\n`,
      `${IMPORT}import { defineConfig } from "vite";\n\nexport default defineConfig({ plugins: [scope(), vue()] });\n`,
    ],
    [
      "in a list on several lines",
      "plugins",
      `import { x } from "y";\nexport default {\n  plugins: [\n    // first\n    vue(),\n  ],\n};\n`,
      `${IMPORT}import { x } from "y";\nexport default {\n  plugins: [\n    scope(), // first\n    vue(),\n  ],\n};\n`.replace(
        "scope(), // first",
        "scope(),\n    // first",
      ),
    ],
    [
      "in an empty list",
      "plugins",
      "export default { plugins: [] }",
      `${IMPORT}\nexport default { plugins: [scope()] }`,
    ],
    [
      "in an empty object",
      "plugins",
      `${VITE}export default defineConfig({});`,
      `${IMPORT}${VITE}export default defineConfig({ plugins: [scope()] });`,
    ],
    [
      "without any plugins",
      "plugins",
      "export default {\n\tserver: {},\n};\n",
      `${IMPORT}\nexport default {\n\tplugins: [scope()],\n\tserver: {},\n};\n`,
    ],
    [
      "in single quotes, without semicolons",
      "plugins",
      `import a from 'a'\nexport default { plugins: [a()] }\n`,
      `import scope from 'unplugin-scope/vite'\nimport a from 'a'\nexport default { plugins: [scope(), a()] }\n`,
    ],
    [
      "with Windows line endings",
      "plugins",
      'import a from "a";\r\nexport default {\r\n  a,\r\n};\r\n',
      'import scope from "unplugin-scope/vite";\r\nimport a from "a";\r\nexport default {\r\n  plugins: [scope()],\r\n  a,\r\n};\r\n',
    ],
    [
      "before comments in an empty list",
      "plugins",
      "export default {\n  plugins: [\n    // react(),\n  ],\n};\n",
      `${IMPORT}\nexport default {\n  plugins: [\n    scope(),\n    // react(),\n  ],\n};\n`,
    ],
    [
      "in an empty list on two lines",
      "plugins",
      "export default {\n   plugins: [\n   ],\n};\n",
      `${IMPORT}\nexport default {\n   plugins: [\n      scope()\n   ],\n};\n`,
    ],
    [
      "before a comment in an empty list on one line",
      "plugins",
      "export default { plugins: [/* none */] };",
      `${IMPORT}\nexport default { plugins: [scope(), /* none */] };`,
    ],
    [
      "before a comment in an empty object",
      "plugins",
      "export default {\n  // nothing yet\n};\n",
      `${IMPORT}\nexport default {\n  plugins: [scope()],\n  // nothing yet\n};\n`,
    ],
    [
      "before a comment at the end of a bracket's line",
      "plugins",
      "export default { // nothing yet\n};\n",
      `${IMPORT}\nexport default { plugins: [scope()], // nothing yet\n};\n`,
    ],
    [
      "through a variable",
      "plugins",
      "const config: UserConfig = { plugins: [a] };\nexport default config;\n",
      `${IMPORT}\nconst config: UserConfig = { plugins: [scope(), a] };\nexport default config;\n`,
    ],
    [
      "of a function",
      "plugins",
      `${VITE}export default defineConfig(({ mode }) => ({ plugins: [a] }))`,
      `${IMPORT}${VITE}export default defineConfig(({ mode }) => ({ plugins: [scope(), a] }))`,
    ],
    [
      "of a function with a body",
      "plugins",
      `${VITE}export default defineConfig(async (env) => {\n  const x = await y();\n  return { plugins: [x] };\n});`,
      `${IMPORT}${VITE}export default defineConfig(async (env) => {\n  const x = await y();\n  return { plugins: [scope(), x] };\n});`,
    ],
    [
      "of the tool's function as a member",
      "plugins",
      `import * as vite from "vite";\nexport default vite.defineConfig({ a: 1 });`,
      `${IMPORT}import * as vite from "vite";\nexport default vite.defineConfig({ plugins: [scope()], a: 1 });`,
    ],
    [
      "in an empty object on two lines",
      "plugins",
      `${VITE}export default defineConfig({\n});\n`,
      `${IMPORT}${VITE}export default defineConfig({\n  plugins: [scope()]\n});\n`,
    ],
    [
      "behind a byte order mark",
      "plugins",
      `\uFEFF${VITE}export default defineConfig({ a: 1 });\n`,
      `\uFEFF${IMPORT}${VITE}export default defineConfig({ plugins: [scope()], a: 1 });\n`,
    ],
    [
      "with a type assertion in parentheses",
      "plugins",
      "export default defineNuxtConfig(({ plugins: [a] as Plugin[] }) as const);",
      `${IMPORT}\nexport default defineNuxtConfig(({ plugins: [scope(), a] as Plugin[] }) as const);`,
    ],
    [
      "with a type after it",
      "plugins",
      "export default { plugins: [a] } satisfies UserConfig;",
      `${IMPORT}\nexport default { plugins: [scope(), a] } satisfies UserConfig;`,
    ],
    [
      "below comments that belong to the code",
      "plugins",
      "// @ts-check\n/** @type {import('x').C} */\nexport default { a: 1 };",
      `// @ts-check\n${IMPORT}\n/** @type {import('x').C} */\nexport default { plugins: [scope()], a: 1 };`,
    ],
    [
      "if the name is taken",
      "plugins",
      `import scope from "other";\nexport default { plugins: [scope()] };`,
      `import scopePlugin from "unplugin-scope/vite";\nimport scope from "other";\nexport default { plugins: [scopePlugin(), scope()] };`,
    ],
    [
      "with a key in quotes",
      "plugins",
      `export default { "plugins": [a] };`,
      `${IMPORT}\nexport default { "plugins": [scope(), a] };`,
    ],
    [
      "in Nuxt, without a Vite config",
      "vite.plugins",
      "export default defineNuxtConfig({\n  ssr: true,\n});\n",
      `${IMPORT}\nexport default defineNuxtConfig({\n  vite: { plugins: [scope()] },\n  ssr: true,\n});\n`,
    ],
    [
      "in Astro, next to others",
      "vite.plugins",
      `import { defineConfig } from "astro/config";\nexport default defineConfig({ vite: { plugins: [a()] }, plugins: [no] });`,
      `${IMPORT}import { defineConfig } from "astro/config";\nexport default defineConfig({ vite: { plugins: [scope(), a()] }, plugins: [no] });`,
    ],
    [
      "in Nuxt, with other Vite settings",
      "vite.plugins",
      "export default defineNuxtConfig({ vite: { css: {} } });",
      `${IMPORT}\nexport default defineNuxtConfig({ vite: { plugins: [scope()], css: {} } });`,
    ],
  ])("%s", (_, style, before, after) => {
    expect(edit(style, before)).toBe(after);
  });

  it.each([
    [
      "CommonJS",
      `"use strict";\nconst path = require("path");\n\nmodule.exports = { mode: "none", plugins: [new A()] };\n`,
      `"use strict";\nconst scope = require("unplugin-scope/webpack");\nconst path = require("path");\n\nmodule.exports = { mode: "none", plugins: [scope(), new A()] };\n`,
    ],
    [
      "CommonJS without require",
      `module.exports = (env) => ({ mode: env.mode });`,
      `const scope = require("unplugin-scope/webpack");\n\nmodule.exports = (env) => ({ plugins: [scope()], mode: env.mode });`,
    ],
  ])("%s", (_, before, after) => {
    expect(edit("plugins", before, "unplugin-scope/webpack")).toBe(after);
  });

  it.each([
    `import { defineConfig } from "vitest/config";`,
    `import { defineProject as defineConfig } from "vitest/config";`,
    `import { defineConfig } from 'rollup';`,
    `const { defineConfig } = require("rolldown");`,
    `import { defineConfig } from "@rspack/cli";`,
    `import { defineConfig } from "@farmfe/core";`,
    `import { defineNuxtConfig as defineConfig } from "nuxt/config";`,
  ])("in a call of the tool's own function: %s", (line) => {
    expect(edit("plugins", `${line}\nexport default defineConfig({ a: 1 });`)).toContain(
      "defineConfig({ plugins: [scope()], a: 1 })",
    );
  });

  it.each([
    [
      "a name",
      `const nextConfig = {};\n\nexport default nextConfig;\n`,
      `import { withScope } from "unplugin-scope/next";\n\nconst nextConfig = {};\n\nexport default withScope(nextConfig);\n`,
    ],
    [
      "an object",
      `module.exports = { a: 1 };\n`,
      `const { withScope } = require("unplugin-scope/next");\n\nmodule.exports = withScope({ a: 1 });\n`,
    ],
    [
      "a call",
      `import mdx from "mdx";\nexport default mdx({})\n`,
      `import { withScope } from "unplugin-scope/next"\nimport mdx from "mdx"\nexport default withScope(mdx({}))\n`
        .replace('"mdx"\n', '"mdx";\n')
        .replace('next"\n', 'next";\n'),
    ],
    [
      "a call of a call",
      `export default withMdx({})({ a: 1 });\n`,
      `import { withScope } from "unplugin-scope/next";\n\nexport default withScope(withMdx({})({ a: 1 }));\n`,
    ],
    [
      "a typed object",
      `import type { NextConfig } from "next";\nexport default { a: 1 } satisfies NextConfig;\n`,
      `import { withScope } from "unplugin-scope/next";\nimport type { NextConfig } from "next";\nexport default withScope({ a: 1 } satisfies NextConfig);\n`,
    ],
    [
      "a function",
      `module.exports = async (phase) => ({});\n`,
      `const { withScope } = require("unplugin-scope/next");\n\nmodule.exports = withScope(async (phase) => ({}));\n`,
    ],
    [
      "an expression",
      "export default a ? b : c;",
      `import { withScope } from "unplugin-scope/next";\n\nexport default withScope(a ? b : c);`,
    ],
  ])("Next: %s", (_, before, after) => {
    expect(edit("next", before, "unplugin-scope/next")).toBe(after);
  });
});

describe("leaves alone what can't be edited safely", () => {
  it.each<[string, PluginEdit, string]>([
    ["brackets that do not match", "plugins", "export default { plugins: [ };"],
    ["no export", "plugins", "const config = {};"],
    ["two exports", "plugins", "if (x) module.exports = {}; \nmodule.exports = {};\nmodule.exports = {};"],
    ["a list of configs", "plugins", "export default [{ plugins: [] }, {}];"],
    ["plugins from elsewhere", "plugins", "export default { plugins: common };"],
    ["plugins as a shorthand property", "plugins", "export default { plugins };"],
    ["plugins that a spread could contain", "plugins", "export default { ...base };"],
    ["an imported config", "plugins", `import config from "./x";\nexport default config;`],
    [
      "a function with two returns",
      "plugins",
      "export default () => { if (a) return {}; return { plugins: [] }; }",
    ],
    [
      "a config from somebody else's function",
      "plugins",
      `import { createConfig } from "@acme/vite-config";\nexport default createConfig({ server: { port: 1 } });`,
    ],
    [
      "somebody else's function inside a tool's own",
      "plugins",
      `${VITE}import { withReact } from "./react";\nexport default defineConfig(withReact({ plugins: [] }));`,
    ],
    [
      "a function of the file",
      "plugins",
      "const make = (o) => ({ plugins: [], ...o });\nexport default make({});",
    ],
    ["plugins that a later spread could replace", "plugins", "export default { plugins: [a], ...base };"],
    [
      "a config that is replaced later",
      "plugins",
      "let config = {};\nconfig = { ...config, plugins: [] };\nexport default config;",
    ],
    [
      "a config that is changed later",
      "plugins",
      "const config = { plugins: [] };\nif (x) config.plugins = [];\nmodule.exports = config;",
    ],
    ["a class instance", "plugins", "module.exports = new Config().toConfig();"],
    ["a config made by chaining", "plugins", "module.exports = base.merge({ a: 1 });"],
    ["both names taken", "plugins", "const scope = 1, scopePlugin = 2;\nexport default { plugins: [] };"],
    [
      "another tool's plugin",
      "plugins",
      `import scope from "unplugin-scope/rollup";\nexport default { plugins: [scope()] };`,
    ],
    ["a declared function for Next", "next", "export default function config() { return {}; }"],
    ["Vite settings from elsewhere", "vite.plugins", "export default { vite: viteConfig };"],
  ])("%s", (_, style, text) => {
    expect(edit(style, text)).toBeUndefined();
  });
});
