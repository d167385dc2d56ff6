import { describe, expect, it } from "vitest";
import { compareCompiled } from "../../src/build/versions/compare-requests.ts";
import { worstGrade } from "../../src/contract/contract.ts";
import type { JsonObject, PromptContent } from "../../src/prompt.ts";
import { compile, promptSource } from "../compiler/prompts.ts";

const version = (content: PromptContent, metadata: JsonObject = {}) => compile(content, { metadata });
const metadata = (value: JsonObject) => version("Hi", value);

function compared(from: ReturnType<typeof version>, to: ReturnType<typeof version>) {
  const { grade, changes } = compareCompiled(from, to);
  return [grade, ...changes.map(({ message }) => message)];
}

describe("the grade of two versions, and what changed", () => {
  it.each<[string, ReturnType<typeof version>, ReturnType<typeof version>, string[]]>([
    ["nothing", version("Hi"), version("Hi"), ["none"]],
    ["a word", version("Hi"), version("Ho"), ["text", "text only"]],
    ["a new variable", version("Hi"), version("Hi {{a}}"), ["breaking", 'new variable "a"']],
    ["a variable less", version("Hi {{a}}"), version("Hi"), ["compatible", 'variable "a" is gone']],
    [
      "a text becomes a chat",
      version("Hi"),
      version([{ role: "user", content: "Hi" }]),
      ["breaking", "type changed from text to chat"],
    ],
    [
      "values, one of them inside",
      metadata({ model: "gpt-4o-mini", limits: { max: 100 }, tags: ["a"] }),
      metadata({ model: "gpt-5", limits: { max: 200 }, tags: ["b"] }),
      ["values", "limits.max: 100 → 200", 'model: "gpt-4o-mini" → "gpt-5"', 'tags: ["a"] → ["b"]'],
    ],
    ["the order of keys", metadata({ a: { x: 1, y: 2 } }), metadata({ a: { y: 2, x: 1 } }), ["none"]],
    [
      "a value and the text",
      version("Hi", { t: 0.3 }),
      version("Ho", { t: 0.9 }),
      ["values", "t: 0.3 → 0.9", "text"],
    ],
    [
      "a key and the text",
      version("Hi"),
      version("Ho", { t: 1 }),
      ["compatible", 'new metadata "t"', "text"],
    ],
    [
      "a key gone, another of another kind",
      metadata({ model: "gpt-4o-mini", temperature: 0.3 }),
      metadata({ temperature: "0.9" }),
      [
        "breaking",
        'metadata "model" is gone',
        'metadata "temperature" changed from number to string',
        'temperature: 0.3 → "0.9"',
      ],
    ],
    [
      "a kind at depth",
      metadata({ a: [{ b: { c: 1 } }] }),
      metadata({ a: [{ b: { c: null } }] }),
      [
        "breaking",
        'metadata "a[].b.c" changed from number to null',
        'a: [{"b":{"c":1}}] → [{"b":{"c":null}}]',
      ],
    ],
    [
      "what would steer a terminal, and what is long",
      metadata({ "a\u001b": "x", long: "x" }),
      metadata({ "a\u001b": "\u009b\u202e", long: "😀".repeat(80) }),
      ["values", '"a\\u001b": "x" → "\\u009b\\u202e"', `long: "x" → "${"😀".repeat(59)}…`],
    ],
    [
      "hostile keys",
      metadata(JSON.parse('{"__proto__":1,"constructor":2}')),
      metadata(JSON.parse('{"__proto__":2,"toString":2}')),
      ["breaking", 'metadata "constructor" is gone', 'new metadata "toString"', "__proto__: 1 → 2"],
    ],
  ])("%s", (_, from, to, expected) => {
    expect(compared(from, to)).toEqual(expected);
  });

  it("version numbers and ids do not count", () => {
    const to = compile("Hi");
    const { version } = to.source;
    const again = {
      ...to,
      source: { ...to.source, version: { ...version, id: "version_02", versionNumber: 9 } },
    };
    expect(compared(compile("Hi"), again)).toEqual(["none"]);
  });
});

describe("partials", () => {
  const host = (text: string, partials: Readonly<Record<string, string>>) =>
    compile(text, {
      syntax: "mustache",
      name: "host",
      partials: new Map(
        Object.entries(partials).map(([name, content]) => [
          name,
          promptSource(content, { syntax: "mustache", name }),
        ]),
      ),
    });

  it("are named where they are new or gone, and make the grade", () => {
    const without = host("Hi", {});
    const included = host("Hi {{> internal}}", { internal: "secret" });
    expect(compared(without, included)).toEqual(["text", 'new partial "internal"']);
    expect(compared(included, without)).toEqual(["text", 'partial "internal" is gone']);
    expect(compared(included, host("Hi {{> internal}}", { internal: "{{key}}" }))).toEqual([
      "breaking",
      'new variable "key"',
      'partial "internal": version 7 with another text',
    ]);
  });
});

it("the worst grade is the first of the list", () => {
  expect(worstGrade(["text", "breaking", "values"])).toBe("breaking");
  expect(worstGrade([])).toBe("none");
});
