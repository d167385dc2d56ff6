import { describe, expect, it } from "vitest";
import { eslintEntries, exampleOf, extendEslintConfig } from "../../src/commands/init/edit-eslint.ts";

const IGNORES = ["scope/", "scope.d.ts"];
const PLAIN = eslintEntries(new Set(), IGNORES);
const WITH_IMPORT = eslintEntries(new Set(["eslint-plugin-import", "vite"]), IGNORES);
const RULE = '"import/no-unresolved": ["error", { ignore: ["^scope:"] }]';
const IMPORT = `import importPlugin from "eslint-plugin-import";\n`;

describe("a flat config takes", () => {
  it.each([
    [
      "what is ignored, in a list",
      "export default [\n  js.configs.recommended\n];\n",
      'export default [\n  js.configs.recommended,\n  { ignores: ["scope/", "scope.d.ts"] },\n];\n',
    ],
    [
      "what is ignored, in CommonJS with a name",
      "const config = [\n\ta(),\n];\nmodule.exports = config;\n",
      'const config = [\n\ta(),\n\t{ ignores: ["scope/", "scope.d.ts"] },\n];\nmodule.exports = config;\n',
    ],
    [
      "what is ignored, as an argument",
      `import t from "typescript-eslint";\nexport default t.config(\n  a,\n  { files: ["x"] },\n);\n`,
      `import t from "typescript-eslint";\nexport default t.config(\n  a,\n  { files: ["x"] },\n  { ignores: ["scope/", "scope.d.ts"] },\n);\n`,
    ],
  ])("%s", (_, before, after) => {
    expect(extendEslintConfig(before, PLAIN)).toBe(after);
  });

  it.each([
    "importPlugin.flatConfigs.recommended",
    'importPlugin.flatConfigs["recommended"]',
    '...importPlugin.configs["flat/all"]',
  ])("a rule whose plugin is there for every file, by %s", (element) => {
    const before = `${IMPORT}import { defineConfig } from "eslint/config";\nexport default defineConfig([${element}]);\n`;
    expect(extendEslintConfig(before, WITH_IMPORT)).toBe(
      before.replace(
        `${element}]`,
        `${element},\n  { ignores: ["scope/", "scope.d.ts"] },\n  {\n    rules: {\n      ${RULE},\n    },\n  },\n]`,
      ),
    );
  });
});

it.each([
  [
    "a rule whose plugin is there for some files",
    `${IMPORT}export default [{ files: ["a"], plugins: { import: importPlugin } }];`,
  ],
  ["a config that somebody else's function makes", "export default antfu({});"],
  ["a list from elsewhere", `import list from "./list.js";\nexport default list;`],
  ["a list that is no list", "export default { rules: {} };"],
  ["brackets that do not match", "export default [a(;"],
])("%s is left alone", (_, text) => {
  expect(extendEslintConfig(text, WITH_IMPORT)).toBeUndefined();
});

it("what to add by hand, for both kinds of config", () => {
  expect(exampleOf(WITH_IMPORT, true)).toBe(
    `{ ignores: ["scope/", "scope.d.ts"] },\n{ rules: {\n  ${RULE},\n} }`,
  );
  expect(exampleOf(WITH_IMPORT, false)).toContain(`rules: {\n  ${RULE},\n}`);
});
