import { describe, expect, it } from "vitest";
import { removePin, setPin } from "../../src/commands/pin/edit-pin.ts";

const define = (config: string) =>
  `import { defineConfig } from "unplugin-scope";\n\nexport default defineConfig(${config});\n`;

describe("a pin in a config", () => {
  // What is added is between « and ».
  // biome-ignore format: one row a line
  it.each([
    ["scope.config.json", "a", '{« "prompts": { "a": { "version": "v1" } } »}\n'],
    ["scope.config.json", "a/b", '{«\n\t"prompts": {\n\t\t"a/b": { "version": "v1" }\n\t},»\n\t"label": "latest"\n}\n'],
    ["package.json", "a", '{\n  "name": "x",\n  "scope": {« "prompts": { "a": { "version": "v1" } },» "fetch": "never" }\n}\n'],
    ["scope.config.ts", "a", define('{«\n  prompts: {\n    a: { version: "v1" },\n  },»\n  // why\n  label: "latest",\n}')],
    ["scope.config.mjs", "a-b", "export default { prompts: {« 'a-b': { version: 'v1' },» b: {} }, label: 'latest' }\n"],
    ["scope.config.ts", "a", 'export default {«\r\n  prompts: {\r\n    a: { version: "v1" },\r\n  },»\r\n  label: "latest",\r\n};\r\n'],
    ["scope.config.ts", "a", define('{ prompts: { a: {« version: "v1",» prompt: "x" } } }')],
  ])("there and back again: %s, %s, %s", (file, key, marked) => {
    const [before, after] = [marked.replace(/«[^»]*»/g, ""), marked.replace(/[«»]/g, "")];
    expect(setPin({ file, text: before }, key, "v1")).toBe(after);
    expect(removePin({ file, text: after }, key, true)).toBe(before);
    expect(setPin({ file, text: after }, key, "v2")).toBe(after.replace("v1", "v2"));
  });

  it("a list of names becomes a record, and a version replaces a label", () => {
    const list = { file: "scope.config.ts", text: define('{\n  prompts: ["a", "b/c"],\n}') };
    expect(setPin(list, "a", "v1")).toBe(
      define('{\n  prompts: {\n    a: { version: "v1" },\n    "b/c": {},\n  },\n}'),
    );
    const json = { file: "scope.config.json", text: '{ "prompts": ["b"] }' };
    expect(setPin(json, "a", "v1")).toBe('{ "prompts": {\n  "b": {},\n  "a": { "version": "v1" }\n} }');
    const label = {
      file: "scope.config.ts",
      text: define('{ prompts: { a: { label: "latest", syntax: "mustache" } } }'),
    };
    expect(setPin(label, "a", "v1")).toBe(
      define('{ prompts: { a: { version: "v1", syntax: "mustache" } } }'),
    );
  });

  it.each([
    ["a spread", define("{ ...base }")],
    ["prompts from elsewhere", define("{ prompts: names }")],
    ["a shorthand", define("{ prompts }")],
    ["an entry from elsewhere", define("{ prompts: { a: entry } }")],
    ["an entry that is more than a literal", define("{ prompts: { a: {} as const } }")],
    ["a computed key", define("{ prompts: { [name]: {} } }")],
    // The last key of a name wins: what was written first would say nothing.
    ["a key twice", define("{ prompts: {}, prompts: {} }")],
    ["an expression", `export default { label: "production" }["x"] ?? {};\n`],
    ["a comment that would be lost", define('{ prompts: ["a" /* first */] }')],
    // Issue 24, row 10: a record isn't a string[].
    ["a list with a type of its own", define('{ prompts: ["a"] as string[] }')],
    [
      "a variable with a type",
      'const config: { prompts: string[] } = { prompts: ["a"] };\nexport default config;\n',
    ],
    ["another function", "export default make({ prompts: {} });\n"],
    ["one with the same name", 'import { defineConfig } from "vite";\nexport default defineConfig({});\n'],
    ["two exports", "export default {};\nmodule.exports = {};\n"],
    ["brackets that do not match", "export default {"],
  ])("%s is left to you", (_, text) => {
    expect(setPin({ file: "scope.config.ts", text }, "a", "v1")).toBeUndefined();
  });

  it("removing a pin keeps another member's comment, and an entry that is only in the config", () => {
    const text = 'export default {\n  label: "x", // why\n  prompts: { a: { version: "v1" } },\n};\n';
    expect(removePin({ file: "scope.config.ts", text }, "a", true)).toBe(
      'export default {\n  label: "x", // why\n};\n',
    );
    const json = '{ "prompts": { "a": { "version": "v1" } } }';
    expect(removePin({ file: "scope.config.json", text: json }, "a", false)).toBe(
      '{ "prompts": { "a": {} } }',
    );
  });
});
