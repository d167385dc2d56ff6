import { describe, expect, it } from "vitest";
import type { PromptSource } from "../../src/compiler/prompt-source.ts";
import { VALUE_TYPE, variablesType } from "../../src/compiler/type-text.ts";
import { compareContracts, keepsContract } from "../../src/template/contract.ts";
import { compile, promptSource, type TestPrompt } from "./prompts.ts";

const mustache = (text: string, options: TestPrompt = {}) =>
  compile(text, { syntax: "mustache", ...options });
/** The parameter's type, with `V` for any value. */
const typeOf = (text: string, options?: TestPrompt) =>
  variablesType(mustache(text, options).parameter).replaceAll(VALUE_TYPE, "V");

describe("what a mustache template asks of its caller", () => {
  it.each<[string, string]>([
    ["plain", "Record<string, never>"],
    ["{{a}} {{{b}}} {{&a}}", "{ a: V; b: V }"],
    ["{{user.name}} {{user.mail.home}}", "{ user: { name: V; mail: { home: V } } }"],
    ["{{#items}}{{title}}{{/items}}", "{ items: Section<{ title: V }> }"],
    ["{{#tags}}{{.}}{{/tags}}", "{ tags: Section<V> }"],
    ["{{#rows}}{{#.}}{{.}}{{/.}}{{/rows}}", "{ rows: Section<Section<V>> }"],
    ["{{#vip}}VIP{{/vip}}", "{ vip: Condition }"],
    ["{{^vip}}no VIP{{/vip}}", "{ vip?: Condition }"],
    ["{{#x}}a{{/x}}{{^x}}b{{/x}}", "{ x?: Condition }"],
    ["{{x}}{{^x}}none{{/x}}", "{ x?: V | undefined }"],
    ["{{#x}}Dear {{x}}{{/x}}", "{ x: V }"],
    ["{{#x}}Dear {{.}}{{/x}}", "{ x: Section<V> }"],
    // The same name inside and outside: it need not be inside.
    ["{{name}} {{#vip}}{{name}}{{/vip}}", "{ name: V; vip: Condition }"],
    [
      "{{#tools}}{{name}}: {{what}}{{/tools}} {{name}}",
      "{ tools: Section<{ name?: V | undefined; what: V }>; name: V }",
    ],
    ["{{#user}}{{name}}{{/user}} {{user.mail}}", "{ user: { name: V; mail: V } | false | null | undefined }"],
    ["{{#user}}{{user.name}}{{/user}}", "{ user: { name: V } | false | null | undefined }"],
    [
      "{{#items.length}}{{#items}}{{.}}{{/items}}{{/items.length}}",
      "{ items: readonly (V)[] | false | null | undefined }",
    ],
    ["{{#a}}{{#b}}{{c}}{{/b}}{{/a}}", "{ a: Section<{ b: Section<{ c: V }> }> }"],
    ["{{.}}", "V"],
    ["{{#.}}{{x}}{{/.}}", "Section<{ x: V }>"],
    [
      "{{constructor}} {{__proto__}} {{1st}} {{a b}}",
      '{ constructor: V; "__proto__": V; "1st": V; "a b": V }',
    ],
  ])("%s", (text, type) => {
    expect(typeOf(text)).toBe(type);
  });

  it("is narrowed by the config, which also says that a section is a condition", () => {
    expect(typeOf("{{tone}} {{n}}", { variables: { tone: ["formal", 'a"b'], n: "number" } })).toBe(
      '{ tone: "formal" | "a\\"b"; n: number }',
    );
    expect(typeOf("{{#vip}}Dear {{name}}{{/vip}}", { variables: { vip: "boolean" } })).toBe(
      "{ vip: boolean; name: V }",
    );
  });

  it("takes the item of a narrowed section for the narrowed name itself", () => {
    expect(typeOf("{{#tags}}{{.}},{{/tags}}", { variables: { tags: "string" } })).toBe("{ tags: string }");
    expect(typeOf("{{#n.length}}{{.}}{{#n}}{{x}}{{/n}}{{/n.length}}")).toBe(
      "{ n: readonly ({ x: V })[] | false | null | undefined }",
    );
    const partials = new Map([["p", promptSource("{{.}} {{a}}", { syntax: "mustache" })]]);
    expect(typeOf("{{#on}}{{> p}}{{/on}}", { variables: { on: "boolean" }, partials })).toBe(
      "{ on: boolean; a: V }",
    );
  });

  it("is not narrowed by a name with a dot, nor by one inside a section", () => {
    expect(typeOf("{{#a.b}}{{c}}{{/a.b}}", { variables: { "a.b": "boolean" } })).toBe(
      "{ a: { b: Section<{ c: V }> } }",
    );
    expect(typeOf("{{#items}}{{tone}}{{/items}}", { variables: { tone: ["a"] } })).toBe(
      "{ items: Section<{ tone: V }> }",
    );
  });

  it("is written once per name, however deep", () => {
    const open = Array.from({ length: 90 }, (_, i) => `{{#s${i}}}`);
    const close = open.map((_, i) => `{{/s${89 - i}}}`);
    expect(typeOf(`${open.join("")}{{x}}${close.join("")}`).length).toBeLessThan(3000);
  });

  it("includes what partials ask for, and gives a partial in itself one level", () => {
    const partials = new Map<string, PromptSource>();
    const options = { syntax: "mustache", partials } as const;
    partials.set("footer", promptSource("{{company}}{{> legal}}", options));
    partials.set("legal", promptSource("{{year}}", options));
    partials.set("tree", promptSource("{{label}}{{#twigs}}{{> tree}}{{/twigs}}", options));
    expect(typeOf("{{name}}{{> footer}}{{#x}}{{> legal}}{{y}}{{/x}}", { partials })).toBe(
      "{ name: V; company: V; year: V; x: Section<{ year?: V | undefined; y: V }> }",
    );
    expect(typeOf("{{> tree}}", { partials })).toBe("{ label: V; twigs: Condition }");
  });
});

describe("a mustache prompt's contract", () => {
  const keeps = (from: string, to: string) =>
    keepsContract(compareContracts(mustache(from).contract, mustache(to).contract));

  it("names what is asked for as paths", () => {
    const { contract, variables } = mustache(
      "{{#items}}{{title}}{{#tags}}{{.}}{{/tags}}{{/items}}{{user.name}}{{vip}}",
    );
    expect(contract.variables).toEqual(["items[].title", "items[].tags[]", "user.name", "vip"]);
    expect(variables).toEqual(["items", "user", "vip"]);
  });

  it.each<[string, string, boolean]>([
    ["{{a}}", "{{a}} and more", true],
    ["{{a}}{{b}}", "{{a}}", true],
    ["{{a}}", "{{a}}{{b}}", false],
    ["{{#xs}}{{a}}{{/xs}}", "{{#xs}}{{a}}{{b}}{{/xs}}", false],
    ["{{#xs}}{{a}}{{b}}{{/xs}}", "{{#xs}}{{a}}{{/xs}}", true],
    ["{{#xs}}{{a}}{{/xs}}", "{{xs}}", false],
    ["{{b}}{{#xs}}{{a}}{{/xs}}", "{{b}}{{#xs}}{{a}}{{b}}{{/xs}}", true],
    ["{{#x}}a{{/x}}", "{{#x}}a{{/x}}{{^x}}b{{/x}}", true],
  ])("%s → %s keeps it: %s", (from, to, kept) => {
    expect(keeps(from, to)).toBe(kept);
  });
});
