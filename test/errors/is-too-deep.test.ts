import fc from "fast-check";
import { expect, it } from "vitest";
import { isTooDeep } from "../../src/prompt.ts";

const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

it("is true above 200 levels of lists, objects or both", () => {
  expect([200, 201].map((levels) => isTooDeep(nested(levels)))).toEqual([false, true]);
  expect(isTooDeep('{"a":'.repeat(201))).toBe(true);
  expect(isTooDeep('[{"a":'.repeat(101))).toBe(true);
  expect(isTooDeep(`[${Array(500).fill("[{}]").join(",")}]`)).toBe(false);
});

it("ignores brackets in a string, whatever is escaped there", () => {
  for (const text of ["[".repeat(300), `"${"[".repeat(300)}`, `\\"\\${"{".repeat(300)}`, '\\\\"'])
    expect(isTooDeep(JSON.stringify({ text }))).toBe(false);
  expect(isTooDeep(`["\\\\",${nested(200)}]`)).toBe(true);
});

it("is false for random JSON", () => {
  fc.assert(fc.property(fc.json({ maxDepth: 20 }), (json) => !isTooDeep(json)));
});

it("takes a moment for a long text", () => {
  const long = JSON.stringify({ text: "[\\".repeat(1_000_000) });
  expect(isTooDeep(long)).toBe(false);
  expect(isTooDeep("[".repeat(5_000_000))).toBe(true);
}, 5000);
