import fc from "fast-check";
import mustache from "mustache";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emitModule } from "../../../src/compiler/3-emit/emit-module.ts";
import { compilePrompt } from "../../../src/compiler/compile-prompt.ts";
import type { PromptSource } from "../../../src/compiler/compiled-prompt.ts";
import { isScopeError } from "../../../src/errors/scope-error.ts";
import { promptSource, runModule } from "../prompts.ts";

const canary = globalThis as { pwned?: unknown };
beforeEach(() => {
  canary.pwned = "untouched";
});
afterEach(() => {
  expect(canary.pwned).toBe("untouched");
  delete canary.pwned;
});

function sourceOf(template: string): PromptSource {
  return promptSource(template, { syntax: "mustache" });
}

/** What the text of the emitted module's `render` is. */
function codeOf(source: PromptSource): string {
  const code = emitModule(compilePrompt(source), { development: false, helper: "./helper.js" });
  return code.slice(0, code.indexOf("export { render"));
}

describe("text around a tag that renders nothing", () => {
  const hostile = "$|{globalThis.pwned=1} \\|` <|/script> <|!-- --|> *|/ /|* source|MappingURL=x".split(" ");
  const nothing = ["{{! x}}", "{{!\n}}", "{{=<% %>=}}<%={{ }}=%>", "{{=| |=}}|! x||={{ }}=|"];

  it.each(hostile.flatMap((text) => nothing.map((tag) => [text.replace("|", tag), text.replace("|", "")])))(
    "%j comes out as %j and is never code",
    async (template, text) => {
      const inSections = [`{{#on}}${template}{{/on}}`, `{{^off}}${template}{{/off}}`];
      for (const inside of [template, ...inSections]) {
        const source = sourceOf(inside);
        const { render } = await runModule(compilePrompt(source));
        expect((render({ on: 1 }) as string).trim()).toBe(text);
        const code = codeOf(source).replaceAll("/* eslint-disable */", "");
        expect(code).not.toMatch(/[^\\]\$\{globalThis|<\/script|<!--|-->|\*\/|\/\*|sourceMappingURL/);
      }
    },
  );
});

describe("text before and after a tag", () => {
  it.each(["$", "\\", "$\\", "`", "{", "}", "$$", "\ud83d", "<", "--", "*", "/", "source"])(
    "%j stays as it is",
    async (text) => {
      for (const tag of ["{{x}}", "{{{x}}}", "{{#on}}{{x}}{{/on}}", "{{^off}}{{x}}{{/off}}"]) {
        // A brace next to a tag's own belongs to the tag.
        const [before, after] = text.includes("{") ? [`${text} `, text] : [text, `${text}`];
        const template = `${before}${tag} ${after}`;
        const { render } = await runModule(compilePrompt(sourceOf(template)));
        expect(render({ x: "{pwned}", on: 1 })).toBe(`${before}{pwned} ${after}`);
      }
    },
  );
});

describe("any template", () => {
  const WORDS = ["source", "MappingURL", "script", "\r\n", "  \n"];
  const HOSTILE = [..."$`\\{}<>/!-*#@;=|()'\"\n\r \t\u2028", ...WORDS, "\ud83d", "\ude00"];
  const CODE = "globalThis.pwned=1";
  // biome-ignore format: a list
  const nothing = fc.constantFrom(
    "{{!}}", "{{! x}}", "{{!\n}}", "\n{{! x}}\n", "{{=<% %>=}}<%={{ }}=%>", "{{=| |=}}|!||={{ }}=|", "{{=<% %>=}}<%a%><%={{ }}=%>",
  );
  // Dotted names begin at the root alone: where the first name is found further in and the rest is not, the package
  // goes on looking further out, against the specification.
  const name = fc.constantFrom("a", "b", "c", "d.a", "d.b.c", ".");
  const tag = fc.oneof(
    name.map((n) => `{{${n}}}`),
    name.map((n) => `{{{${n}}}}`),
    fc.constant("{{&b}}"),
  );
  /** What hurts in one piece, with tags that leave nothing put between its characters. */
  const apart = fc
    .tuple(
      fc.constantFrom(
        ...[`\${${CODE}}`, `\\\${${CODE}}`, `\`+(${CODE})+\``],
        ...["</script>", "sourceMappingURL=x", "*/"],
      ),
      fc.array(fc.option(nothing, { nil: "" }), { minLength: 1, maxLength: 6 }),
    )
    .map(([text, tags]) => [...text].map((char, i) => char + (tags[i] ?? "")).join(""));
  const { node } = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: "small" },
      { weight: 6, arbitrary: fc.constantFrom(...HOSTILE) },
      { weight: 3, arbitrary: apart },
      { weight: 4, arbitrary: nothing },
      { weight: 4, arbitrary: tag },
      fc
        .tuple(fc.constantFrom("#", "^"), name, fc.array(tie("node"), { maxLength: 4 }), fc.boolean())
        .map(([sign, n, inner, isAlone]) => {
          const [before, after] = isAlone ? ["\n  ", " \n"] : ["", ""];
          return `${before}{{${sign}${n}}}${after}${inner.join("")}${before}{{/${n}}}${after}`;
        }),
    ),
  }));
  const template = fc.array(node, { maxLength: 12 }).map((nodes) => nodes.join(""));
  const leaf = fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.constantFrom("", null, false, 0, 7, "{{a}}", "<&>", "`", "${globalThis.pwned=1}"),
  );
  const some: { requiredKeys: []; noNullPrototype: true } = { requiredKeys: [], noNullPrototype: true };
  const { data } = fc.letrec<{ data: unknown }>((tie) => ({
    data: fc.oneof(
      { depthSize: "small", maxDepth: 4 },
      leaf,
      fc.record({ a: tie("data"), b: tie("data"), c: tie("data") }, some),
      // The package throws on a name inside a list's null.
      fc.array(
        tie("data").filter((item) => item !== null),
        { maxLength: 3 },
      ),
    ),
  }));
  const root = fc.record({ a: data, b: data, c: data, d: data }, some);

  it("renders like the mustache package without its HTML escaping", async () => {
    let rendered = 0;
    await fc.assert(
      fc.asyncProperty(template, root, async (text, values) => {
        canary.pwned = "untouched";
        const ours = await outcome(async () => {
          const { render } = await runModule(compilePrompt(sourceOf(text)));
          return render(values);
        });
        const theirs = await outcome(async () => mustache.render(text, values, {}, { escape: String }));
        expect(canary.pwned).toBe("untouched");
        if (ours instanceof Error) expect(isScopeError(ours), ours.message).toBe(true);
        expect(ours instanceof Error).toBe(theirs instanceof Error);
        if (ours instanceof Error) return;
        expect(ours).toBe(theirs);
        rendered++;
      }),
      { numRuns: 2000 },
    );
    expect(rendered).toBeGreaterThan(900);
  });
});

async function outcome(run: () => Promise<unknown>): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    return error;
  }
}
