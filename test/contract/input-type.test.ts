import { describe, expect, it } from "vitest";
import { type Input, type InputType, inputPaths, memberPath } from "../../src/contract/input-type.ts";

const value: InputType = { kind: "value" };
const input = (name: string, type: InputType = value, optional: Input["optional"] = false): Input => ({
  name,
  type,
  optional,
});
const object = (...inputs: Input[]): InputType => ({ kind: "object", inputs });

describe("the paths of what calls must pass", () => {
  // biome-ignore format: one row a line
  it.each<[string, InputType, string[]]>([
    ["a value", value, ["."]],
    ["a condition", { kind: "condition" }, ["."]],
    ["a narrowed value", { kind: "narrowed", type: "number" }, ["."]],
    ["nothing", { kind: "nothing" }, []],
    ["names, also inside", object(input("a"), input("b", object(input("c")))), ["a", "b.c"]],
    ["an object that needs nothing", object(), []],
    ["a name whose object needs nothing", object(input("a", object())), ["a"]],
    ["a list", { kind: "section", element: value, isListOnly: true }, ["[]"]],
    ["a list of objects", object(input("items", { kind: "section", element: object(input("title")), isListOnly: false })), ["items[].title"]],
    ["a name from outside", object(input("a", value, "outer"), input("b")), ["b"]],
    ["a name that can be left out", object(input("a", value, "inverted")), ["a"]],
    ["one of several", { kind: "any-of", types: [value, object(input("a"))] }, [".", "a"]],
  ])("%s", (_, type, paths) => {
    expect(inputPaths(type)).toEqual(paths);
  });

  it("quote a name that could be read as a path", () => {
    expect(memberPath("", "a")).toBe("a");
    expect(memberPath("a", "b")).toBe("a.b");
    expect(memberPath("a", "")).toBe('a[""]');
    expect(memberPath("", "")).toBe('[""]');
    expect(memberPath("a", "b[")).toBe('a["b["]');
    expect(memberPath("a", "]")).toBe('a["]"]');
  });
});
