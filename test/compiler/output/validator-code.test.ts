import { expect, it } from "vitest";
import type { JsonObject } from "../../../src/prompt.ts";
import { compileSchema, outputFor } from "./output-case.ts";

/** The code that checks an answer. */
async function codeOf(schema: JsonObject): Promise<string> {
  return (await compileSchema(schema)).output?.validator.code ?? "";
}

/** More schemas than have one digit in their number. */
const fields = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`field${i}`, { type: "string" }]));

it("a schema is left out of the code that only errors would name", async () => {
  const code = await codeOf({ type: "object", properties: fields, required: ["field0"] });
  expect(code).not.toMatch(/const schema\d+ = /);
  expect(code).toContain("field14");
});

it("a schema stays where the code reads it", async () => {
  const schema = { type: "object", properties: { ...fields, last: { enum: [{ a: 1 }, [2]] } } };
  const code = await codeOf(schema);
  const [, name = ""] = /const (schema\d+) = /.exec(code) ?? [];
  expect(code.split(name).length).toBeGreaterThan(2);
  const output = await outputFor(schema);
  expect(output.parse({ last: { a: 1 } })).toEqual({ last: { a: 1 } });
  expect(() => output.parse({ last: { a: 2 } })).toThrow();
});

it("a text that looks like a declaration of a schema stays", async () => {
  const output = await outputFor({ const: "const schema16 = 1;\nconst schema17 = 2;" });
  expect(output.parse('"const schema16 = 1;\\nconst schema17 = 2;"')).toContain("schema16");
});

it("a field may be named as what would load a module", async () => {
  const output = await outputFor({ type: "object", properties: { require: { type: "string" } } });
  expect(output.parse({ require: "x" })).toEqual({ require: "x" });
  expect(() => output.parse({ require: 1 })).toThrow();
});
