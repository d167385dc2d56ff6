import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { typeAliases, VALUE_TYPE, variablesType } from "../../../src/compiler/3-emit/types/type-text.ts";
import { compilePrompt } from "../../../src/compiler/compile-prompt.ts";
import type { CompiledPrompt } from "../../../src/compiler/compiled-prompt.ts";
import type { PromptSource } from "../../../src/compiler/prompt-source.ts";
import { NO_INPUTS, type ParameterType } from "../../../src/contract/input-type.ts";
import { isScopeError } from "../../../src/errors/scope-error.ts";
import type { VariableType } from "../../../src/prompt.ts";
import { promptSource, runModule } from "../prompts.ts";
import { NotSampled, sample } from "./sample.ts";

function compiled(
  text: string,
  texts: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, VariableType>> = {},
): CompiledPrompt {
  const partials = new Map<string, PromptSource>();
  const options = { syntax: "mustache", partials, variables } as const;
  for (const [name, partial] of Object.entries(texts))
    partials.set(name, promptSource(partial, { ...options, name }));
  return compilePrompt(promptSource(text, options));
}

const V = (type: string) => type.replaceAll(VALUE_TYPE, "V");

describe("a partial that leads to itself", () => {
  it.each<[string, Readonly<Record<string, string>>, string, string[]]>([
    [
      "{{title}}{{#children}}{{> tree}}{{/children}}",
      { tree: "{{name}}{{#children}}{{> tree}}{{/children}}" },
      "{ title: V; children: Section<Level1> }",
      ["{ name: V; children: Section<Level1> }"],
    ],
    // Where a section leads on, a value would have nothing inside.
    ["{{> p}}", { p: "{{#x}}Dear {{x}}{{> p}}{{/x}}" }, "{ x: Section<Level1> }", ["{ x: Section<Level1> }"]],
    [
      "{{next}}{{#a}}{{> p}}{{/a}}",
      { p: "{{n}}{{#next}}{{> p}}{{/next}}" },
      "{ next: V; a: Section<Level1> }",
      ["{ n: V; next: Section<Level1> }"],
    ],
    // What leads on may be taken from around within a level: that is still deeper than the level.
    [
      "{{> p}}",
      { p: "{{#c}}{{n}}{{#d}}{{> p}}{{/d}}{{/c}}{{#d}}x{{/d}}" },
      "{ c: Section<{ n: V; d?: Section<Level1> }>; d: Section<Level1> }",
      ["{ c: Section<{ n: V; d?: Section<Level1> }>; d: Section<Level1> }"],
    ],
    // A section of the name that it lies in.
    [
      "{{> p}}",
      { p: "{{#x}}{{#y}}{{#x}}{{> p}}{{/x}}{{/y}}{{/x}}" },
      "{ x: Section<{ y: Section<{ x?: Section<Level1> }>; x?: Section<Level1> } & Level1> }",
      ["{ x: Section<{ y: Section<{ x?: Section<Level1> }>; x?: Section<Level1> } & Level1> }"],
    ],
    // Items that are lists of their own kind.
    [
      "{{> p}}",
      { p: "{{n}}{{#xs}}{{#.}}{{> p}}{{/.}}{{/xs}}" },
      "{ n: V; xs: Section<Section<Level1>> }",
      ["{ n: V; xs: Section<Section<Level1>> }"],
    ],
  ])("%s with %j", (text, texts, type, levels) => {
    const { parameter } = compiled(text, texts);
    const aliases = typeAliases(parameter).filter((alias) => alias.startsWith("type Level"));
    expect(V(variablesType(parameter))).toBe(type);
    expect(aliases.map(V)).toEqual(levels.map((level, i) => `type Level${i + 1} = ${level};`));
  });

  it("is narrowed at every level where its names are the prompt's own", () => {
    const texts = { p: "{{tone}}{{#vip}}{{mark}}{{/vip}}{{#xs}}{{> p}}{{/xs}}" };
    const { parameter } = compiled("{{> p}}", texts, { tone: ["a"], vip: "boolean" });
    const text = '{ tone: "a"; vip: boolean; mark: V; xs: Section<Level1> }';
    expect(V(variablesType(parameter))).toBe(text);
    expect(typeAliases(parameter).map(V)).toContain(`type Level1 = ${text};`);
  });

  it("has one type, however many ways lead from partial to partial", () => {
    const names = Array.from({ length: 12 }, (_, i) => `p${i}`);
    const section = (from: string, to: string) => `{{#${from}${to}}}{{> ${to}}}{{/${from}${to}}}`;
    const texts = Object.fromEntries(
      names.map((from) => [from, `{{n}}${names.map((to) => section(from, to)).join("")}`]),
    );
    const { parameter } = compiled("{{> p0}}", texts);
    expect(parameter?.levels).toHaveLength(12);
    expect(typeAliases(parameter).join("").length).toBeLessThan(10_000);
  });

  const tag = fc.constantFrom("a", "b", "c", "a.b", "b.length", ".");
  const { node } = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: "small" },
      tag.map((name) => `{{${name}}}`),
      fc.constantFrom("{{> p}}", "{{> q}}"),
      fc
        .tuple(fc.constantFrom("#", "#", "^"), tag, fc.array(tie("node"), { maxLength: 2 }))
        .map(([sign, name, inner]) => `{{${sign}${name}}}${inner.join("")}{{/${name}}}`),
    ),
  }));
  const template = fc.array(node, { maxLength: 3 }).map((nodes) => nodes.join(""));
  const junk = { a: "x", b: { c: { a: {} } }, c: { a: { b: true } } };

  const sampled = (parameter: ParameterType, choose: () => number) => {
    try {
      return sample(parameter, choose, junk);
    } catch (error) {
      if (error instanceof NotSampled) return undefined;
      throw error;
    }
  };

  it("ends, whatever its type allows", async () => {
    let rendered = 0;
    await fc.assert(
      fc.asyncProperty(
        template,
        template,
        template,
        fc.boolean(),
        fc.infiniteStream(fc.nat(83)),
        async (text, p, q, isNarrowed, choices) => {
          let prompt: CompiledPrompt;
          try {
            prompt = compiled(`${text}{{> p}}`, { p, q }, isNarrowed ? { c: "boolean" } : {});
          } catch (error) {
            if (isScopeError(error, "template_partial_endless")) return;
            throw error;
          }
          const { parameter = NO_INPUTS } = prompt;
          if (parameter.levels.length === 0) return;
          const { render } = await runModule(prompt);
          for (let i = 0; i < 5; i++) {
            const value = sampled(parameter, () => choices.next().value as number);
            if (value === undefined) continue;
            rendered++;
            render(value);
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(rendered).toBeGreaterThan(300);
  });
});
