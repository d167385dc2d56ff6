import { describe, expect, it } from "vitest";
import {
  typeAliases,
  VALUE_TYPE,
  variablesType,
} from "../../../src/compiler/3-emit/types/emit-module-types.ts";
import { compareContracts } from "../../../src/contract/compare-versions.ts";
import { keepsContract } from "../../../src/contract/contract.ts";
import { compile, type TestPrompt } from "../prompts.ts";

const mustache = (text: string, options: TestPrompt = {}) =>
  compile(text, { syntax: "mustache", ...options });
/** The parameter's type, with `V` for any value. */
const typeOf = (text: string, options?: TestPrompt) =>
  variablesType(mustache(text, options).parameter).replaceAll(VALUE_TYPE, "V");

describe("what a mustache template needs from its caller", () => {
  // biome-ignore format: one row a line
  it.each<[string, string]>([
    ["plain", "Record<string, never>"],
    ["{{a}} {{{b}}} {{&a}}", "{ a: V; b: V }"],
    ["{{user.name}} {{user.mail.home}}", "{ user: { name: V; mail: { home: V } } }"],
    ["{{#items}}{{title}}{{/items}}", "{ items: Section<{ title: V }> }"],
    ["{{#a}}{{user.name}}{{/a}}{{^user.name}}x{{/user.name}}", "{ a: Condition; user: { name: V | undefined } }"],
    ["{{^user.name}}x{{/user.name}}", "{ user: { name: Condition } }"],
    ["{{#tags}}{{.}}{{/tags}}", "{ tags: Section<V> }"],
    ["{{#rows}}{{#.}}{{.}}{{/.}}{{/rows}}", "{ rows: Section<Section<V>> }"],
    ["{{#vip}}VIP{{/vip}}", "{ vip: Condition }"],
    ["{{^vip}}no VIP{{/vip}}", "{ vip: Condition }"],
    ["{{#x}}a{{/x}}{{^x}}b{{/x}}", "{ x: Condition }"],
    ["{{x}}{{^x}}none{{/x}}", "{ x: V | undefined }"],
    ["{{#x}}Dear {{x}}{{/x}}", "{ x: V }"],
    ["{{#x}}Dear {{.}}{{/x}}", "{ x: Section<V> }"],
    // The same name inside and outside: it need not be inside.
    ["{{name}} {{#vip}}{{name}}{{/vip}}", "{ name: V; vip: Condition }"],
    ["{{#tools}}{{name}}: {{what}}{{/tools}} {{name}}", "{ tools: Section<{ name?: V | undefined; what: V }>; name: V }"],
    ["{{#user}}{{name}}{{/user}} {{user.mail}}", "{ user: { name: V; mail: V } | false | null | undefined }"],
    ["{{#user}}{{user.name}}{{/user}}", "{ user: { name: V } | false | null | undefined }"],
    ["{{#items.length}}{{#items}}{{.}}{{/items}}{{/items.length}}", "{ items: readonly (V)[] | false | null | undefined }"],
    ["{{#a}}{{#b}}{{c}}{{/b}}{{/a}}", "{ a: Section<{ b: Section<{ c: V }> }> }"],
    ["{{#length}}{{x}}{{/length}}", "{ length: Section<{ x: V }> }"],
    ["{{#a.size}}{{x}}{{/a.size}}", "{ a: { size: Section<{ x: V }> } }"],
    // Known outside in part: what is not must be inside.
    ["{{a}}{{#x}}{{#y}}{{a}}{{b}}{{/y}}{{/x}}", "{ a: V; x: Section<{ y: Section<{ a?: V | undefined; b: V }> }> }"],
    ["{{a}}{{#x}}{{b}}{{#y}}{{a}}{{b}}{{/y}}{{/x}}", "{ a: V; x: Section<{ b: V; y: Condition }> }"],
    ["{{#n.length}}{{.}}{{#n}}{{x}}{{/n}}{{/n.length}}", "{ n: readonly ({ x: V })[] | false | null | undefined }"],
    ["{{.}}", "V"],
    ["{{#.}}{{x}}{{/.}}", "Section<{ x: V }>"],
    ["{{constructor}} {{__proto__}} {{1st}} {{a b}}", '{ constructor: V; "__proto__": V; "1st": V; "a b": V }'],
    // A name inside a section that also exists outside it.
    ["{{#formal}}Dear {{user.title}}{{/formal}}{{^formal}}Hi {{user.name}}{{/formal}}", "{ formal: Condition; user: { name: V; title: V } }"],
    ["{{#verbose}}{{#tools}}{{name}}: {{usage}}. {{/tools}}{{/verbose}}{{^verbose}}{{#tools}}{{name}} {{/tools}}{{/verbose}}", "{ verbose: Condition; tools: Section<{ name: V; usage: V }> }"],
    ["{{user.name}}{{#items}}{{title}} for {{user.mail}}{{/items}}", "{ user: { name: V; mail: V }; items: Section<{ title: V; user?: { mail: V } | undefined }> }"],
    ["{{^name}}x{{/name}}{{#vip}}{{name}}{{/vip}}", "{ name: V | undefined; vip: Condition }"],
    // Only what stands outside of the items says what happens without it.
    ["{{use}}{{#tools}}{{name}}{{^use}}none{{/use}}{{/tools}}", "{ use: V; tools: Section<{ name: V; use?: Condition }> }"],
    // Through a condition within a condition, and through the items in between.
    ["{{#a}}x{{/a}}{{#b}}{{#a}}{{c}}{{/a}}{{/b}}{{c}}", "{ a: Condition; b: Condition; c: V }"],
    ["{{u.a}}{{#xs}}{{t}}{{u.b}}{{#ys}}{{s}}{{u.c}}{{/ys}}{{/xs}}", "{ u: { a: V; b: V; c: V }; xs: Section<{ t: V; u?: { b: V; c: V } | undefined; ys: Section<{ s: V; u?: { c: V } | undefined }> }> }"],
    // A section at a name after a dot: what is inside is looked up around the tag.
    ["{{name}}{{#user.vip}}{{name}}{{/user.vip}}", "{ name: V; user: { vip: Condition } }"],
    ["{{#user}}{{name}}{{/user}}{{^user.name}}no{{/user.name}}", "{ user: { name: V | undefined } | false | null | undefined }"],
    ["{{mail}}{{#user}}{{name}}{{/user}}{{user.mail}}", "{ mail: V; user: { name: V; mail: V } | false | null | undefined }"],
    ["{{#b.on}}{{a.x}}{{/b.on}}{{#b}}{{c}}{{/b}}{{#a}}{{c}}{{/a}}", "{ b: { c: V; on: Condition } | false | null | undefined; a: { c: V; x: V } | false | null | undefined }"],
    ["{{#items.length}}some{{/items.length}}", "{ items: { length: V } }"],
  ])("%s", (text, type) => {
    expect(typeOf(text)).toBe(type);
  });

  it("is an error if it would make the types endlessly large", () => {
    const names = Array.from({ length: 60 }, (_, i) => `a${i}`);
    const all = names.map((name) => `{{#${name}}}{{x${name}}}{{/${name}}}`).join("");
    const text = `${all}${names.map((name) => `{{#${name}}}${all}`).join("")}${names
      .reverse()
      .map((name) => `{{/${name}}}`)
      .join("")}`;
    expect(() => mustache(text)).toThrow("too many different places");
    expect(typeAliases(mustache(all).parameter)).toHaveLength(1);
  });

  // biome-ignore format: one row a line
  it.each<[what: string, text: string, variables: TestPrompt["variables"] & {}, type: string]>([
    ["narrows", "{{tone}} {{n}}", { tone: ["formal", 'a"b'], n: "number" }, '{ tone: "formal" | "a\\"b"; n: number }'],
    ["makes a section a condition", "{{#vip}}Dear {{name}}{{/vip}}", { vip: "boolean" }, "{ vip: boolean; name: V }"],
    ["narrows the item with its section", "{{#tags}}{{.}},{{/tags}}", { tags: "string" }, "{ tags: string }"],
    ["narrows the item together with other names", "{{#on}}{{.}} {{a}}{{/on}}", { on: "boolean" }, "{ on: boolean; a: V }"],
    ["narrows no name with a dot", "{{#a.b}}{{c}}{{/a.b}}", { "a.b": "boolean" }, "{ a: { b: Section<{ c: V }> } }"],
    ["narrows none inside a section", "{{#items}}{{tone}}{{/items}}", { tone: ["a"] }, "{ items: Section<{ tone: V }> }"],
  ])("the config %s: %s", (_, text, variables, type) => {
    expect(typeOf(text, { variables })).toBe(type);
  });

  it("is written once per name, however deep", () => {
    const open = Array.from({ length: 90 }, (_, i) => `{{#s${i}}}`);
    const close = open.map((_, i) => `{{/s${89 - i}}}`);
    expect(typeOf(`${open.join("")}{{x}}${close.join("")}`).length).toBeLessThan(3000);
  });
});

describe("a mustache prompt's contract", () => {
  it("lists what is needed as paths", () => {
    const { contract, variables } = mustache(
      "{{#items}}{{title}}{{#tags}}{{.}}{{/tags}}{{/items}}{{user.name}}{{vip}}",
    );
    expect(contract.variables).toEqual(["items[].title", "items[].tags[]", "user.name", "vip"]);
    expect(variables).toEqual(["items", "user", "vip"]);
  });

  // biome-ignore format: one row a line
  it.each<[from: string, to: string, keeps: boolean, messages: string[]]>([
    ["{{a}}", "{{a}} and more", true, []],
    ["{{a}}{{b}}", "{{a}}", false, ['variable "b" is gone']],
    ["{{a}}", "{{a}}{{b}}", false, ['new variable "b"']],
    ["{{a}}", "plain", false, ['variable "a" is gone']],
    ["plain", "{{a}}", false, ['new variable "a"']],
    // Inside sections.
    ["{{#xs}}{{a}}{{/xs}}", "{{#xs}}{{a}}{{b}}{{/xs}}", false, ['new variable "xs[].b"']],
    ["{{#xs}}{{a}}{{b}}{{/xs}}", "{{#xs}}{{a}}{{/xs}}", false, ['variable "xs[].b" is gone']],
    ["{{b}}{{#xs}}{{a}}{{/xs}}", "{{b}}{{#xs}}{{a}}{{b}}{{/xs}}", true, []],
    ["{{b}}{{#xs}}{{a}}{{b}}{{/xs}}", "{{#xs}}{{a}}{{b}}{{/xs}}", false, ['new variable "xs[].b"', 'variable "b" is gone']],
    // A name inside a section that also exists outside it.
    ["{{user.name}}{{#vip}}x{{/vip}}", "{{user.name}}{{#vip}}{{user.mail}}{{/vip}}", false, ['new variable "user.mail"']],
    ["{{user.name}}{{#items}}{{title}}{{/items}}", "{{user.name}}{{#items}}{{title}} for {{user.mail}}{{/items}}", false, ['new variable "user.mail"']],
    ["{{#verbose}}More.{{/verbose}}{{#tools}}{{name}}{{/tools}}", "{{#verbose}}{{#tools}}{{usage}}{{/tools}}{{/verbose}}{{#tools}}{{name}}{{/tools}}", false, ['new variable "tools[].usage"']],
    ["{{^name}}x{{/name}}{{#vip}}x{{/vip}}", "{{^name}}x{{/name}}{{#vip}}{{name}}{{/vip}}", false, ['variable "name" must be a value now']],
    // How a name is used.
    ["{{#vip}}Hello{{/vip}}", "Dear {{vip}}", false, ['variable "vip" must be a value now']],
    ["Dear {{vip}}", "{{#vip}}Hello{{/vip}}", false, ['variable "vip" is no longer printed']],
    ["{{#xs}}{{a}}{{/xs}}", "{{#xs}}some{{/xs}}", false, ['variable "xs[].a" is gone']],
    ["{{a}}{{#a}}yes{{/a}}", "{{#a}}yes{{/a}}", false, ['variable "a" is no longer printed']],
    ["{{#x}}{{a}}{{/x}}{{x}}", "{{#x}}{{a}}{{/x}}", false, ['variable "x" is no longer printed']],
    ["{{#x}}{{a}}{{b}}{{/x}}{{x}}", "{{#x}}{{a}}{{/x}}{{x}}", false, ['variable "x[].b" is gone']],
    ["{{#vip}}x{{/vip}}", "{{#vip}}{{name}}{{/vip}}", false, ['new variable "vip[].name"']],
    ["{{#vip}}x{{/vip}}", "{{#vip}}{{.}}{{/vip}}", false, ['variable "vip" must be a list or nothing now']],
    ["{{#items}}{{#a}}yes{{/a}}{{/items}}", "{{#items}}{{a}}{{/items}}", false, ['variable "items[].a" must be a value now']],
    ["{{#xs}}{{a}}{{/xs}}", "{{xs}}", false, ['variable "xs" must be a value now']],
    ["{{#xs}}{{.}}{{/xs}}", "{{xs}}", false, ['variable "xs" must be a value now']],
    ["{{xs}}", "{{#xs}}{{.}}{{/xs}}", true, []],
    ["{{xs}}", "{{#xs}}{{a}}{{/xs}}", false, ['new variable "xs[].a"']],
    ["{{user.name}}", "{{#user}}{{name}}{{/user}}", true, []],
    // A condition takes neither functions nor promises, told by these names.
    ["{{user.then}}", "{{#user}}x{{/user}}", false, ['variable "user" must be without bind and then now']],
    ["{{#users}}{{bind}}{{/users}}", "{{#users}}x{{/users}}", false, ['variable "users" must be without bind and then now']],
    ["{{#user}}{{name}}{{/user}}{{user.mail}}", "{{#user}}{{user.name}}{{/user}}", false, ['variable "user.mail" is gone']],
    ["{{#user}}{{name}}{{/user}}", "{{user.name}}", false, ['variable "user" must be one object now']],
    ["{{user.name}}", "{{user.name}}{{user.mail}}", false, ['new variable "user.mail"']],
    ["{{user.name}}", "{{user}}", false, ['variable "user" must be a value now']],
    ["{{#a}}{{b}}{{/a}}", "{{#a}}{{b}}{{/a}}{{a}}", true, []],
    ["{{#a}}{{b}}{{/a}}", "{{#a.length}}{{#a}}{{b}}{{/a}}{{/a.length}}", false, ['variable "a" must be a list now']],
    ["{{#.}}{{x}}{{/.}}", "{{.}}", false, ['variable "." must be a value now']],
    // What may be left out.
    ["{{#x}}a{{/x}}", "{{#x}}a{{/x}}{{^x}}b{{/x}}", true, []],
    ["{{#x}}a{{/x}}{{^x}}b{{/x}}", "{{#x}}a{{/x}}", true, []],
    ["{{^x}}none{{/x}}", "{{x}}", false, ['variable "x" can no longer be undefined', 'variable "x" must be a value now']],
    ["plain", "{{^x}}none{{/x}}", false, ['new variable "x"']],
    // Names that look like paths.
    ["{{#a}}{{.}}{{/a}}", "{{a[]}}", false, ['new variable "[\\"a[]\\"]"', 'variable "a[]" is gone']],
    ["{{a}}", "{{a.}}", false, ['new variable "a[\\"\\"]"']],
  ])("%s → %s keeps it: %s", (from, to, kept, messages) => {
    const changes = compareContracts(mustache(from).contract, mustache(to).contract);
    expect(changes.map(({ message }) => message)).toEqual(messages);
    expect(keepsContract(changes)).toBe(kept);
  });

  it("knows the same narrowing on both sides", () => {
    const options = { variables: { vip: "boolean" } } as const;
    const changes = compareContracts(
      mustache("{{#vip}}Hello{{/vip}}", options).contract,
      mustache("Dear {{vip}}", options).contract,
    );
    expect(changes).toEqual([]);
  });

  it("is only the variables in the platform's own syntax", () => {
    expect(compile("{{a}}").contract).toEqual({
      type: "text",
      roles: null,
      variables: ["a"],
      input: undefined,
      blank: [false],
      metadata: { kind: "object", keys: [] },
    });
  });
});
