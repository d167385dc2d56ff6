import { describe, expect, it } from "vitest";
import type { InputType } from "../../src/contract/input-type.ts";
import { refusalOf } from "../../src/inspector/handler.ts";
import { firstValue, typeOfValue } from "../../src/inspector/page/values.ts";
import { parseRoute, promptLink, shownVersions, visible } from "../../src/inspector/page/words.ts";

it.each([
  ["a\u202Eb\u200B", "aU+202EbU+200B"],
  ["\u0007\u{E0041}", "U+0007U+E0041"],
  ["a\rb", "aU+000Db"],
  ...["", "plain", "two\nlines\twith a tab", "Windows\r\nlines", "مرحبا 👩‍👩‍👧 नमस्ते"].map((text) => [
    text,
    text,
  ]),
])("shows of %j what is invisible or reverses by its number", (text, shown) =>
  expect(visible(text as string)).toBe(shown),
);

it.each([
  [1, 2, undefined, "1 → 2"],
  [1, 1, undefined, "1"],
  [1, undefined, undefined, "1"],
  [1, undefined, "missing", "1 → gone"],
  [undefined, 2, undefined, "new → 2"],
  [undefined, undefined, undefined, "not pulled"],
] as const)("writes the versions %s and %s of a prompt as check does", (from, to, grade, text) =>
  expect(shownVersions(from, to, grade)).toBe(text),
);

it.each(["scope:a/b?label=latest", "scope:50%25", "scope:#x"])("the address of %s names it", (specifier) => {
  expect(parseRoute(promptLink(specifier))).toEqual({ specifier, side: "" });
  expect(parseRoute(promptLink(specifier, "draft"))).toEqual({ specifier, side: "draft" });
});

it("an address without a name is the list", () => {
  for (const hash of ["", "#", "#/nothing", "#/prompt/", "#/%E0%A4%A"])
    expect([hash, parseRoute(hash)]).toEqual([hash, { specifier: "", side: "" }]);
});

describe("initial values", () => {
  const value: InputType = { kind: "value" };
  const field = (name: string, type: InputType) => ({ name, type, optional: false as const });
  const list = (element: InputType): InputType => ({ kind: "section", element, isListOnly: false });
  const nested = (depth: number): InputType => ({
    kind: "object",
    inputs: [field("title", value), ...(depth === 0 ? [] : [field("children", list(nested(depth - 1)))])],
  });

  it("exist for everything that the contract needs, and for two nested sections", () => {
    expect(firstValue(nested(4))).toEqual({
      title: "{{title}}",
      children: [{ title: "{{title}}", children: [{ title: "{{title}}", children: [] }] }],
    });
  });

  it("have the narrowed types, and are own properties whatever their names", () => {
    const narrowed = (type: string | readonly string[]): InputType => ({ kind: "narrowed", type });
    expect(
      ["string", "number", "boolean", "bigint", ["b", "a"]].map((one) => firstValue(narrowed(one))),
    ).toEqual(["", 0, false, "0", "b"]);
    const odd = firstValue({ kind: "object", inputs: [field("__proto__", value)] });
    expect(Object.hasOwn(odd as object, "__proto__")).toBe(true);
  });

  it("of several types are the first, and a value says which one it has", () => {
    const types: readonly InputType[] = [
      { kind: "section", element: value, isListOnly: true },
      value,
      { kind: "nothing" },
    ];
    expect(firstValue({ kind: "any-of", types })).toEqual([""]);
    expect([["x"], "x", null, undefined].map((one) => typeOfValue(types, one))).toEqual([0, 1, 2, 2]);
  });
});

it.each([
  ["127.0.0.1", undefined],
  ["::1", undefined],
  ["::ffff:127.0.0.1", undefined],
  ["192.168.1.7", 403],
  ["::ffff:10.0.0.1", 403],
  [undefined, 403],
])("a connection from %s", (remoteAddress, status) => {
  const request = { headers: { host: "localhost:5173" }, socket: { remoteAddress }, method: "GET" };
  expect(refusalOf(request as Parameters<typeof refusalOf>[0])?.status).toBe(status);
});
