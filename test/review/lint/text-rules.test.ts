// The rules that read the text of one prompt: samples that are found, and samples that aren't.
import { describe, expect, it } from "vitest";
import type { PromptContent } from "../../../src/prompt.ts";
import type { RuleId } from "../../../src/review/lint/rule-ids.ts";
import { promptSource } from "../../compiler/prompts.ts";
import { findingsOf, type LintSample, linted, words } from "./lint.ts";

type Sample = readonly [what: string, content: PromptContent, options: LintSample | undefined];
type Given = readonly [what: string, content: PromptContent, options?: LintSample];

const whole = ([what, content, options]: Given): Sample => [what, content, options];

function check(rule: RuleId, { found, not }: { found: readonly Given[]; not: readonly Given[] }): void {
  describe(rule, () => {
    const find = (content: PromptContent, options?: LintSample) =>
      findingsOf(rule, [linted(content, options)]);
    it.each(found.map(whole))("finds %s", (_, content, options) => {
      expect(find(content, options)).toHaveLength(1);
    });
    it.each(not.map(whole))("doesn't find %s", (_, content, options) => {
      expect(find(content, options)).toEqual([]);
    });
  });
}

const system = (text: string): PromptContent => [
  { role: "SYSTEM", content: text },
  { role: "HUMAN", content: "{{question}}" },
];

check("prompt-system-variable", {
  found: [
    ["a variable in a system message", system("You help {{customer}}.")],
    ["several, once for the message", system("You help {{customer}} of {{company}}.")],
    ["one in a developer message", [{ role: "developer", content: "Be {{tone}}." }]],
    ["one inside a section", system("{{#items}}{{title}}{{/items}}"), { syntax: "mustache" }],
  ],
  not: [
    ["one in a user message", [{ role: "user", content: "{{question}}" }]],
    ["a text prompt", "You help {{customer}}."],
    ["one with listed values", system("Be {{tone}}."), { variables: { tone: ["kind", "short"] } }],
    ["a number", system("At most {{count}} words."), { variables: { count: "number" } }],
    ["a condition", system("{{#isNew}}Say hello.{{/isNew}}"), { syntax: "mustache" }],
    ["a name of Object.prototype that isn't there", system("Be kind."), { variables: {} }],
  ],
});

const long = words(1400);

check("prompt-cache-order", {
  found: [
    ["a date at the beginning", `Today is {{date}}. ${long}`],
    [
      "a date in the first message",
      [
        { role: "system", content: "{{date}}" },
        { role: "user", content: long },
      ],
    ],
    ["a section at the beginning", `{{#isNew}}Hello.{{/isNew}} ${long}`, { syntax: "mustache" }],
    ["a variable in the middle", `${words(600)} {{date}} ${words(600, "more")}`],
  ],
  not: [
    ["a short prompt", `Today is {{date}}. ${words(900)}`],
    ["a variable at the end", `${long} Today is {{date}}.`],
    ["a variable after 1,024 tokens", `${words(1100)} {{date}} ${long}`],
    ["a prompt without variables", long],
    ["one with listed values", `Be {{tone}}. ${long}`, { variables: { tone: ["kind", "short"] } }],
    ["long text that is there for some values", `{{date}} {{#x}}${long}{{/x}}`, { syntax: "mustache" }],
  ],
});

check("prompt-invisible-character", {
  found: [
    ["a zero-width space", "Be\u200b kind."],
    ["a soft hyphen", "Be friend\u00adly."],
    ["a byte order mark", "\ufeffBe kind."],
    ["a bidirectional override", "Be \u202edniks\u202c."],
    ["bidirectional isolates", "Be \u2066kind\u2069."],
    ["a joiner between letters", "Be ki\u200dnd."],
    ["a non-joiner between letters", "Be ki\u200cnd."],
    ["tag characters", "Be kind.\u{e0049}\u{e0067}\u{e006e}"],
    [
      "tag characters behind a flag",
      "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}\u{e0049}\u{e0067}",
    ],
    ["bytes as variation selectors", "😀\ufe0f\ufe01\u{e0148}\u{e0155}"],
    ["a variation selector after a letter", "Be kind\ufe0f."],
    ["a right-to-left mark in English", "Be kind\u200f."],
    ["a control character", "Be \u001b[1mkind."],
    ["one that a value follows", "\u200b{{name}}"],
  ],
  not: [
    ["plain text with every white space", "a\tb\r\nc\u00a0d\u2003e\u2028f\u2029g\u0085h\fi\vj"],
    ["emoji made of several", "👩🏽‍💻 👨‍👩‍👧 🏳️‍🌈 ❤️‍🔥 🧑🏿‍🤝‍🧑🏻 🐻‍❄️"],
    ["emoji with variants", "✔️ ☀︎ 1️⃣ ™️ ➡️ ‼️ ↔️"],
    ["flags", "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} 🇩🇪"],
    ["Persian", "می\u200cخواهم کتاب\u200cها"],
    ["Hindi and Sinhala", "क\u094d\u200dष क\u094d\u200cष ශ\u0dca\u200dරී"],
    ["marks of direction in Hebrew", "C++\u200e שלום 1\u200f"],
    ["a variant of a Chinese character", "葛\u{e0100}"],
    ["Mongolian", "ᠮᠣᠩᠭᠣᠯ\u180b"],
  ],
});

check("prompt-unused-variable", {
  found: [
    ["a variable that the platform lists", "Hi {{name}}", { declared: ["name", "tone"] }],
    ["one that the config narrows", "Hi {{name}}", { variables: { tone: ["kind"] } }],
  ],
  not: [
    ["a variable that the text uses", "Hi {{name}}", { declared: ["name"] }],
    [
      "one in a section",
      "{{#items}}{{title}}{{/items}}",
      { syntax: "mustache", declared: ["items", "title"] },
    ],
    ["a platform that lists nothing", "Hi {{name}}"],
  ],
});

const included = (text: string) => ({
  syntax: "mustache" as const,
  partials: new Map([["part", promptSource(text, { syntax: "mustache", name: "part" })]]),
});

check("prompt-joined-partial", {
  found: [
    ["a partial that ends in the middle of a line", "{{> part}}\nTheir orders:", included("It.")],
    ["one in a message", [{ role: "user", content: "{{> part}}\nTheir orders:" }], included("It.")],
  ],
  not: [
    ["an empty line after it", "{{> part}}\n\nTheir orders:", included("It.")],
    ["a partial that ends its line", "{{> part}}\nTheir orders:", included("It.\n")],
  ],
});
