import { expect, it } from "vitest";
import { propertyAccess, propertyKey } from "../../../src/compiler/3-emit/escape-js.ts";
import { oneLine } from "../../../src/compiler/diagnostic.ts";

it("a name is read with a dot where it can be, and in brackets elsewhere", () => {
  expect(propertyAccess("a$_1")).toBe(".a$_1");
  expect(propertyAccess("a", "?.")).toBe("?.a");
  expect(propertyAccess("1a")).toBe('["1a"]');
  expect(propertyAccess("a b", "?.")).toBe('?.["a b"]');
  expect(propertyAccess("名", ".")).toMatch(/^\["/);
});

it("a key stands bare where it can, and never sets the prototype", () => {
  expect(["a", "a b", "__proto__"].map(propertyKey)).toEqual(["a", '"a b"', '["__proto__"]']);
});

it("a name in a message is on one line, of sixty characters at most, with no half of a pair", () => {
  expect(oneLine("a\n\t b\u0007c")).toBe("a b c");
  expect(oneLine("x".repeat(60))).toBe("x".repeat(60));
  expect(oneLine("x".repeat(61))).toBe(`${"x".repeat(60)}…`);
  expect(oneLine(`${"x".repeat(59)}😀x`)).toBe(`${"x".repeat(59)}…`);
  expect(oneLine(`😀${"x".repeat(60)}`)).toBe(`😀${"x".repeat(58)}…`);
});
