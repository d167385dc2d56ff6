import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findJsonProblem, placeIn } from "../../src/errors/json-problem.ts";

describe("findJsonProblem", () => {
  it.each<[string, number]>([
    ["", 0],
    ["  ", 2],
    ["Hello", 0],
    ["[1, 2", 5],
    ["[1,]", 3],
    ["[1 2]", 3],
    ['{"a" 1}', 5],
    ['{"a": }', 6],
    ["{a: 1}", 1],
    ['{"a": 1,}', 8],
    ['["a\nb"]', 3],
    ['["\\x"]', 1],
    ['["open', 1],
    ["[01]", 2],
    ["[1]]", 3],
    ["[1} ", 2],
    ["nul", 0],
    ["truest", 0],
    ["{'a': 1}", 1],
  ])("%j: %i", (text, index) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(findJsonProblem(text)).toBe(index);
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
        expect(findJsonProblem(json) === undefined).toBe(isJson(json));
      }),
      { numRuns: 5000 },
    );
  });

  it("handles long and deep text", () => {
    expect(findJsonProblem(`["${"a".repeat(5_000_000)}"]`)).toBeUndefined();
    expect(findJsonProblem("[".repeat(1_000_000))).toBe(1_000_000);
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
      expect(findJsonProblem(text + problem)).toBe(problem === "\n" ? text.length : 29);
      expect(performance.now() - startedAt).toBeLessThan(500);
    }
  });
});

describe("placeIn", () => {
  it("cuts a long line around the mark", () => {
    const { line, column, frame = "" } = placeIn(`x\r\n${"a".repeat(500)}!${"b".repeat(500)}`, 503);
    expect([line, column]).toEqual([2, 501]);
    const [shown, mark] = frame.split("\n") as [string, string];
    expect(shown).toMatch(/^> 2 \| …a{60}!b{39}…$/);
    expect(mark.length - 1).toBe(shown.indexOf("!"));
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
