import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadConfig, readLiteralConfig } from "../../../src/project/config/load-config.ts";
import { temporaryFolder } from "../../support/app.ts";

const IMPORT = `import { defineConfig } from "unplugin-scope";\n`;

describe("a config that is a single literal", () => {
  it.each([
    [
      "as init writes it",
      `${IMPORT}\nexport default defineConfig({\n  // a comment\n  label: "production",\n});\n`,
    ],
    ["without the call", `export default { fetch: 'never', live: { interval: 2.5 } }`],
    ["lists, constants, quoted keys", `export default { a: [1, "b", [true, null,],], "c-d": 0 };`],
    ["a duplicate key", "export default { label: 1, label: 2 };"],
    ["an empty one", `${IMPORT}export default defineConfig({})`],
  ])("%s is read as it would be if run", async (_, code) => {
    const value = readLiteralConfig(code);
    expect(value).toBeDefined();
    const root = await temporaryFolder();
    const file = join(root, "scope.config.ts");
    // A statement before it: this one is run.
    await writeFile(file, `void 0;\n${code}`.replace(/^void 0;\n(import[^\n]*\n)/, "$1void 0;\n"));
    expect((await loadConfig({ cwd: root }))?.value).toEqual(value);
  });

  it.each([
    ["an environment variable", "export default { baseUrl: process.env.URL };"],
    ["a spread", "export default { ...base };"],
    ["a template", "export default { label: `a` };"],
    ["an escape", String.raw`export default { label: "a\n" };`],
    ["a computed key", `export default { ["label"]: "a" };`],
    ["a shorthand", "export default { label };"],
    ["a method", "export default { label() {} };"],
    ["a prototype", "export default { __proto__: { label: 1 } };"],
    ["undefined", "export default { label: undefined };"],
    ["a type", `export default { label: "a" } as const;`],
    ["another import", `import "./env.ts";\nexport default {};`],
    [
      "an import with the same name from elsewhere",
      `import { defineConfig } from "vite";\nexport default defineConfig({});`,
    ],
    ["a statement after it", "export default {};\nthrow new Error();"],
    ["an old octal number", "export default { concurrency: 08 };"],
    ["an operator", "export default { concurrency: 1 + 1 };"],
    ["a hole", "export default { include: [, 1] };"],
    ["no closing bracket", `export default { label: "a`],
    ["nothing", ""],
  ])("%s has to be run", (_, code) => {
    expect(readLiteralConfig(code)).toBeUndefined();
  });

  it("works for every JSON object", () => {
    const key = fc.stringMatching(/^[a-zA-Z$_][\w$]{0,8}$/).filter((name) => name !== "__proto__");
    const { value } = fc.letrec((tie) => ({
      value: fc.dictionary(key, tie("any"), { maxKeys: 5 }),
      any: fc.oneof(
        fc
          .string()
          .filter((text) => !/[\\"\n\r\u2028\u2029]|^__proto__$/.test(JSON.stringify(text).slice(1, -1))),
        fc.nat(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("any"), { maxLength: 3 }),
        tie("value"),
      ),
    }));
    fc.assert(
      fc.property(value, (object) => {
        expect(readLiteralConfig(`export default ${JSON.stringify(object)}`)).toEqual(object);
      }),
    );
  });
});
