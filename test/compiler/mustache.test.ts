import { describe, expect, it } from "vitest";
import { compilePrompt } from "../../src/compiler/compile-prompt.ts";
import type { PromptSource } from "../../src/compiler/compiled-prompt.ts";
import { MUSTACHE_CASES, type MustacheCase } from "./mustache-cases.ts";
import { compile, HOSTILE_TEXTS, promptSource, runModule } from "./prompts.ts";

const mustacheSource = (template: string) => promptSource(template, { syntax: "mustache" });

async function render(source: PromptSource, data: unknown): Promise<unknown> {
  return (await runModule(compilePrompt(source))).render(data);
}

async function outcome({ template, data }: MustacheCase): Promise<unknown> {
  try {
    return await render(mustacheSource(template), data);
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

describe("the public Mustache specification", () => {
  it("has a case here for each of its core tests, except those of partials", () => {
    const counts = Object.fromEntries(
      Object.entries(MUSTACHE_CASES).map(([file, cases]) => [file, cases.length]),
    );
    expect(counts).toEqual({
      comments: 12,
      delimiters: 14,
      interpolation: 42,
      inverted: 22,
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
  const INHERITED =
    "[{{constructor}}{{__proto__}}{{a.constructor}}{{a.toString}}{{b.length}}{{#x}}{{valueOf}}{{/x}}]";
  const OWN = '{"constructor":1,"__proto__":2,"a":{"constructor":3,"toString":4},"x":[{"valueOf":5}]}';
  class Pet {
    get name() {
      return "Rex";
    }
  }

  // biome-ignore format: one row a line
  it.each<[what: string, template: string, data: unknown, text: string]>([
    ["reads names as they are, across lines too", "a {{x\n y}} {{#s\n}}b{{/ s}}{{#\n t.\nu }}c{{/t.\nu}}", { "x\n y": 1, s: 1, t: { "\nu": 1 } }, "a 1 bc"],
    ["renders a missing value as nothing, also for inherited names", INHERITED, { a: {}, b: "four", x: [{}] }, "[4]"],
    ["renders nothing of nothing", INHERITED, undefined, "[]"],
    ["finds own values by inherited names", INHERITED, JSON.parse(OWN), "[12345]"],
    ["treats a function as missing", "[{{f}}{{#f}}x{{/f}}{{^f}}none{{/f}}{{#xs}}{{.}}{{/xs}}]", { f: () => "called", xs: [() => 1] }, "[none]"],
    ["finds no name in a function", "{{call.name}}{{call.title}}{{#call.length}}x{{/call.length}}", { call: Object.assign(function call() {}, { title: "x" }) }, ""],
    ["finds no name in a value that is passed instead of an object", "{{.}}{{length}}", "abc", "abc"],
    ["takes such a name for missing", "{{.}}{{^length}}!{{/length}}", "abc", "abc!"],
    ["finds no name in a list that is passed instead of an object", "{{#.}}{{a}}{{/.}}{{b}}", [{ a: 1 }], "1"],
    ["finds what a class instance has on its prototype", "{{#pet}}{{name}}{{/pet}}{{pet.name}}", { pet: new Pet() }, "RexRex"],
  ])("%s", async (_, template, data, text) => {
    expect(await render(mustacheSource(template), data)).toBe(text);
  });

  it("keeps the template for content, comments and all", async () => {
    const module = await runModule(compile("a{{! note }}b", { syntax: "mustache" }));
    expect([module.content, module.render()]).toEqual(["a{{! note }}b", "ab"]);
  });

  it.each(HOSTILE_TEXTS.map((text) => [text]))("%j comes out unchanged", async (text) => {
    const template = `${text.replaceAll("{", "{ ")}{{x}}{{#xs}}{{.}}{{/xs}}`;
    const want = `${text.replaceAll("{", "{ ")}${text}${text}`;
    expect(await render(mustacheSource(template), { x: text, xs: [text] })).toBe(want);
  });
});
