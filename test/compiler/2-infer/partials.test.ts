import { describe, expect, it } from "vitest";
import { compilePrompt } from "../../../src/compiler/compile-prompt.ts";
import { refusalOf, withPartials } from "../prompts.ts";

/** A text over `p0`, which includes `p1` twice, that one `p2` twice, and so on. */
function layered(text: string, count: number, layer: (next: string, i: number) => string) {
  const entries = Array.from({ length: count }, (_, i) => [`p${i}`, layer(`{{> p${i + 1}}}`, i)] as const);
  return withPartials(text, { ...Object.fromEntries(entries), [`p${count}`]: "{{leaf}}" });
}

describe("partials that are reached in many ways", () => {
  it("are walked once for each place where they mean something else", () => {
    const compiled = compilePrompt(layered("{{> p0}}", 60, (next) => `${next} ${next}`));
    expect(compiled.contract.variables).toEqual(["leaf"]);
  });

  it("are walked once inside sections too", () => {
    const layer = (next: string) => `${next}{{^none}}${next}{{/none}}`;
    const compiled = compilePrompt(layered("{{#items}}{{> p0}}{{/items}}", 60, layer));
    expect(compiled.variables).toEqual(["items"]);
    expect(compiled.contract.variables).toContain("items[].leaf");
  });

  it.each<[string, number, Parameters<typeof layered>[2]]>([
    ["in nested sections: past a depth", 150, (next, i) => `{{#a${i}}}{{#b${i}}}${next}{{/b${i}}}{{/a${i}}}`],
    ["in many: past a limit", 40, (next, i) => `{{#a${i}}}${next}{{/a${i}}}{{#b${i}}}${next}{{/b${i}}}`],
  ])("are refused if they mean something else each time, %s", (_, count, layer) => {
    expect(refusalOf(layered("{{> p0}}", count, layer))).toMatchObject({
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

  // biome-ignore format: one row a line
  it.each<[string, Record<string, string>, string, number]>([
    ["in a section of a narrowed name", { a: "{{#vip}}{{> a}}{{/vip}}" }, "a", 9],
    ["in a section of a length", { a: "{{#xs.length}}{{> a}}{{/xs.length}}" }, "a", 15],
    ["in a section of the item", { a: "{{#.}}{{> a}}{{/.}}" }, "a", 7],
    ["in a section of the item, twice", { a: "{{#.}}{{> b}}{{/.}}", b: "{{#.}}{{> a}}{{/.}}" }, "b", 7],
    ["in a section of the item, in a section", { a: "{{#x}}{{> b}}{{/x}}", b: "{{#.}}{{> b}}{{/.}}" }, "b", 7],
    ["in a section of any of these at a deeper level", { a: "{{#x}}{{> b}}{{/x}}", b: "{{#y.length}}{{> b}}{{/y.length}}" }, "b", 14],
    ["in an inverted section, which nothing ever ends", { a: "x{{^stop}}{{^no}}{{> a}}{{/no}}{{/stop}}" }, "a", 18],
    ["through another one", { a: "{{#x}}{{> b}}{{/x}}{{> b}}", b: "{{=<% %>=}}b <%> c %>", c: "{{> a}}" }, "c", 1],
  ])("%s: the same", (_, texts, prompt, column) => {
    const error = refusalOf({ ...withPartials("{{> a}}", texts), variables: { vip: "boolean" } });
    expect(error).toMatchObject({ code: "template_partial_endless", where: { prompt, line: 1, column } });
  });

  it("in an inverted section inside another one ends", () => {
    const texts = { b: "{{#y}}{{^x}}{{> b}}{{/x}}{{/y}}" };
    expect(compilePrompt(withPartials("{{> b}}", texts)).variables).toEqual(["y"]);
  });
});
