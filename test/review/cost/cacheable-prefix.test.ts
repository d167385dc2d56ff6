import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePrompt } from "../../../src/compiler/compile-prompt.ts";
import { cacheablePrefix } from "../../../src/review/cost/prompt-cost.ts";
import { compile, promptSource, runModule, withPartials } from "../../compiler/prompts.ts";

const mustache = { syntax: "mustache" } as const;

describe("the cacheable prefix", () => {
  it("ends at the first variable", () => {
    expect(cacheablePrefix(compile("Hello {{name}}, {{again}}"))).toEqual({
      texts: ["Hello "],
      isWhole: false,
    });
    expect(cacheablePrefix(compile("{{name}} first"))).toEqual({ texts: [""], isWhole: false });
  });

  it("is the whole prompt if nothing depends on a value", () => {
    expect(cacheablePrefix(compile("Hello {{ name }}"))).toEqual({
      texts: ["Hello {{ name }}"],
      isWhole: true,
    });
  });

  it("goes over messages in order, and ends in the one with the first variable", () => {
    const content = [
      { role: "system", content: "Be kind." },
      { role: "user", content: "About {{topic}}" },
      { role: "user", content: "Thanks" },
    ];
    expect(cacheablePrefix(compile(content))).toEqual({ texts: ["Be kind.", "About "], isWhole: false });
  });

  it("ends at a section too, but not at a comment", () => {
    expect(cacheablePrefix(compile("A{{! note }}B{{#x}}C{{/x}}", mustache)).texts).toEqual(["AB"]);
    expect(cacheablePrefix(compile("A{{^x}}C{{/x}}", mustache)).texts).toEqual(["A"]);
  });

  it("includes partials, with the indentation that they get", () => {
    const { texts } = cacheablePrefix(
      compilePrompt(
        withPartials("{{> sign}}:\n  {{> rules}}\nend", { rules: "one\ntwo {{x}}\n", sign: "Yours" }),
      ),
    );
    expect(texts).toEqual(["Yours:\n  one\n  two "]);
  });
});

it("has an end even if partials double each other's text endlessly", () => {
  const twice = (level: number) => `{{> p${level}}}{{> p${level}}}`;
  const levels = Array.from({ length: 40 }, (_, level) => [
    `p${level}`,
    level === 0 ? "x" : twice(level - 1),
  ]);
  const { texts, isWhole } = cacheablePrefix(
    compilePrompt(withPartials("{{> p39}}", Object.fromEntries(levels))),
  );
  expect(isWhole).toBe(false);
  expect(texts[0]?.length).toBeLessThan(100_000);
});

it.each([
  ["a partial of a megabyte is included 700 times", "{{> p}}".repeat(700), "x".repeat(1_000_000)],
  ["a partial with many lines is deeply indented", `${" ".repeat(100_000)}{{> p}}`, "x\n".repeat(100_000)],
])("has an end even if %s", (_, content, inside) => {
  const partials = new Map([["p", promptSource(inside, { ...mustache, name: "p" })]]);
  const { texts, isWhole } = cacheablePrefix(compile(content, { ...mustache, partials }));
  expect(isWhole).toBe(false);
  expect(texts[0]?.length).toBeLessThan(10_000_000);
});

const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", " ", "é", "}"), maxLength: 12 });
const tag = fc.constantFrom(
  "{{x}}",
  "{{&y}}",
  "{{#x}}in{{/x}}",
  "{{^x}}out{{/x}}",
  "{{! c }}",
  "{{> p}}",
  "",
);
const template = fc.array(fc.tuple(text, tag), { maxLength: 5 }).map((pieces) => pieces.flat().join(""));

/** What the two begin with in common, over the messages in order. */
function shared(one: readonly string[], other: readonly string[]): readonly string[] {
  const texts: string[] = [];
  for (const [i, a] of one.entries()) {
    const b = other[i] as string;
    let length = 0;
    while (length < a.length && a[length] === b[length]) length++;
    texts.push(a.slice(0, length));
    if (a !== b) break;
  }
  return texts;
}

async function renderings(compiled: ReturnType<typeof compile>): Promise<readonly (readonly string[])[]> {
  const { render } = await runModule(compiled);
  // They differ from their first character on, and one of them is empty to a section.
  return [
    { x: "1", y: "1" },
    { x: "", y: "2" },
  ].map((values) => {
    const result = render(compiled.parameter === undefined ? undefined : values);
    return typeof result === "string"
      ? [result]
      : (result as readonly { content: string }[]).map(({ content }) => content);
  });
}

describe("two renderings with different values", () => {
  it("start with the prefix, and share nothing more if a value follows it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 3 }),
        fc.constantFrom("{{x}}", "{{x}}.", "{{x}} {{y}}"),
        async (texts, end) => {
          const content = texts.map((one) => ({ role: "user", content: one.replaceAll("{", "") }));
          const last = content.length - 1;
          const withEnd = content.map((one, i) =>
            i === last ? { ...one, content: one.content + end } : one,
          );
          const compiled = compile(withEnd);
          const [one = [], other = []] = await renderings(compiled);
          expect(cacheablePrefix(compiled).texts).toEqual(shared(one, other));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("start with it in mustache syntax, with sections and partials", async () => {
    await fc.assert(
      fc.asyncProperty(template, template, async (content, inside) => {
        const partials = new Map([["p", promptSource(inside.replaceAll("{{> p}}", ""), mustache)]]);
        const compiled = compile(content, { ...mustache, partials });
        const { texts, isWhole } = cacheablePrefix(compiled);
        const [[one = ""] = [], [other = ""] = []] = await renderings(compiled);
        expect(one.startsWith(texts[0] as string)).toBe(true);
        expect(other.startsWith(texts[0] as string)).toBe(true);
        if (isWhole) expect([one, other]).toEqual([texts[0], texts[0]]);
      }),
      { numRuns: 100 },
    );
  });
});
