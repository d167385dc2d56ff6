import { describe, expect, it } from "vitest";
import { emitModuleTypes } from "../../../../src/compiler/3-emit/types/emit-module-types.ts";
import { compile, type TestPrompt } from "../../prompts.ts";

const typesOf = (text: string, options?: TestPrompt) =>
  emitModuleTypes(compile(text, { syntax: "mustache", ...options }));

describe("the types of a module", () => {
  // What a template needs is in inference.test.ts.
  it.each<[template: string, aliases: string[], isOptional: boolean]>([
    ["{{a}}", [], false],
    ["{{#a.length}}{{#a}}{{.}}{{/a}}{{/a.length}}", [], false],
    ["{{#a.length}}{{#a}}{{#b}}x{{/b}}{{.}}{{/a}}{{/a.length}}", ["Condition"], false],
    ["{{#a}}{{.}}{{/a}}", ["Section"], false],
    ["{{#a}}{{.}}{{/a}}{{#b}}x{{/b}}", ["Section", "Condition"], false],
    ["{{a}}{{#xs}}{{a}}{{x}}{{/xs}}", ["Section"], false],
    ["{{^a}}x{{/a}}", ["Condition"], false],
    ["{{#.}}{{x}}{{/.}}", ["Section"], true],
    ["{{.}}{{#.}}{{x}}{{/.}}", ["Section"], true],
    ["{{#.}}x{{/.}}", ["Condition"], true],
    ["{{.}}", [], false],
  ])("declare what they use, and whether values can be left out: %s", (template, aliases, isOptional) => {
    const code = typesOf(template);
    const declared = [...code.matchAll(/^type (Section|Condition)\b/gm)].map(([, name]) => name);
    expect(declared).toEqual(aliases);
    expect(code).toContain(`greeting(variables${isOptional ? "?" : ""}: Variables)`);
  });

  it("have no parameter without variables, and no value that fits an empty list", () => {
    expect(typesOf("plain")).toContain("greeting(): string");
    expect(typesOf("plain")).toContain("Variables = Record<string, never>;");
    expect(typesOf("{{tone}}", { variables: { tone: [] } })).toContain("Variables = { tone: never };");
  });

  it("have metadata that is readonly at every depth, and open if its shape is", () => {
    const metadata = { a: "", b: [[1]], c: [1, ""], "d e": { f: true }, g: null, h: [] };
    expect(typesOf("plain", { metadata })).toContain(
      '{ readonly a: string; readonly b: readonly (readonly number[])[]; readonly c: readonly JsonValue[]; readonly "d e": { readonly f: boolean }; readonly g: JsonValue; readonly h: readonly JsonValue[] }',
    );
  });
});
