import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { partsOf } from "../../src/compiler/compiled-prompt.ts";
import { type CachePrefix, constantTexts } from "../../src/template/cache-prefix.ts";
import { compile, runModule } from "./prompts.ts";

const mustache = { syntax: "mustache" } as const;

describe("the cacheable prefix", () => {
  // biome-ignore format: one row a line
  it.each<[string, ReturnType<typeof compile>, CachePrefix | undefined]>([
    ["the first variable", compile("Hello {{name}}, {{again}}"), { message: 0, characters: 6 }],
    ["the beginning", compile("{{name}} first"), undefined],
    ["the end where nothing varies", compile("Hello {{ name }}"), { message: 0, characters: 16 }],
    ["the last message where nothing varies", chat("Be kind.", "Hi"), { message: 1, characters: 2 }],
    ["the message with the first variable", chat("One", "About {{x}}", "No"), { message: 1, characters: 6 }],
    ["the message before one that begins with it", chat("One", "", "{{x}}"), { message: 0, characters: 3 }],
    ["the beginning of the first message", chat("{{x}}", "One"), undefined],
    ["a section, not a comment", compile("A{{! no }}B{{#x}}C{{/x}}", mustache), { message: 0, characters: 2 }],
    ["an inverted section", compile("A{{^x}}C{{/x}}", mustache), { message: 0, characters: 1 }],
  ])("ends at %s", async (_, compiled, prefix) => {
    const { cachePrefix } = await runModule(compiled);
    expect(cachePrefix).toEqual(prefix);
  });
});

function chat(...texts: readonly string[]) {
  return compile(texts.map((content, index) => ({ role: index === 0 ? "system" : "user", content })));
}

const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", " ", "é", "}"), maxLength: 12 });
const tag = fc.constantFrom("{{x}}", "{{&y}}", "{{#x}}in{{/x}}", "{{^x}}out{{/x}}", "{{! c }}", "");
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
          expect(constantTexts(partsOf(compiled))).toEqual(shared(one, other));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("start with it in mustache syntax, with sections", async () => {
    await fc.assert(
      fc.asyncProperty(template, async (content) => {
        const compiled = compile(content, mustache);
        const { cachePrefix: prefix } = await runModule(compiled);
        const characters = (prefix as CachePrefix | undefined)?.characters ?? 0;
        const isWhole = partsOf(compiled)[0]?.every(({ kind }) => kind === "text");
        const [[one = ""] = [], [other = ""] = []] = await renderings(compiled);
        expect(one.slice(0, characters)).toBe(other.slice(0, characters));
        expect(one.length).toBeGreaterThanOrEqual(characters);
        if (isWhole) expect([one, one.length]).toEqual([other, characters]);
      }),
      { numRuns: 100 },
    );
  });
});
