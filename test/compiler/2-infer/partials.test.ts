import { describe, expect, it } from "vitest";
import { compilePrompt } from "../../../src/compiler/compile-prompt.ts";
import { refusalOf, withPartials } from "../prompts.ts";

/** `p0` includes `p1` twice, that one `p2` twice, and so on. */
function layers(count: number, layer: (next: string, i: number) => string): Record<string, string> {
  const entries = Array.from({ length: count }, (_, i) => [`p${i}`, layer(`{{> p${i + 1}}}`, i)] as const);
  return { ...Object.fromEntries(entries), [`p${count}`]: "{{leaf}}" };
}

describe("partials that are reached in many ways", () => {
  it("are walked once for each place where they mean something else", () => {
    const compiled = compilePrompt(
      withPartials(
        "{{> p0}}",
        layers(60, (next) => `${next} ${next}`),
      ),
    );
    expect(compiled.contract.variables).toEqual(["leaf"]);
  });

  it("are walked once inside sections too", () => {
    const compiled = compilePrompt(
      withPartials(
        "{{#items}}{{> p0}}{{/items}}",
        layers(60, (next) => `${next}{{^none}}${next}{{/none}}`),
      ),
    );
    expect(compiled.variables).toEqual(["items"]);
    expect(compiled.contract.variables).toContain("items[].leaf");
  });

  it("that are in nested sections are refused past a depth", () => {
    const text = withPartials(
      "{{> p0}}",
      layers(150, (next, i) => `{{#a${i}}}{{#b${i}}}${next}{{/b${i}}}{{/a${i}}}`),
    );
    expect(refusalOf(text)).toMatchObject({ code: "template_partials_too_many" });
  });

  it("that mean something else each time are refused past a limit", () => {
    const text = withPartials(
      "{{> p0}}",
      layers(40, (next, i) => `{{#a${i}}}${next}{{/a${i}}}{{#b${i}}}${next}{{/b${i}}}`),
    );
    expect(refusalOf(text)).toMatchObject({
      code: "template_partials_too_many",
      where: { prompt: "greeting", versionNumber: 7 },
    });
  });
});

describe("a partial inside itself", () => {
  it("outside sections: an error with the place of the tag", () => {
    const error = refusalOf(withPartials("Hi {{> a}}", { a: "one\nsay {{> a}}" }));
    expect(error).toMatchObject({
      code: "template_partial_endless",
      message: "The partial a includes itself, so its text would never end.",
      where: { prompt: "a", line: 2, column: 5 },
    });
    expect(error.where?.frame).toContain("> 2 | say {{> a}}");
    expect(error.hint).toContain("section");
  });

  it("in an inverted section, which nothing ever ends: the same", () => {
    const texts = { a: "x{{^stop}}{{^no}}{{> a}}{{/no}}{{/stop}}", b: "{{#y}}{{^x}}{{> b}}{{/x}}{{/y}}" };
    expect(refusalOf(withPartials("{{> a}}", texts))).toMatchObject({
      code: "template_partial_endless",
      where: { prompt: "a", line: 1, column: 18 },
    });
    expect(compilePrompt(withPartials("{{> b}}", texts)).variables).toEqual(["y"]);
  });

  // biome-ignore format: one row a line
  it.each<[string, Record<string, string>, string, number]>([
    ["of a narrowed name", { a: "{{#vip}}{{> a}}{{/vip}}" }, "a", 9],
    ["of a length", { a: "{{#xs.length}}{{> a}}{{/xs.length}}" }, "a", 15],
    ["of the item", { a: "{{#.}}{{> a}}{{/.}}" }, "a", 7],
    ["of the item, twice", { a: "{{#.}}{{> b}}{{/.}}", b: "{{#.}}{{> a}}{{/.}}" }, "b", 7],
    ["of the item, in a section", { a: "{{#x}}{{> b}}{{/x}}", b: "{{#.}}{{> b}}{{/.}}" }, "b", 7],
    ["of any of these at a deeper level", { a: "{{#x}}{{> b}}{{/x}}", b: "{{#y.length}}{{> b}}{{/y.length}}" }, "b", 14],
  ])("in a section %s, which leads no deeper: the same", (_, texts, prompt, column) => {
    const error = refusalOf({ ...withPartials("{{> a}}", texts), variables: { vip: "boolean" } });
    expect(error).toMatchObject({ code: "template_partial_endless", where: { prompt, column } });
  });

  it("through another one", () => {
    const texts = { a: "{{#x}}{{> b}}{{/x}}{{> b}}", b: "{{=<% %>=}}b <%> c %>", c: "{{> a}}" };
    expect(refusalOf(withPartials("{{> a}}", texts))).toMatchObject({
      code: "template_partial_endless",
      where: { prompt: "c", line: 1, column: 1 },
    });
  });
});
