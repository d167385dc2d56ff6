import { describe, expect, it } from "vitest";
import { partialTags } from "../../src/compiler/1-parse/read-tags.ts";
import { compilePrompt } from "../../src/compiler/compile-prompt.ts";
import type { PromptSource } from "../../src/compiler/compiled-prompt.ts";
import { MUSTACHE_CASES, type MustacheCase } from "./mustache-cases.ts";
import { compile, HOSTILE_TEXTS, runModule, withPartials } from "./prompts.ts";

const mustacheSource = (
  template: string,
  partials: Readonly<Record<string, string>> = {},
  escaping: PromptSource["escape"] = "html",
) => withPartials(template, partials, { escape: escaping });

async function render(source: PromptSource, data: unknown): Promise<unknown> {
  return (await runModule(compilePrompt(source))).render(data);
}

async function outcome({ template, data, partials }: MustacheCase): Promise<unknown> {
  try {
    return await render(mustacheSource(template, partials), data);
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

describe("the public Mustache specification", () => {
  it("has a case here for each of its 136 core tests", () => {
    const counts = Object.fromEntries(
      Object.entries(MUSTACHE_CASES).map(([file, cases]) => [file, cases.length]),
    );
    expect(counts).toEqual({
      comments: 12,
      delimiters: 14,
      interpolation: 42,
      inverted: 22,
      partials: 12,
      sections: 34,
    });
  });

  for (const [file, cases] of Object.entries(MUSTACHE_CASES)) {
    it.each(cases)(`${file}: $name`, async (one) => {
      expect(await outcome(one)).toBe(one.expected);
    });
  }
});

describe("mustache where the specification says nothing", () => {
  const TREE = "- {{name}}\n{{#twigs}}\n  {{> tree}}\n{{/twigs}}\n\n";
  const NAMES = "a {{x\n y}} {{#s\n}}b{{/ s}}{{#\n t.\nu }}c{{/t.\nu}}\n";
  const INHERITED =
    "[{{constructor}}{{__proto__}}{{a.constructor}}{{a.toString}}{{b.length}}{{#x}}{{valueOf}}{{/x}}]";
  const OWN = '{"constructor":1,"__proto__":2,"a":{"constructor":3,"toString":4},"x":[{"valueOf":5}]}';
  class Pet {
    get name() {
      return "Rex";
    }
  }

  // biome-ignore format: one row a line
  it.each<[what: string, template: string, data: unknown, text: string, partial?: string]>([
    ["indents a partial that names itself deeper at each level", "top\n  {{> part }}\nend", { name: "a", twigs: [{ name: "b\nb", twigs: [{ name: "c", twigs: [] }] }, { name: "d", twigs: [] }] }, "top\n  - a\n    - b\nb\n      - c\n\n\n    - d\n\n\nend", TREE.replace("tree", "part")],
    ["indents a partial with white space after it", "  {{> part}} \t\nx", {}, "  a\n  bx", "a\nb"],
    ["doesn't indent a partial that shares its line", "  {{> part}} x\n", {}, "  a\nb x\n", "a\nb"],
    ["doesn't indent one after a text", "x {{> part}}\n", {}, "x a\nb\n", "a\nb"],
    ["keeps the rare white space that a text contains", "  {{> part}}", { x: "\u1680" }, "  \u1680a\n  \u1680\u2000b \u1680", "\u1680a\n\u1680\u2000b {{x}}"],
    ["reads a partial's names as they are, across lines too", "  {{> part}}", { "x\n y": 1, s: 1, t: { "\nu": 1 } }, "  a 1 bc\n", NAMES],
    ["renders a missing value as nothing, also for inherited names", INHERITED, { a: {}, b: "four", x: [{}] }, "[4]"],
    ["renders nothing of nothing", INHERITED, undefined, "[]"],
    ["finds own values by inherited names", INHERITED, JSON.parse(OWN), "[12345]"],
    ["treats a function as missing", "[{{f}}{{#f}}x{{/f}}{{^f}}none{{/f}}{{#xs}}{{.}}{{/xs}}]", { f: () => "called", xs: [() => 1] }, "[none]"],
    ["finds no name in a function", "{{call.name}}{{call.title}}{{#call.length}}x{{/call.length}}", { call: Object.assign(function call() {}, { title: "x" }) }, ""],
    ["finds no name in a value that is passed instead of an object", "{{.}}{{length}}", "abc", "abc"],
    ["takes such a name for missing", "{{.}}{{^length}}!{{/length}}", "abc", "abc!"],
    ["finds no name in a list that is passed instead of an object", "{{#.}}{{a}}{{/.}}{{b}}", [{ a: 1 }], "1"],
    ["finds what a class instance has on its prototype", "{{#pet}}{{name}}{{/pet}}{{pet.name}}", { pet: new Pet() }, "RexRex"],
  ])("%s", async (_, template, data, text, part = "") => {
    expect(await render(mustacheSource(template, { part }), data)).toBe(text);
  });

  it.each([
    ["Policy:\n{{> part}}\nTheir orders:", "It.", "Policy:\nIt.Their orders:", 2],
    ["{{#yes}}\n{{> part}}\n{{/yes}}\n{{name}}", "It {{#yes}}is{{/yes}}", "It isAda", 2],
    ["{{> part}}\n{{> part}}\n", "It.", "It.It.", 1],
    ["{{> part}}\n\nTheir orders:", "It.", "It.\nTheir orders:", undefined],
    ["{{> part}}\nTheir orders:", "It.\n", "It.\nTheir orders:", undefined],
    ["{{> part}}\nTheir orders:", "{{#yes}}\nIt.\n{{/yes}}", "It.\nTheir orders:", undefined],
    ["{{> part}}\nTheir orders:", "", "Their orders:", undefined],
    ["{{> part}} \nTheir orders:\n{{> part}}\n", "It.\n", "It.\nTheir orders:\nIt.\n", undefined],
    ["So: {{> part}}\nTheir orders:", "It.", "So: It.\nTheir orders:", undefined],
    ["Their orders:\n{{> part}}\n", "It.", "Their orders:\nIt.", undefined],
  ])(
    "warns where a partial alone on its line joins two lines: %j, %j",
    async (template, part, text, line) => {
      const source = mustacheSource(template, { part });
      expect(await render(source, { yes: true, name: "Ada" })).toBe(text);
      const joined = compilePrompt(source).diagnostics.map(({ code, where }) => [code, where.line]);
      expect(joined).toEqual(line === undefined ? [] : [["template_partial_joined", line]]);
    },
  );

  it("keeps the template for content, comments and all", async () => {
    const module = await runModule(compile("a{{! note }}b", { syntax: "mustache" }));
    expect([module.content, module.render()]).toEqual(["a{{! note }}b", "ab"]);
  });

  it.each(HOSTILE_TEXTS.map((text) => [text]))("%j comes out unchanged", async (text) => {
    const template = `${text.replaceAll("{", "{ ")}{{x}}{{#xs}}{{.}}{{/xs}}`;
    const want = `${text.replaceAll("{", "{ ")}${text}${text}`;
    expect(await render(mustacheSource(template, {}, "none"), { x: text, xs: [text] })).toBe(want);
  });
});

describe("partialTags", () => {
  it.each<[string, string[]]>([
    ["{{> a }}{{>support/b}} {{#x}}{{> a}}{{> c d }}{{/x}}", ["a", "support/b", "a", "c d"]],
    ["{{=<% %>=}}{{> not}}<%> yes %>", ["yes"]],
    ["{{! {{> a}} }}", []],
    ["{{#x}}{{> a}}", []],
    ["plain", []],
  ])("%s", (text, names) => {
    expect(partialTags(text).map(({ value }) => value)).toEqual(names);
  });
});
