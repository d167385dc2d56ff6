// The rules that read the text of one prompt: samples that are found, and samples that aren't.
import { describe, expect, it } from "vitest";
import type { PromptContent } from "../../../src/prompt.ts";
import type { RuleId } from "../../../src/review/lint/rule-ids.ts";
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

const call = (constants: Record<string, string>, line = 1) => ({ file: "src/a.ts", line, constants });

check("prompt-system-variable", {
  found: [
    ["a variable in a system message", system("You help {{customer}}.")],
    ["several, once for the message", system("You help {{customer}} of {{company}}.")],
    ["one in a developer message", [{ role: "developer", content: "Be {{tone}}." }]],
    ["one inside a section", system("{{#items}}{{title}}{{/items}}"), { syntax: "mustache" }],
    ["one that some calls give a literal", system("{{tone}}"), { calls: [call({ tone: "kind" }), call({})] }],
  ],
  not: [
    ["one in a user message", [{ role: "user", content: "{{question}}" }]],
    ["a text prompt", "You help {{customer}}."],
    ["one with listed values", system("Be {{tone}}."), { variables: { tone: ["kind", "short"] } }],
    ["a number", system("At most {{count}} words."), { variables: { count: "number" } }],
    ["a condition", system("{{#isNew}}Say hello.{{/isNew}}"), { syntax: "mustache" }],
    ["one that each call gives a literal", system("{{tone}}"), { calls: [call({ tone: "kind" })] }],
    ["a name of Object.prototype that isn't there", system("Be kind."), { variables: {} }],
  ],
});

const two = [call({ tone: "kind", other: "a" }), call({ tone: "kind", other: "b" }, 9)];

check("prompt-constant-variable", {
  found: [
    ["a variable that two calls give the same literal", "Be {{tone}}.", { calls: two }],
    ["one that the only call gives a literal", "Be {{tone}}.", { calls: [call({ tone: "kind" })] }],
    ["an empty literal", "Be {{tone}}.", { calls: [call({ tone: "" })] }],
  ],
  not: [
    ["different literals", "Be {{other}}.", { calls: two }],
    ["a value that isn't known", "Be {{tone}}.", { calls: [...two, call({})] }],
    ["a prompt without calls", "Be {{tone}}.", { calls: [] }],
    ["a prompt whose calls aren't known", "Be {{tone}}."],
    ["a literal for something that isn't a variable", "Be kind.", { calls: two }],
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
    ["one that each call gives a literal", `Be {{tone}}. ${long}`, { calls: [call({ tone: "kind" })] }],
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

check("prompt-placeholder", {
  found: [
    ["a variable in single braces", "Dear {name}, {{name}}"],
    ["a variable of a template literal", "Dear ${name}, {{name}}"],
    ["one that the platform lists", "Dear {name}", { declared: ["name"] }],
    ["one that a call gives", "Dear {name}", { calls: [call({ name: "Ada" })] }],
    ["a note", "Be kind.\nTODO: say how to answer complaints"],
    ["a note with a name", "FIXME(ada): shorter"],
    ["a note in a comment", "<!-- XXX: remove before launch -->"],
    ["a place for a text", "Summarize.\n\n[Paste the article here]\n\nBe short."],
    ["a place at the end", "Summarize.\n\n[Insert blog post here]\n"],
    ["a place in a tag", "<article>\n<insert article here>\n</article>\nBe short."],
    ["a place within its tag", "<doc>[insert your document here]</doc>\nBe short."],
    ["the bare word", "Context:\n<PLACEHOLDER>\nBe short."],
  ],
  not: [
    ["braces around something else", "Answer as {label}: {{name}}"],
    ["JSON", 'Answer as {"name": "…"} or { name } for {{name}}'],
    ["triple braces", "{{{name}}}", { syntax: "mustache" }],
    ["a variable", "Dear {{name}}"],
    ["LaTeX", "\\begin{document} \\textbf{name} {{document}} {{name}}"],
    [
      "code in a block",
      "For {{name}}:\n```js\n// TODO: say hello\nhello(`${name}`)\n[Paste the text here]\n```",
    ],
    ["code in a line", "Replace `{name}` and `TODO: x` for {{name}}"],
    ["tags", "<example>\n<answer>yes</answer>\n</example>\n<thinking>"],
    ["what the model fills in", "Answer as:\n# Summary\n[insert summary here]\n# Score\n<your score>"],
    ["a form", "Subject: [Insert subject here]\nDear [Name],"],
    ["TODO as a word", "Organize my TODO list. Find TODO, FIXME and XXX comments."],
    ["a quoted note", 'Look for comments such as "TODO: refactor".'],
    ["a heading", "# TODO\n- one task per line"],
    ["a longer word", "TODOS: none. PREFIXME: none."],
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

check("prompt-json-without-schema", {
  found: [
    ["an instruction", "Be short. Return only valid JSON."],
    ["a bullet", "# OUTPUT\n\n- **Output** the result as JSON.\n- Respond in JSON"],
    ["another bullet", "- ONLY output JSON, and in that exact format."],
    ["a numbered step", "3. Respond with a single JSON object."],
    ["you must", "From now on you must answer in JSON."],
    ["a sentence about the answer", "Your output must be in JSON."],
    ["a label", "Output format: JSON"],
    ["a system message", system("Always respond with a JSON object.")],
  ],
  not: [
    ["JSON as an input", "You receive a JSON file. Summarize it."],
    ["JSON that isn't wanted", "Do not output JSON. Never respond in JSON. Don't return JSON."],
    ["what a function does", "Write a function that returns JSON. The endpoint should return JSON."],
    ["a part of the answer", "Output a summary, then the changes in a JSON block."],
    ["a JSON Web Token", "Return a JSON Web Token."],
    ["a JSON Schema", "Return the JSON schema of the table."],
    ["code", "```\nReturn JSON.\n```\nExplain `Return JSON`."],
    ["an answer of the assistant", [{ role: "assistant", content: "Return JSON." }]],
    ["a version with a schema", "Return JSON.", { metadata: { output_schema: { type: "object" } } }],
    [
      "a schema under another key",
      "Return JSON.",
      { metadata: { response_format: { type: "json_object" } } },
    ],
  ],
});

const schema = (properties: Record<string, object>): LintSample => ({
  metadata: { output_schema: { type: "object", properties } as never },
});

check("prompt-schema-unmentioned", {
  found: [
    ["fields that nothing explains", "Look at this: {{ticket}}", schema({ team: {}, severity: {} })],
    ["a single one", "Look at this: {{ticket}}", schema({ isUrgent: {} })],
  ],
  not: [
    ["a field in the text", "Choose a team for {{ticket}}", schema({ team: {}, severity: {} })],
    ["a field in other words", "Is it urgent? {{ticket}}", schema({ isUrgent: {} })],
    ["a field with a description", "Look: {{ticket}}", schema({ team: { description: "who replies" } })],
    ["a text that mentions the schema", "Follow the schema. {{ticket}}", schema({ team: {} })],
    ["a variable that can explain it", "{{format_instructions}} {{ticket}}", schema({ team: {} })],
    ["a schema without fields", "Look: {{ticket}}", { metadata: { output_schema: { type: "string" } } }],
    ["a version without a schema", "Look: {{ticket}}"],
  ],
});
