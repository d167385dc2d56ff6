import { describe, expect, it } from "vitest";
import { checkRendering, readSample } from "../../../src/review/expect/sample.ts";

const words = async () => ({ encoding: undefined, count: (text: string) => text.split(" ").length });

const test = async (pattern: RegExp, text: string) =>
  pattern.source === "slow" ? undefined : pattern.test(text);

function failures(rendering: string, expected: Record<string, unknown>): Promise<readonly string[]> {
  return checkRendering(rendering, readSample("short", { expect: expected }, []).expectation, words, test);
}

describe("a sample", () => {
  it("contains values, and what they're expected to give", () => {
    const sample = readSample("short", { name: "Ada", expect: { contains: "Ada" } }, ["name"]);
    expect(sample.values).toEqual({ name: "Ada" });
    expect(sample.expectation.contains).toEqual(["Ada"]);
  });

  it("keeps a value for a variable named expects, and uses a dollar sign then", () => {
    const data = { expect: "good news", $expect: { contains: ["news"] } };
    const sample = readSample("short", data, ["expect"]);
    expect(sample.values).toEqual({ expect: "good news" });
    expect(sample.expectation.contains).toEqual(["news"]);
  });

  it.each([["text"], [["a", "b"]], [4], [null]])("can be %j, for a mustache prompt", (data) => {
    expect(readSample("short", data, []).values).toEqual(data);
  });

  it.each([
    [{ expect: "Ada" }, "expect must be an object"],
    [{ expect: { contain: "Ada" } }, "unknown key: contain"],
    [{ expect: { contains: 4 } }, "expect.contains must be"],
    [{ expect: { contains: "" } }, "expect.contains must be"],
    [{ expect: { maxTokens: "many" } }, "expect.maxTokens must be"],
    [{ expect: { maxTokens: 0 } }, "expect.maxTokens must be"],
    [{ expect: { matches: "(" } }, "isn't a regular expression"],
  ])("such as %j is refused", (data, message) => {
    expect(() => readSample("short", data, [])).toThrow(
      expect.objectContaining({ code: "sample_invalid", message: expect.stringContaining(message) }),
    );
  });
});

describe("a rendering", () => {
  it.each([
    [{ contains: ["Hello", "Ada"] }, []],
    [{ contains: "Bob" }, ['doesn\'t contain "Bob"']],
    [{ notContains: ["Bob", "Ada"] }, ['contains "Ada"']],
    [{ matches: "^Hello \\p{Lu}" }, []],
    [{ matches: ["^Ada", "x"] }, ['doesn\'t match "^Ada"', 'doesn\'t match "x"']],
    [{ matches: ["slow", "^Hello"] }, ['matching it with "slow" takes too long']],
    [{ maxTokens: 2 }, []],
    [{ maxTokens: 1 }, ["has ≈2 tokens; at most 1 are expected"]],
  ])("is checked against %j", async (expected, wanted) => {
    expect(await failures("Hello Ada", expected)).toEqual(wanted);
  });

  it("of a chat prompt is looked at as one text", async () => {
    const messages = [
      { role: "system", content: "Be kind." },
      { role: "user", content: "Hi" },
    ];
    const { expectation } = readSample("short", { expect: { contains: ["kind.\n\nHi"], maxTokens: 3 } }, []);
    expect(await checkRendering(messages, expectation, words, test)).toEqual([]);
  });
});
