import { describe, expect, it } from "vitest";
import {
  typeAliases,
  VALUE_TYPE,
  variablesType,
} from "../../../src/compiler/3-emit/types/emit-module-types.ts";
import { compareContracts } from "../../../src/contract/compare-versions.ts";
import { keepsContract } from "../../../src/contract/contract.ts";
import { compile } from "../prompts.ts";

const mustache = (text: string) => compile(text, { syntax: "mustache" });
const typeOf = (text: string) => variablesType(mustache(text).parameter).replaceAll(VALUE_TYPE, "V");

describe("a name inside a section that also exists outside it", () => {
  // biome-ignore format: one row a line
  it.each<[string, string]>([
    ["{{#formal}}Dear {{user.title}}{{/formal}}{{^formal}}Hi {{user.name}}{{/formal}}", "{ formal: Condition; user: { name: V; title: V } }"],
    [
      "{{#verbose}}{{#tools}}{{name}}: {{usage}}. {{/tools}}{{/verbose}}{{^verbose}}{{#tools}}{{name}} {{/tools}}{{/verbose}}",
      "{ verbose: Condition; tools: Section<{ name: V; usage: V }> }",
    ],
    ["{{user.name}}{{#items}}{{title}} for {{user.mail}}{{/items}}", "{ user: { name: V; mail: V }; items: Section<{ title: V; user?: { mail: V } | undefined }> }"],
    ["{{^name}}x{{/name}}{{#vip}}{{name}}{{/vip}}", "{ name: V | undefined; vip: Condition }"],
    // Only what stands outside of the items says what happens without it.
    ["{{use}}{{#tools}}{{name}}{{^use}}none{{/use}}{{/tools}}", "{ use: V; tools: Section<{ name: V; use?: Condition }> }"],
    // Through a condition within a condition, and through the items in between.
    ["{{#a}}x{{/a}}{{#b}}{{#a}}{{c}}{{/a}}{{/b}}{{c}}", "{ a: Condition; b: Condition; c: V }"],
    [
      "{{u.a}}{{#xs}}{{t}}{{u.b}}{{#ys}}{{s}}{{u.c}}{{/ys}}{{/xs}}",
      "{ u: { a: V; b: V; c: V }; xs: Section<{ t: V; u?: { b: V; c: V } | undefined; ys: Section<{ s: V; u?: { c: V } | undefined }> }> }",
    ],
    // A section at a name after a dot: what is inside is looked up around the tag.
    ["{{name}}{{#user.vip}}{{name}}{{/user.vip}}", "{ name: V; user: { vip: Condition } }"],
    ["{{#user}}{{name}}{{/user}}{{^user.name}}no{{/user.name}}", "{ user: { name: V | undefined } | false | null | undefined }"],
    ["{{mail}}{{#user}}{{name}}{{/user}}{{user.mail}}", "{ mail: V; user: { name: V; mail: V } | false | null | undefined }"],
    ["{{#b.on}}{{a.x}}{{/b.on}}{{#b}}{{c}}{{/b}}{{#a}}{{c}}{{/a}}", "{ b: { c: V; on: Condition } | false | null | undefined; a: { c: V; x: V } | false | null | undefined }"],
    ["{{#items.length}}some{{/items.length}}", "{ items: { length: V } }"],
  ])("%s", (text, type) => {
    expect(typeOf(text)).toBe(type);
  });

  // biome-ignore format: one row a line
  it.each<[from: string, to: string, messages: string[]]>([
    ["{{user.name}}{{#vip}}x{{/vip}}", "{{user.name}}{{#vip}}{{user.mail}}{{/vip}}", ['new variable "user.mail"']],
    ["{{user.name}}{{#items}}{{title}}{{/items}}", "{{user.name}}{{#items}}{{title}} for {{user.mail}}{{/items}}", ['new variable "user.mail"']],
    [
      "{{#verbose}}More.{{/verbose}}{{#tools}}{{name}}{{/tools}}",
      "{{#verbose}}{{#tools}}{{usage}}{{/tools}}{{/verbose}}{{#tools}}{{name}}{{/tools}}",
      ['new variable "tools[].usage"'],
    ],
    ["{{^name}}x{{/name}}{{#vip}}x{{/vip}}", "{{^name}}x{{/name}}{{#vip}}{{name}}{{/vip}}", ['variable "name" must be a value now']],
  ])("is part of the contract: %s → %s", (from, to, messages) => {
    const changes = compareContracts(mustache(from).contract, mustache(to).contract);
    expect(changes.map(({ message }) => message)).toEqual(messages);
    expect(keepsContract(changes)).toBe(false);
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
});
