import { expect, it } from "vitest";
import { propertyAccess, propertyKey } from "../../../src/compiler/3-emit/escape-js.ts";
import { excerptOf } from "../../../src/errors/diagnostic.ts";

it("a name is accessed with a dot if possible, and with brackets otherwise", () => {
  expect(propertyAccess("a$_1")).toBe(".a$_1");
  expect(propertyAccess("a", "?.")).toBe("?.a");
  expect(propertyAccess("1a")).toBe('["1a"]');
  expect(propertyAccess("a b", "?.")).toBe('?.["a b"]');
  expect(propertyAccess("名", ".")).toMatch(/^\["/);
});

it("a key is unquoted if possible, and never sets the prototype", () => {
  expect(["a", "a b", "__proto__"].map(propertyKey)).toEqual(["a", '"a b"', '["__proto__"]']);
});

it("a name in a message is on one line, with at most sixty characters, and never half a surrogate pair", () => {
  expect(excerptOf("a\n\t b\u0007c")).toBe("a b c");
  expect(excerptOf("x".repeat(60))).toBe("x".repeat(60));
  expect(excerptOf("x".repeat(61))).toBe(`${"x".repeat(60)}…`);
  expect(excerptOf(`${"x".repeat(59)}😀x`)).toBe(`${"x".repeat(59)}…`);
  expect(excerptOf(`😀${"x".repeat(60)}`)).toBe(`😀${"x".repeat(58)}…`);
});
