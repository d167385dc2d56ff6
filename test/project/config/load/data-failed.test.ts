import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataFailed } from "../../../../src/project/config/load/data-failed.ts";

const placeOf = (text: string) => {
  const { line, column } = dataFailed("scope.config.json", text, undefined).where ?? {};
  return line === undefined ? undefined : [line, column];
};

describe("the place where a config isn't JSON", () => {
  it.each<[string, number, number?]>([
    ["", 1],
    ["  ", 3],
    ["Hello", 1],
    ["[1, 2", 6],
    ["[1,]", 4],
    ["[1 2]", 4],
    ['{"a" 1}', 6],
    ['{"a": }', 7],
    ["{a: 1}", 2],
    ['{"a": 1,}', 9],
    ['["a\nb"]', 2],
    ['["\\x"]', 2],
    ['["open', 2],
    ["[01]", 3],
    ["[1]]", 4],
    ["[1} ", 3],
    ["nul", 1],
    ["truest", 1],
    ["{'a': 1}", 2],
    ['{\n  "a": 1,\n}', 1, 3],
  ])("%j: column %i", (text, column, line = 1) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(placeOf(text)).toEqual([line, column]);
  });

  it("is undefined only for valid JSON", () => {
    const bit = fc.constantFrom(
      ..."[]{},: \n",
      '"a"',
      '"\\u00e9"',
      "1",
      "-0.5e+3",
      "true",
      "null",
      "0",
      "-",
      "x",
      '"',
    );
    const text = fc.oneof(
      fc.array(bit, { maxLength: 8 }).map((bits) => bits.join("")),
      fc.json(),
      fc.tuple(fc.json(), fc.nat()).map(([json, at]) => json.slice(0, at % json.length)),
    );
    fc.assert(
      fc.property(text, (json) => {
        expect(placeOf(json) === undefined).toBe(isJson(json));
      }),
      { numRuns: 5000 },
    );
  });

  it("handles long and deep text", () => {
    expect(placeOf(`["${"a".repeat(5_000_000)}"]`)).toBeUndefined();
    expect(placeOf("[".repeat(1_000_000))).toBeUndefined();
  });

  // Found from outside: the time doubled with each character before the line break.
  it.each([
    ["a raw line break", "\n"],
    ["an unknown escape", "\\x"],
    ["no end", ""],
  ])("takes a moment for a text with %s", (_, problem) => {
    for (const length of [27, 60, 1_000_000]) {
      const startedAt = performance.now();
      const text = `[{"role": "user", "content": "${"a".repeat(length)}`;
      expect(placeOf(text + problem)).toEqual([1, 30]);
      expect(performance.now() - startedAt).toBeLessThan(500);
    }
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
