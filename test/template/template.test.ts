import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findNearMisses, findSpellings } from "../../src/template/near-misses.ts";
import { parseScope, variablesOf } from "../../src/template/parse-scope.ts";
import { SPELLINGS } from "./spellings.ts";

describe("parseScope", () => {
  it.each<[string, string[]]>([
    ["", []],
    ["no variable", []],
    ["{{name}}", ["name"]],
    ["{{b}}{{a}}{{b}}", ["b", "a"]],
    ["{{1st}} {{名前}} {{_}} {{Ⅷ}} {{x²}}", ["1st", "名前", "_", "Ⅷ", "x²"]],
    ["{{constructor}} {{__proto__}} {{then}}", ["constructor", "__proto__", "then"]],
    ["{{ name }} {{user.name}} {{a-b}} {{}} { {a}} {{a}", []],
    ["{{{name}}}", ["name"]],
    ["{{{{a}}}}", ["a"]],
    ["{{e\u0301}}", []],
    ["{{𝒳}}", ["𝒳"]],
    ["{{\ud800}}", []],
  ])("%j has the variables %j", (text, names) => {
    expect(variablesOf(parseScope(text))).toEqual(names);
  });

  it("keeps every character of the text, and the place of each variable", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("{", "}", "{{", "}}", "a", "{{a}}", " ", "\r\n", "é", "\ud800")),
        (bits) => {
          const text = bits.join("");
          let back = "";
          for (const part of parseScope(text)) {
            if (part.kind === "variable") expect(part.index).toBe(back.length);
            back += part.kind === "text" ? part.text : `{{${part.name}}}`;
          }
          expect(back).toBe(text);
        },
      ),
    );
  });
});

it("a template has no empty parts, wherever its variables are", () => {
  expect(parseScope("{{a}}{{b}}-{{c}}")).toEqual([
    { kind: "variable", name: "a", index: 0 },
    { kind: "variable", name: "b", index: 5 },
    { kind: "text", text: "-" },
    { kind: "variable", name: "c", index: 11 },
  ]);
  expect(parseScope("")).toEqual([]);
});

describe("findNearMisses", () => {
  it.each<[string, string[]]>([
    ["Hi {{ name }}, {{user.name}}, {{a-b}}", ["{{ name }}", "{{user.name}}"]],
    ["{{#items}}{{title}}{{/items}}{{> footer}}", []],
    [
      "{{name|upper}} {{ name | default(1) }} {{items[0].title}}",
      ["{{name|upper}}", "{{ name | default(1) }}", "{{items[0].title}}"],
    ],
    ["{{na\u200bme}} {{\u00a0name}}", ["{{na\u200bme}}", "{{\u00a0name}}"]],
    ["{{insert the name here}} {name} ${name} [[name]]", []],
    ["{{name}} {{1st}}", []],
    ["{{}} {{ }} {{--}}", []],
    ['{{"a": 1}} {{a, b}}', []],
    ["{{user\nname}}", []],
    ["{{{ name }}}", ["{{ name }}"]],
    ["{{e\u0301}}", ["{{e\u0301}}"]],
  ])("%j has %j", (text, want) => {
    const found = findNearMisses(text);
    expect(found.map((near) => near.text)).toEqual(want);
    for (const { text: near, index } of found) expect(text.slice(index, index + near.length)).toBe(near);
  });

  it("takes linear time on hostile text", () => {
    expect(findNearMisses("{{ ".repeat(200_000))).toEqual([]);
    expect(findNearMisses(`{{${"a ".repeat(200_000)}`)).toEqual([]);
  });
});

describe("findSpellings", () => {
  // biome-ignore format: a list
  const MORE = [
    "{{\nticket\n}}", "{{ticket.}}", "{{/ticket}}", "{{{ ticket }}}", '{{"ticket"}}', "{{*ticket*}}", "${ ticket }",
    "[[ ticket ]]", "<<ticket>>", "{{$ticket}}", "{{@ticket}}", "{{ticket:}}", "{{~ticket~}}",
  ];

  it.each([...SPELLINGS, ...MORE])("finds ticket in %j", (spelling) => {
    const text = `A ticketing system.\nHere: ${spelling}, {{other}}`;
    const found = findSpellings(text, ["other", "ticket"]).get("ticket");
    expect(found?.text).toContain("tic");
    expect(text.slice(found?.index, (found?.index ?? 0) + (found?.text.length ?? 0))).toBe(found?.text);
    expect(text.indexOf(spelling)).toBeLessThanOrEqual(found?.index ?? -1);
  });

  // biome-ignore format: a list
  it.each([
    "ticket", "the ticket: {{other}}", "{{other}} ticket {{other}}", "<ticket>{{other}}</ticket>", "{{tickets}}", "{{my_ticket}}",
    "{{Ticket}}", "{{ti\u0441ket}}", '{"ticket": 1}', "{ ticket: string }",
  ])("finds nothing in %j", (text) => {
    expect(findSpellings(text, ["ticket"]).size).toBe(0);
  });

  it("takes what braces hold for a tag in mustache", () => {
    expect(findSpellings("{{ ticket }} {{#ticket}}", ["ticket"], true).size).toBe(0);
    expect(findSpellings("{ticket}", ["ticket"], true).get("ticket")?.text).toBe("{ticket}");
  });

  it("takes linear time on hostile text", () => {
    for (const part of ["{", "{{ ", "{{ticket", "[", "[[ticket", "{{a.", "\\{", "}}", "(ticket", "<"])
      findSpellings(part.repeat(100_000), ["ticket", "a"]);
  });
});
