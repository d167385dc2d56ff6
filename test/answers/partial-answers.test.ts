import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { helper } from "./output-case.ts";

const { parsePartial } = helper.makeOutput({ type: "object" }, undefined, "triage", 1, "version_01");

describe("parsePartial", () => {
  it.each([
    ["", undefined],
    ["  ", undefined],
    ["{", {}],
    ['{"te', {}],
    ['{"team"', {}],
    ['{"team":', {}],
    ['{"team": "bil', { team: "bil" }],
    ['{"team": "billing"', { team: "billing" }],
    ['{"team": "billing", "no', { team: "billing" }],
    ['{"list": [1, 2', { list: [1] }],
    ['{"list": [1, 2,', { list: [1, 2] }],
    ['{"list": [{"a": tru', { list: [{}] }],
    ['{"list": [{"a": true', { list: [{ a: true }] }],
    ['{"a": "x\\', { a: "x" }],
    ['{"a": "x\\u00e', { a: "x" }],
    ['{"a": "x\\\\', { a: "x\\" }],
    ['{"a": "{[,', { a: "{[," }],
    ['{"a": 12}', { a: 12 }],
    ['"who', "who"],
    ["nul", undefined],
    ["null", null],
    ["Sure! Here is", undefined],
    ['{"a": oops}', undefined],
    ['{"a": 1}}', undefined],
  ])("reads %j as %j", (text, value) => {
    expect(parsePartial(text)).toEqual(value);
  });

  it.each([null, undefined, 1, {}])("reads %j, which is no text, as undefined", (value) => {
    expect(parsePartial(value as never)).toBeUndefined();
  });

  it("gives the whole value in the end, and something that leads up to it before", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        for (let end = 0; end < text.length; end++)
          expect(leadsTo(parsePartial(text.slice(0, end)), JSON.parse(text))).toBe(true);
        // A number alone may always go on.
        if (typeof value !== "number") expect(parsePartial(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("takes time in proportion to a text's length, however deep it is", () => {
    expect(parsePartial("[".repeat(1_000_000))).toSatisfy(
      (value) => value === undefined || Array.isArray(value),
    );
    expect(parsePartial('{"a":'.repeat(200_000))).toSatisfy((value) => typeof (value ?? {}) === "object");
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[],:"\\ut1e-. \nné') }), (text) => {
        parsePartial(text);
      }),
    );
  });
});

/** Can more of the text turn the one value into the other? */
function leadsTo(part: unknown, whole: unknown): boolean {
  if (part === undefined) return true;
  if (typeof part === "string") return typeof whole === "string" && whole.startsWith(part);
  if (typeof part !== "object" || part === null) return Object.is(part, whole);
  if (typeof whole !== "object" || whole === null || Array.isArray(part) !== Array.isArray(whole))
    return false;
  return Object.entries(part).every(([key, value]) =>
    leadsTo(value, (whole as Record<string, unknown>)[key]),
  );
}
