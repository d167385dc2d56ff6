import { describe, expect, it } from "vitest";
import { compilePrompt } from "../../src/compiler/compile-prompt.ts";
import { compareVersions } from "../../src/contract/compare-versions.ts";
import { type Change, changesText, GRADES, isOfMetadata, worstGrade } from "../../src/contract/contract.ts";
import {
  type JsonObject,
  type PromptContent,
  type PromptVersionData,
  sameContent,
} from "../../src/prompt.ts";
import { compile, promptSource } from "../compiler/prompts.ts";

const version = (content: PromptContent, metadata: JsonObject = {}) => compile(content, { metadata });
const metadata = (value: JsonObject) => version("Hi", value);

function compared(from: ReturnType<typeof version>, to: ReturnType<typeof version>) {
  const { grade, changes } = compareVersions(from, to);
  return [grade, ...changes.map(({ message }) => message)];
}

describe("the grade of two versions, and what changed", () => {
  // biome-ignore format: one row a line
  it.each<[string, ReturnType<typeof version>, ReturnType<typeof version>, string[]]>([
    ["nothing", version("Hi"), version("Hi"), ["none"]],
    ["a word", version("Hi"), version("Ho"), ["text", "text only"]],
    ["a new variable", version("Hi"), version("Hi {{a}}"), ["breaking", 'new variable "a"']],
    ["a removed variable", version("Hi {{a}}"), version("Hi"), ["breaking", 'variable "a" is gone']],
    ["a text becomes a chat", version("Hi"), version([{ role: "user", content: "Hi" }]), ["breaking", "type changed from text to chat"]],
    [
      "values, one of them inside",
      metadata({ model: "gpt-4o-mini", limits: { max: 100 }, tags: ["a"] }),
      metadata({ model: "gpt-5", limits: { max: 200 }, tags: ["b"] }),
      ["values", "limits.max: 100 → 200", 'model: "gpt-4o-mini" → "gpt-5"', 'tags: ["a"] → ["b"]'],
    ],
    ["the order of keys", metadata({ a: { x: 1, y: 2 } }), metadata({ a: { y: 2, x: 1 } }), ["values", "a: fields in another order"]],
    ["a value and the text", version("Hi", { t: 0.3 }), version("Ho", { t: 0.9 }), ["values", "t: 0.3 → 0.9", "text"]],
    ["a key and the text", version("Hi"), version("Ho", { t: 1 }), ["compatible", 'new metadata "t"', "text"]],
    [
      "one key gone, another of a different kind",
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
      "a kind deep inside",
      metadata({ a: [{ b: { c: 1 } }] }),
      metadata({ a: [{ b: { c: null } }] }),
      [
        "breaking",
        'metadata "a[].b.c" changed from number to null',
        'a: [{"b":{"c":1}}] → [{"b":{"c":null}}]',
      ],
    ],
    [
      "what would control a terminal, and what is long",
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

  it("version numbers and IDs don't count", () => {
    const { version, ...source } = promptSource("Hi");
    const again = compilePrompt({ ...source, version: { ...version, id: "version_02", versionNumber: 9 } });
    expect(compared(compile("Hi"), again)).toEqual(["none"]);
  });
});

describe("two contents are the same text", () => {
  const one = { role: "user", content: "Hi" };

  it.each<[string, PromptContent, PromptContent, boolean]>([
    ["a text", "Hi", "Hi", true],
    ["another text", "Hi", "Ho", false],
    ["a text and a chat of it", "Hi", [one], false],
    ["a chat and its text", [one], "Hi", false],
    ["a chat", [one, one], [{ ...one }, one], true],
    ["an extra message", [one], [one, one], false],
    ["a missing message", [one, one], [one], false],
    ["another role", [one], [{ ...one, role: "system" }], false],
    ["another message", [one, one], [one, { ...one, content: "Ho" }], false],
    ["no messages", [], [], true],
  ])("or not: %s", (_, a, b, same) => {
    expect(sameContent(a, b)).toBe(same);
  });
});

describe("values of metadata", () => {
  // biome-ignore format: one row a line
  it.each<[string, JsonObject, JsonObject, string[]]>([
    ["nothing", { a: null, b: [null, 1] }, { a: null, b: [null, 1] }, []],
    ["the same list", { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    ["a list in another order", { a: [1, 2] }, { a: [2, 1] }, ["a: [1,2] → [2,1]"]],
    ["a longer list", { a: [1] }, { a: [1, 2] }, ["a: [1] → [1,2]"]],
    ["a shorter list", { a: [1, 2] }, { a: [1] }, ["a: [1,2] → [1]"]],
    ["an extra key within a list", { a: [{ b: 1 }, 1] }, { a: [{ b: 1, c: 2 }, 1] }, ['a: [{"b":1},1] → [{"b":1,"c":2},1]']],
    ["another key within a list", { a: [{ b: 1 }, 1] }, { a: [{ c: 1 }, 1] }, ['a: [{"b":1},1] → [{"c":1},1]']],
    ["an inner value", { a: [{ b: 1 }] }, { a: [{ b: 2 }] }, ['a: [{"b":1}] → [{"b":2}]']],
    ["keys with a dash and with a space", { "a-b_1": { "c d": 1 } }, { "a-b_1": { "c d": 2 } }, ['a-b_1."c d": 1 → 2']],
    ["in the order of their keys", { b: 1, a: 1 }, { b: 2, a: 2 }, ["a: 1 → 2", "b: 1 → 2"]],
    ["60 characters, whole", { a: "" }, { a: "x".repeat(58) }, [`a: "" → "${"x".repeat(58)}"`]],
    ["61 characters, cut", { a: "" }, { a: "x".repeat(59) }, [`a: "" → "${"x".repeat(59)}…`]],
  ])("are reported: %s", (_, from, to, messages) => {
    expect(compared(metadata(from), metadata(to))).toEqual([
      messages.length > 0 ? "values" : "none",
      ...messages,
    ]);
  });
});

it("a value of another kind is reported with the values", () => {
  expect(compared(metadata({ a: 1 }), metadata({ a: { b: 1 } }))).toEqual([
    "breaking",
    'metadata "a" changed from number to object',
    'a: 1 → {"b":1}',
  ]);
});

describe("which prompt it is", () => {
  const of = (content: string, version: Partial<PromptVersionData>) =>
    compilePrompt({ ...promptSource(content), version: { ...promptSource(content).version, ...version } });

  it("another one breaks everything, even with the same text", () => {
    const message = "another prompt has this name now";
    expect(compared(of("Hi", {}), of("Hi", { promptId: "prompt_2" }))).toEqual(["breaking", message]);
  });

  it("the same one under another name is renamed, or what else it is if that's worse", () => {
    const message = 'renamed to "welcome" on the platform: change the name in the import or in the config';
    const renamed = { renamedTo: "welcome" };
    expect(compared(of("Hi", {}), of("Hi", renamed))).toEqual(["renamed", message]);
    expect(compared(of("Hi", {}), of("Ho", renamed))).toEqual(["renamed", message, "text"]);
    expect(compared(of("Hi {{a}}", {}), of("Hi", renamed))).toEqual([
      "breaking",
      message,
      'variable "a" is gone',
    ]);
  });
});

it("a chat's roles and a text's change are reported once", () => {
  const chat = (role: string, content: string) => version([{ role, content }]);
  expect(compared(chat("user", "Hi"), chat("user", "Ho"))).toEqual(["text", "text only"]);
  expect(compared(chat("user", "Hi"), chat("a b", "Ho"))).toEqual([
    "breaking",
    'roles changed from [user] to ["a b"]',
  ]);
});

describe("changes and grades", () => {
  // They were handed on as the arguments of one call, which the stack has no room for.
  it("are found in any number", { timeout: 60_000 }, () => {
    const many = (value: JsonObject[string]) =>
      metadata(Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`key${i}`, value])));
    expect(compareVersions(many(1), many(2)).changes).toHaveLength(200_000);
    const names = Array.from({ length: 200_000 }, (_, i) => `{{v${i}}}`).join("");
    const roomy = names.slice(0, 900_000).replace(/\{\{[^}]*$/, "");
    expect(compareVersions(version("Hi"), version(roomy)).changes.length).toBeGreaterThan(80_000);
  });

  it("the first of the list is the worst grade", () => {
    expect(worstGrade(["text", "breaking", "values"])).toBe("breaking");
    expect(worstGrade([])).toBe("none");
    for (const [at, grade] of GRADES.entries()) expect(worstGrade(GRADES.slice(at).toReversed())).toBe(grade);
  });

  it("at most ten changes are listed", () => {
    const changes = Array.from(
      { length: 11 },
      (_, i): Change => ({ kind: "text", breaks: false, message: `${i}` }),
    );
    expect(changesText(changes.slice(0, 10))).toBe("0, 1, 2, 3, 4, 5, 6, 7, 8, 9");
    expect(changesText(changes)).toMatch(/^0, .*9 and 1 more$/);
  });

  it("those of metadata are reported by their kind", () => {
    const of = (kind: Change["kind"]) => isOfMetadata({ kind, breaks: false, message: "" });
    expect([of("metadata-kind"), of("metadata-value"), of("text"), of("variable-added")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
