import type { Grade } from "../../src/contract/contract.ts";
import type { JsonObject, MetadataRule, PromptContent } from "../../src/prompt.ts";
import { SPELLINGS } from "../template/spellings.ts";

/** An edit of a prompt, and what every check, build and server makes of it. */
export interface Edit {
  readonly title: string;
  readonly from: PromptContent;
  readonly to: PromptContent;
  readonly grade: Grade;
  /** What each of its changes says, in order, or how it begins; default: not looked at. */
  readonly says?: readonly string[];
  readonly metadata?: readonly [from: JsonObject, to: JsonObject];
  /** Of the entry in the config. */
  readonly entry?: {
    readonly provides?: readonly string[];
    readonly syntax?: "mustache";
    readonly metadata?: MetadataRule;
  };
  /** What the entry says of metadata once the version before is committed. */
  readonly ruleAfter?: MetadataRule;
}

const TICKET = "You sort tickets.\nTicket: {{ticket}}\nBe {{tone}}.";
/** The text with another spelling of the variable. */
const spelled = (spelling: string) => TICKET.replace("{{ticket}}", spelling);

/** As a message shows it: invisible characters as JSON escapes them. */
const shown = (text: string) =>
  text.replace(/[\u00a0\u00ad\u200b\u2060\t\\]/gu, (one) =>
    JSON.stringify(one)
      .slice(1, -1)
      .replace(/^[^\\]$/u, (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`),
  );

const NEAR_MISSES = SPELLINGS.map((spelling): Edit => {
  const says = [`variable "ticket" is gone: ${shown(spelling)} in line 2 is text, write {{ticket}}`];
  return {
    title: `near miss ${JSON.stringify(spelling)}`,
    from: TICKET,
    to: spelled(spelling),
    grade: "breaking",
    says,
  };
});

const CHAT = [
  { role: "system", content: "Be {{tone}}." },
  { role: "user", content: "{{ticket}}" },
];
const GONE = 'variable "ticket" is gone';

// biome-ignore format: one row a line
const LOST: readonly Edit[] = [
  { title: "the line is deleted", from: TICKET, to: "You sort tickets.\nBe {{tone}}.", grade: "breaking", says: [GONE] },
  { title: "all variables are deleted", from: TICKET, to: "You sort tickets.", grade: "breaking", says: [GONE, 'variable "tone" is gone'] },
  { title: "its name alone is left", from: TICKET, to: spelled("ticket"), grade: "breaking", says: [GONE] },
  { title: "another case", from: TICKET, to: spelled("{{Ticket}}"), grade: "breaking", says: ['new variable "Ticket"', GONE] },
  { title: "a look-alike letter", from: TICKET, to: spelled("{{ti\u0441ket}}"), grade: "breaking", says: ['new variable "ti\u0441ket"', GONE] },
  { title: "renamed in place", from: TICKET, to: spelled("{{message}}"), grade: "breaking", says: ['new variable "message"', GONE] },
  { title: "a new variable", from: TICKET, to: `${TICKET} {{plan}}`, grade: "breaking", says: ['new variable "plan"'] },
  { title: "a new one, and one lost to spaces", from: TICKET, to: `${spelled("{{ ticket }}")} {{plan}}`, grade: "breaking", says: ['new variable "plan"', `${GONE}: {{ ticket }} in line 2`] },
  { title: "a near miss in a chat", from: CHAT, to: [CHAT[0]!, { role: "user", content: "It:\n{{ ticket }}" }], grade: "breaking", says: [`${GONE}: {{ ticket }} in line 2 of message 2 is text, write {{ticket}}`] },
  { title: "an element takes its name", from: "<ticket>{{ticket}}</ticket>", to: "<ticket></ticket>", grade: "breaking", says: [GONE] },
  { title: "a name from another script", from: "{{名前}}さん", to: "{{ 名前 }}さん", grade: "breaking", says: ['variable "名前" is gone: {{ 名前 }} in line 1'] },
  { title: "a name of a property", from: "{{constructor}} {{__proto__}}", to: "{{constructor}} {__proto__}", grade: "breaking", says: ['variable "__proto__" is gone: {__proto__} in line 1'] },
  { title: "an empty text", from: TICKET, to: "", grade: "breaking", says: ["the text is empty now", GONE] },
  { title: "an empty text where there were no variables", from: "Hello", to: "", grade: "breaking", says: ["the text is empty now"] },
  { title: "a text of white space", from: "Hello", to: " \n\t\u00a0", grade: "breaking", says: ["the text is empty now"] },
  { title: "a text that draws nothing", from: "Hello", to: "\u200b\ufeff\u2060\u3164", grade: "breaking", says: ["the text is empty now"] },
  { title: "an empty message", from: [{ role: "system", content: "Sort." }, { role: "user", content: "{{ticket}}" }], to: [{ role: "system", content: " " }, { role: "user", content: "{{ticket}}" }], grade: "breaking", says: ["message 1 (system) is empty now"] },
  { title: "a chat without messages", from: CHAT, to: [], grade: "breaking", says: ["it has no messages now"] },
  { title: "a message that was empty before stays so", from: [{ role: "user", content: "{{ticket}}" }, { role: "assistant", content: "" }], to: [{ role: "user", content: "It: {{ticket}}" }, { role: "assistant", content: " " }], grade: "text" },
  { title: "a text becomes a chat", from: "Sort {{ticket}}", to: [{ role: "user", content: "Sort {{ticket}}" }], grade: "breaking", says: ["type changed from text to chat"] },
  { title: "another role", from: CHAT, to: [CHAT[0]!, { role: "assistant", content: "{{ticket}}" }], grade: "breaking", says: ["roles changed from"] },
  { title: "another spelling of a role", from: CHAT, to: [CHAT[0]!, { role: "HUMAN", content: "{{ticket}}" }], grade: "text" },
  { title: "one message more", from: CHAT, to: [...CHAT, { role: "user", content: "Thanks." }], grade: "breaking", says: ["roles changed from"] },
  { title: "a variable moves to another message", from: CHAT, to: [{ role: "system", content: "Be {{tone}}. {{ticket}}" }, { role: "user", content: "Sort it." }], grade: "text" },
  { title: "a metadata key is gone", from: "Hi {{a}}", to: "Hi {{a}}", metadata: [{ mood: "m" }, {}], grade: "breaking", says: ['metadata "mood" is gone'] },
  { title: "a metadata value of another kind", from: "Hi {{a}}", to: "Hi {{a}}", metadata: [{ n: 1 }, { n: "1" }], grade: "breaking" },
  { title: "a new metadata key", from: "Hi {{a}}", to: "Hi {{a}}", metadata: [{ n: 1 }, { n: 1, m: 2 }], grade: "compatible", says: ['new metadata "m"'] },
  { title: "another metadata value", from: "Hi {{a}}", to: "Hi {{a}}", metadata: [{ n: 1 }, { n: 2 }], grade: "values", says: ["n: 1 → 2"] },
];

const PROVIDES = { provides: ["plan", "tone"] };
// biome-ignore format: one row a line
const PROVIDED: readonly Edit[] = [
  { title: "a provided variable comes", from: "Be {{tone}}.", to: "Be {{tone}}. {{plan}}", entry: PROVIDES, grade: "compatible", says: ['variable "plan", which every call provides, is used now'] },
  { title: "a provided variable goes", from: "Be {{tone}}. {{plan}}", to: "Be {{tone}}.", entry: PROVIDES, grade: "compatible", says: ['variable "plan", which every call provides, is gone'] },
  { title: "all provided ones go", from: "Be {{tone}}. {{plan}}", to: "Be kind.", entry: PROVIDES, grade: "compatible" },
  { title: "a provided variable was never used", from: "Sort {{ticket}}.", to: "Sort this: {{ticket}}.", entry: PROVIDES, grade: "text" },
  { title: "a provided variable is lost to spaces", from: "Be {{tone}}. {{plan}}", to: "Be {{tone}}. {{ plan }}", entry: PROVIDES, grade: "breaking", says: ['variable "plan" is gone: {{ plan }} in line 1 is text'] },
  { title: "a provided variable comes with spaces", from: "Be {{tone}}.", to: "Be {{tone}}. {plan}", entry: PROVIDES, grade: "breaking", says: ['variable "plan" isn\'t used: {plan} in line 1 is text, write {{plan}}'] },
  { title: "a provided name is a word of the text", from: "Be {{tone}}.", to: "Be {{tone}}. Offer one option (plan) or [plan].", entry: PROVIDES, grade: "text" },
  { title: "a provided variable comes to a text that had none", from: "Be kind.", to: "Be {{tone}}.", entry: PROVIDES, grade: "compatible" },
  { title: "a provided variable comes, another goes", from: "Be {{tone}}. {{ticket}}", to: "Be {{tone}}. {{plan}}", entry: PROVIDES, grade: "breaking", says: [GONE] },
  { title: "a provided variable was text before too", from: "Be {{tone}}. {plan}", to: "Be very {{tone}}. {plan}", entry: PROVIDES, grade: "text" },
];

const M = { syntax: "mustache" } as const;
// biome-ignore format: one row a line
const MUSTACHE: readonly Edit[] = [
  { title: "mustache: spaces are no loss", from: "Sort {{ticket}}", to: "Sort {{ ticket }}", entry: M, grade: "text" },
  { title: "mustache: one brace is", from: "Sort {{ticket}}", to: "Sort {ticket}", entry: M, grade: "breaking", says: [`${GONE}: {ticket} in line 1 is text`] },
  { title: "mustache: printed, then tested", from: "Sort {{ticket}}", to: "Sort {{#ticket}}urgent{{/ticket}}", entry: M, grade: "breaking", says: ['variable "ticket" is no longer printed'] },
  { title: "mustache: a condition goes", from: "Hi{{#vip}} VIP{{/vip}}", to: "Hi", entry: M, grade: "breaking", says: ['variable "vip" is gone'] },
  { title: "mustache: a name in a section goes", from: "{{#items}}{{title}}{{url}}{{/items}}", to: "{{#items}}{{title}}{{/items}}", entry: M, grade: "breaking", says: ['variable "items[].url" is gone'] },
  { title: "mustache: a section becomes a condition", from: "{{#items}}{{title}}{{/items}}", to: "{{#items}}some{{/items}}", entry: M, grade: "breaking", says: ['variable "items[].title" is gone'] },
  { title: "mustache: a name of items that has one outside too", from: "{{name}}{{#items}}{{name}}: {{price}}{{/items}}", to: "{{name}}{{#items}}{{price}}{{/items}}", entry: M, grade: "breaking", says: ['variable "items[].name" is gone'] },
  { title: "mustache: a provided list is printed", from: "Hi {{tone}}", to: "Hi {{#tone}}{{.}}{{/tone}}", entry: { ...M, ...PROVIDES }, grade: "text" },
  { title: "mustache: an else is added", from: "{{#vip}}V{{/vip}}", to: "{{#vip}}V{{/vip}}{{^vip}}N{{/vip}}", entry: M, grade: "text" },
  { title: "mustache: a comment", from: "Sort {{ticket}}", to: "Sort {{! not used }}{{ticket}}", entry: M, grade: "text" },
  { title: "mustache: only a comment", from: "Sort", to: "{{! nothing }}", entry: M, grade: "breaking", says: ["the text is empty now"] },
  { title: "mustache: a provided condition comes", from: "Hi {{tone}}", to: "Hi {{tone}}{{#plan}} {{plan}}{{/plan}}", entry: { ...M, ...PROVIDES }, grade: "compatible" },
  { title: "mustache: a provided one is only tested", from: "Hi {{tone}} {{plan}}", to: "Hi {{tone}}{{#plan}} P{{/plan}}", entry: { ...M, ...PROVIDES }, grade: "text" },
  { title: "mustache: a provided one as a list", from: "Hi {{tone}}", to: "Hi {{tone}}{{#plan}}{{name}}{{/plan}}", entry: { ...M, ...PROVIDES }, grade: "breaking", says: ['new variable "plan[].name"'] },
];

const LONG = "Answer calmly, then say what happens next. ".repeat(750);
const WORDS: readonly (readonly [string, string])[] = [
  ["another word", TICKET.replace("sort", "order")],
  ["Markdown", `# Task\n\n- **sort** the \`ticket\`\n- [link](https://a.test)\n\n${TICKET}`],
  ["JSON", `${TICKET}\n{"ticket": "…", "tone": ["a"]}`],
  ["a JSON template", `${TICKET}\n{ "a": { "b": {} } }`],
  ["code", `${TICKET}\n\`\`\`ts\nconst x = { ticket, tone };\nif (a) { return \`\${b}\`; }\n\`\`\``],
  ["a type", `${TICKET}\ninterface Ticket { ticket: string }`],
  ["CRLF", TICKET.replaceAll("\n", "\r\n")],
  ["emoji", `🎫 ${TICKET} 👩‍👩‍👧`],
  ["30,000 characters", `${LONG}${TICKET}`],
  ["another order", "Be {{tone}}.\nTicket: {{ticket}}"],
  ["used twice", `${TICKET}\nAgain: {{ticket}}`],
  ["moved to the end", "You sort tickets, {{tone}}.\n\n{{ticket}}"],
  ["more braces around it", TICKET.replace("{{ticket}}", "{{{ticket}}}")],
  ["in an element", TICKET.replace("{{ticket}}", "<ticket>{{ticket}}</ticket>")],
  ["in quotes", TICKET.replace("{{ticket}}", '"{{ticket}}"')],
  ["a near miss beside it", `${TICKET}\nWrite {{ticket}} or {{ ticket }}.`],
  ["one brace beside it", `${TICKET}\nThe {tone} counts.`],
  ["a placeholder in words", `${TICKET}\n[insert your name here]`],
  ["HTML", `<b>${TICKET}</b><!-- {{ -->`],
  ["LaTeX", `${TICKET} \\frac{a}{b} $x_{ticket}$`],
  ["a shell line", `${TICKET}\necho "\${HOME}" %PATH%`],
  ["trailing white space", `${TICKET}   \n\n`],
  ["right to left", `${TICKET}\nשלום עולם`],
  ["line separators", `${TICKET}\u2028next\u2029last`],
  ["quotes and backslashes", `${TICKET} \\n \\" ' \` \${x}`],
];

export const EDITS: readonly Edit[] = [
  ...NEAR_MISSES,
  ...LOST,
  ...PROVIDED,
  ...MUSTACHE,
  ...WORDS.map(([title, to]): Edit => ({ title, from: TICKET, to, grade: "text", says: ["text only"] })),
];

/** What an editor may choose, in each of the edits below. */
const CHOICE: MetadataRule = {
  model: ["model-a", "model-b"],
  "temperature?": "number",
  "effort?": ["low", "high"],
  "seed?": [1, 2],
  "stream?": "boolean",
  "kind?": ["chat"],
};

function chosen(title: string, grade: Grade, to: JsonObject, says?: string, from: JsonObject = {}): Edit {
  const metadata = [
    { model: "model-a", ...from },
    { model: "model-a", ...to },
  ] as const;
  return {
    title,
    from: "Hi {{a}}",
    to: "Hi {{a}}",
    grade,
    metadata,
    entry: { metadata: CHOICE },
    ...(says && { says: [says] }),
  };
}

const NULL = null as unknown as string;

/** The rule is edited too, after the version before is committed. */
const edited = (ruleAfter: MetadataRule, edit: Edit): Edit => ({ ...edit, ruleAfter });

/** Edits of metadata in a project that says what an editor may choose. */
// biome-ignore format: a table
export const METADATA_EDITS: readonly Edit[] = [
  chosen("another model of the list", "values", { model: "model-b" }, 'model: "model-a" → "model-b"'),
  chosen("a model that isn't in the list", "breaking", { model: "model-c" }, 'metadata.model is "model-c"; this project accepts "model-a", "model-b"'),
  chosen("a model of another kind", "breaking", { model: 4 }),
  chosen("a model in capitals", "breaking", { model: "MODEL-A" }),
  chosen("a model with a space", "breaking", { model: "model-a " }),
  chosen("an empty model", "breaking", { model: "" }),
  chosen("a model that is null", "breaking", { model: NULL }),
  { ...chosen("the model is gone", "breaking", {}), metadata: [{ model: "model-a" }, {}] },
  chosen("a temperature", "compatible", { temperature: 1 }, 'new metadata "temperature"'),
  chosen("another temperature", "values", { temperature: 0.2 }, "temperature: 1 → 0.2", { temperature: 1 }),
  chosen("a temperature as text", "breaking", { temperature: "0.5" }),
  chosen("a temperature in a list", "breaking", { temperature: [1] }, undefined, { temperature: 1 }),
  chosen("an optional key goes", "compatible", {}, 'metadata "effort" is gone', { effort: "low" }),
  chosen("an optional key changes", "values", { effort: "high" }, 'effort: "low" → "high"', { effort: "low" }),
  chosen("an effort that nobody has", "breaking", { effort: "medium" }, undefined, { effort: "low" }),
  chosen("another number of the list", "values", { seed: 2 }, undefined, { seed: 1 }),
  chosen("a number that isn't in the list", "breaking", { seed: 3 }, undefined, { seed: 1 }),
  chosen("a number of the list as text", "breaking", { seed: "1" }, undefined, { seed: 1 }),
  chosen("true where it was false", "values", { stream: true }, undefined, { stream: false }),
  chosen("true as text", "breaking", { stream: "true" }, undefined, { stream: false }),
  chosen("a constant", "compatible", { kind: "chat" }),
  chosen("another constant", "breaking", { kind: "text" }),
  chosen("a key that the rule doesn't name", "compatible", { note: 1 }, 'new metadata "note"'),
  chosen("that key goes", "breaking", {}, 'metadata "note" is gone', { note: 1 }),
  chosen("that key changes its kind", "breaking", { note: "1" }, undefined, { note: 1 }),
  chosen("a schema is a value like any other", "values", { note: { type: "object" } }, undefined, { note: { type: "string" } }),
  chosen("a key of it that goes", "breaking", { note: {} }, 'metadata "note.type" is gone', { note: { type: "string" } }),
  chosen("three faults", "breaking", { model: "x", temperature: "9", effort: "y" }),
  edited({ ...CHOICE, "temperature?": [3] }, chosen("a temperature that the rule has come to allow", "compatible", { temperature: 3 })),
  edited({ ...CHOICE, "temperature?": [0.1, 0.2] }, chosen("one that it doesn't allow any more", "breaking", { temperature: 0.8 }, "metadata.temperature is 0.8; this project accepts 0.1, 0.2", { temperature: 0.1 })),
  edited({ ...CHOICE, "note?": "number" }, chosen("a key that the rule has come to name", "compatible", { note: 1 })),
  edited({ model: "string" }, chosen("a model where any is allowed now", "values", { model: "model-z" })),
];
