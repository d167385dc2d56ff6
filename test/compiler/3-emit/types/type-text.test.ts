import { describe, expect, it } from "vitest";
import {
  mayBeLeftOut,
  shapeType,
  typeAliases,
  VALUE_TYPE,
  variablesType,
} from "../../../../src/compiler/3-emit/types/type-text.ts";
import type { Input, InputType } from "../../../../src/contract/input-type.ts";

const value: InputType = { kind: "value" };
const nothing: InputType = { kind: "nothing" };
const condition: InputType = { kind: "condition" };
const list = (element: InputType, isListOnly = false): InputType => ({
  kind: "section",
  element,
  isListOnly,
});
const anyOf = (...types: InputType[]): InputType => ({ kind: "any-of", types });
const input = (name: string, type: InputType, optional: Input["optional"] = false): Input => ({
  name,
  type,
  optional,
});
const object = (...inputs: Input[]): InputType => ({ kind: "object", inputs });
const textOf = (type: InputType) => variablesType(type).replaceAll(VALUE_TYPE, "V");
const aliasesOf = (type: InputType) => typeAliases(type).map((line) => /^type (\w+)/.exec(line)?.[1]);

describe("the type of what a prompt needs", () => {
  it("has no members without variables", () => {
    expect(variablesType(undefined)).toBe("Record<string, never>");
    expect(typeAliases(undefined)).toEqual([]);
    expect(textOf(object())).toBe("object");
  });

  // biome-ignore format: one row a line
  it.each<[string, InputType]>([
    ["V", value],
    ["number", { kind: "narrowed", type: "number" }],
    ['"a" | "b"', { kind: "narrowed", type: ["a", "b"] }],
    ["never", { kind: "narrowed", type: [] }],
    ["Condition", condition],
    ["false | null | undefined", nothing],
    ["Section<V>", list(value)],
    ["readonly (V)[] | false | null | undefined", list(value, true)],
    ["V | false | null | undefined", anyOf(value, nothing, value)],
    ['{ a: V; "b c": V; "__proto__": V }', object(...["a", "b c", "__proto__"].map((one) => input(one, value)))],
    ["{ a: V | undefined; b?: Section<V>; c: Section<V> }", object(input("a", value, "inverted"), input("b", list(value), "outer"), input("c", list(value)))],
    [
      "{ a?: V | false | null | undefined; b?: number | undefined }",
      object(
        input("a", anyOf(value, nothing), "outer"),
        input("b", anyOf({ kind: "narrowed", type: "number" }), "outer"),
      ),
    ],
    ["Section<object>", list(object())],
  ])("is %s", (text, type) => {
    expect(textOf(type)).toBe(text);
  });

  it("is declared with the types it uses, and nothing else", () => {
    expect(aliasesOf(object(input("a", value)))).toEqual([]);
    expect(aliasesOf(list(value, true))).toEqual([]);
    expect(aliasesOf(list(condition, true))).toEqual(["Condition"]);
    expect(aliasesOf(anyOf(condition, list(value)))).toEqual(["Section", "Condition"]);
    expect(aliasesOf(object(input("a", list(value))))).toEqual(["Section"]);
  });

  it.each<[boolean, string, InputType]>([
    [true, "an object of nothing", object()],
    [
      true,
      "an object of what may be left out",
      object(input("a", value, "outer"), input("b", list(value), "outer")),
    ],
    [false, "an object of more", object(input("a", value, "outer"), input("b", value, "inverted"))],
    [true, "a section", list(value)],
    [true, "a condition", condition],
    [true, "nothing", nothing],
    [false, "a value", value],
    [false, "a narrowed value", { kind: "narrowed", type: "string" }],
    [true, "a value or nothing", anyOf(value, nothing)],
    [false, "values", anyOf(value, { kind: "narrowed", type: "string" })],
  ])("can be left out: %s, for %s", (expected, _, type) => {
    expect(mayBeLeftOut(type)).toBe(expected);
  });
});

it("the type of metadata is readonly at every depth, and open if its shape is", () => {
  const shape = shapeType(
    {
      kind: "object",
      keys: [
        ["a", { kind: "string" }],
        ["b", { kind: "array", items: { kind: "array", items: { kind: "number" } } }],
        ["c", { kind: "array", items: { kind: "mixed" } }],
        ["d e", { kind: "object", keys: [["f", { kind: "boolean" }]] }],
        ["g", { kind: "null" }],
        ["h", { kind: "array", items: { kind: "empty" } }],
      ],
    },
    "Json",
  );
  expect(shape).toBe(
    '{ readonly a: string; readonly b: readonly (readonly number[])[]; readonly c: readonly Json[]; readonly "d e": { readonly f: boolean }; readonly g: Json; readonly h: readonly Json[] }',
  );
});
