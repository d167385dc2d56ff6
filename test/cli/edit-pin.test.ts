import { describe, expect, it } from "vitest";
import { removePin, setPin } from "../../src/commands/pin/edit-pin.ts";

const define = (config: string) =>
  `import { defineConfig } from "unplugin-scope";\n\nexport default defineConfig(${config});\n`;

describe("a pin in a config", () => {
  it.each<[what: string, file: string, before: string, key: string, after: string]>([
    ["empty JSON", "scope.config.json", "{}\n", "a", '{ "prompts": { "a": { "version": "v1" } } }\n'],
    [
      "JSON with lines",
      "scope.config.json",
      '{\n\t"label": "latest"\n}\n',
      "a/b",
      '{\n\t"prompts": {\n\t\t"a/b": { "version": "v1" }\n\t},\n\t"label": "latest"\n}\n',
    ],
    [
      "a key of package.json",
      "package.json",
      '{\n  "name": "x",\n  "scope": { "fetch": "never" }\n}\n',
      "a",
      '{\n  "name": "x",\n  "scope": { "prompts": { "a": { "version": "v1" } }, "fetch": "never" }\n}\n',
    ],
    [
      "a script with comments",
      "scope.config.ts",
      define('{\n  // why\n  label: "latest",\n}'),
      "a",
      define('{\n  prompts: {\n    a: { version: "v1" },\n  },\n  // why\n  label: "latest",\n}'),
    ],
    [
      "single quotes on one line",
      "scope.config.mjs",
      "export default { prompts: { b: {} }, label: 'latest' }\n",
      "a-b",
      "export default { prompts: { 'a-b': { version: 'v1' }, b: {} }, label: 'latest' }\n",
    ],
    [
      "Windows line endings",
      "scope.config.ts",
      'export default {\r\n  label: "latest",\r\n};\r\n',
      "a",
      'export default {\r\n  prompts: {\r\n    a: { version: "v1" },\r\n  },\r\n  label: "latest",\r\n};\r\n',
    ],
    [
      "an entry",
      "scope.config.ts",
      define('{ prompts: { a: { prompt: "x" } } }'),
      "a",
      define('{ prompts: { a: { version: "v1", prompt: "x" } } }'),
    ],
  ])("%s: there and back again", (_, file, before, key, after) => {
    expect(setPin({ file, text: before }, key, "v1")).toBe(after);
    expect(removePin({ file, text: after }, key, true)).toBe(before);
    expect(setPin({ file, text: after }, key, "v2")).toBe(after.replace("v1", "v2"));
  });

  it.each<[what: string, file: string, before: string, after: string]>([
    [
      "a list of names becomes a record",
      "scope.config.ts",
      define('{\n  prompts: ["a", "b/c"],\n}'),
      define('{\n  prompts: {\n    a: { version: "v1" },\n    "b/c": {},\n  },\n}'),
    ],
    [
      "a list in JSON",
      "scope.config.json",
      '{ "prompts": ["b"] }',
      '{ "prompts": {\n  "b": {},\n  "a": { "version": "v1" }\n} }',
    ],
    [
      "a version replaces a label",
      "scope.config.ts",
      define('{ prompts: { a: { label: "latest", syntax: "mustache" } } }'),
      define('{ prompts: { a: { version: "v1", syntax: "mustache" } } }'),
    ],
  ])("%s", (_, file, before, after) => {
    expect(setPin({ file, text: before }, "a", "v1")).toBe(after);
  });

  it.each<[what: string, text: string]>([
    ["a spread", define("{ ...base }")],
    ["prompts from elsewhere", define("{ prompts: names }")],
    ["a shorthand", define("{ prompts }")],
    ["an entry from elsewhere", define("{ prompts: { a: entry } }")],
    ["an entry that is more than a literal", define("{ prompts: { a: {} as const } }")],
    ["a computed key", define("{ prompts: { [name]: {} } }")],
    ["a comment that would be lost", define('{ prompts: ["a" /* first */] }')],
    // Issue 24, row 10: a record isn't a string[].
    ["a list with a type of its own", define('{ prompts: ["a"] as string[] }')],
    [
      "a variable whose type says so",
      'const config: { prompts: string[] } = { prompts: ["a"] };\nexport default config;\n',
    ],
    ["another function", `export default make({ prompts: {} });\n`],
    [
      "a function with the same name",
      `import { defineConfig } from "vite";\nexport default defineConfig({});\n`,
    ],
    ["two exports", `export default {};\nmodule.exports = {};\n`],
    ["brackets that do not match", "export default {"],
  ])("%s is left to you", (_, text) => {
    expect(setPin({ file: "scope.config.ts", text }, "a", "v1")).toBeUndefined();
  });

  it("removing a pin doesn't remove another member's comment", () => {
    const text = 'export default {\n  label: "x", // why\n  prompts: { a: { version: "v1" } },\n};\n';
    expect(removePin({ file: "scope.config.ts", text }, "a", true)).toBe(
      'export default {\n  label: "x", // why\n};\n',
    );
  });

  it("an entry that is only in the config stays", () => {
    const text = '{ "prompts": { "a": { "version": "v1" } } }';
    expect(removePin({ file: "scope.config.json", text }, "a", false)).toBe('{ "prompts": { "a": {} } }');
  });
});
