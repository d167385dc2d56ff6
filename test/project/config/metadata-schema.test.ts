import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadOptions } from "../../../src/project/config/load-options.ts";
import { ROOT } from "../../support/run.ts";
import { projectFolder } from "./project-folder.ts";

const CHOICE = {
  type: "object",
  properties: { model: { enum: ["model-a", "model-b"] }, temperature: { type: "number", maximum: 1 } },
  required: ["model"],
};

/** Loads a project with this config in code, or in JSON. */
async function load(config: string | object, files: Readonly<Record<string, string>> = {}, options = {}) {
  const isCode = typeof config === "string";
  const name = isCode ? "scope.config.ts" : "scope.config.json";
  const cwd = await projectFolder({
    ...{ "package-lock.json": "{}", ...files },
    [name]: isCode ? config : JSON.stringify(config),
  });
  if (isCode) await symlink(join(ROOT, "node_modules"), join(cwd, "node_modules"), "junction");
  return { cwd, options: await loadOptions({ cwd, env: {}, options }) };
}

// Issue 54.
it.each([
  ["a JSON Schema", `export default { metadata: ${JSON.stringify(CHOICE)} }`],
  [
    "zod",
    `import * as z from "zod-4";
    export default { metadata: z.object({ model: z.enum(["model-a", "model-b"]), temperature: z.number().max(1).optional() }) }`,
  ],
  [
    "ArkType",
    `import { type } from "arktype";
    export default { metadata: type({ model: "'model-a' | 'model-b'", "temperature?": "number <= 1" }) }`,
  ],
  [
    "valibot by its package",
    `import { toStandardJsonSchema } from "@valibot/to-json-schema";
    import * as v from "valibot";
    const choice = v.object({ model: v.picklist(["model-a", "model-b"]), temperature: v.optional(v.pipe(v.number(), v.maxValue(1))) });
    export default { metadata: toStandardJsonSchema(choice) }`,
  ],
])("takes a schema for metadata from %s", async (_, config) => {
  const { options } = await load(config);
  const { $schema, ...metadata } = options.metadata ?? {};
  expect(metadata).toMatchObject(CHOICE);
});

it("takes it from a file, relative to the config or to the bundler's root, and an entry's instead of the config's", async () => {
  const own = { type: "object", properties: { model: { const: "model-z" } } };
  const config = { metadata: "./choice.json", prompts: { a: {}, b: { metadata: own } } };
  const files = {
    "choice.json": `\ufeff${JSON.stringify(CHOICE)}`,
    "other.json": '{ "properties": { "model": {} } }',
  };
  const { cwd, options } = await load(config, files);
  expect(options.metadata).toEqual(CHOICE);
  expect([options.prompts.get("a")?.metadata, options.prompts.get("b")?.metadata]).toEqual([CHOICE, own]);
  // A development server says when one of them has changed.
  expect(options.sourceFiles).toContain(join(cwd, "choice.json"));
  const plugin = { metadata: "./other.json" };
  const given = await loadOptions({ cwd, env: {}, options: plugin });
  expect(given.metadata).toEqual({ type: "object", properties: { model: {} } });
});

it.each([
  ["./nothing.json", "There's no file for metadata: ./nothing.json"],
  ["./broken.json", "The file for metadata isn't JSON: ./broken.json"],
  ["./list.json", "metadata isn't a JSON Schema"],
  ["./wrong.json", "metadata can't be used as a JSON Schema at properties.model.type"],
  ["../choice.json", "outside of"],
  ["choice.ts", "metadata must be a JSON Schema, or the path of a .json file with one"],
  [{ type: "array" }, "metadata must describe an object"],
  [5, "metadata must be a JSON Schema, or the path of a .json file with one"],
  [{ properties: { model: { $ref: "other.json" } } }, '"other.json" leads to no schema inside this one'],
])("refuses %j in words", async (metadata, message) => {
  const files = {
    "broken.json": "{",
    "list.json": "[]",
    "wrong.json": '{ "properties": { "model": { "type": "text" } } }',
  };
  await expect(load({ metadata }, files)).rejects.toThrow(message as string);
});

it("says what a library can't give as a JSON Schema", async () => {
  const config =
    'import * as z from "zod-4";\nexport default { prompts: { hi: { metadata: z.object({ at: z.date() }) } } };';
  await expect(load(config)).rejects.toThrow("prompts.hi.metadata can't be given as a JSON Schema: Date");
  const { cwd } = await load("export default {};");
  await writeFile(
    join(cwd, "scope.config.ts"),
    'import * as z from "zod/v4";\nexport default { metadata: z.object({}) };',
  );
  // Before 4.2, zod gives none, and its object isn't one.
  await expect(loadOptions({ cwd, env: {} })).rejects.toThrow("metadata");
});
