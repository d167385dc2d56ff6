import { expect, it } from "vitest";
import { schemaPlace } from "../../../src/compiler/output/compile-output.ts";
import type { JsonObject } from "../../../src/prompt.ts";
import { promptSource } from "../prompts.ts";

const schema: JsonObject = { type: "object", required: "a", allOf: [{}, { minItems: "1" }] };
const place = (...path: string[]) => schemaPlace(promptSource("x"), schema, path);

it("a keyword's place is its name", () => {
  expect(place("required")).toMatchObject({ line: 3, column: 3 });
  expect(place("required").frame).toContain("^^^^^^^^^^\n");
});

it("a keyword inside a list has its own place, and so does an element of a list", () => {
  expect(place("allOf", "1", "minItems")).toMatchObject({ line: 7, column: 7 });
  expect(place("allOf", "1")).toMatchObject({ line: 6, column: 5 });
});

it("a missing keyword has its parent's place, and the schema itself has none", () => {
  expect(place("allOf", "7", "type")).toMatchObject({ line: 4, column: 3 });
  expect(place()).toMatchObject({ prompt: "greeting", line: 1, column: 1 });
});
