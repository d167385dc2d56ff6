import type { Content } from "./calls-app.ts";

/** An edit of one prompt on the platform, and what `check` must say of it. */
export interface Edit {
  readonly edit: string;
  readonly prompt: string;
  /** Version 2 of it; undefined: only {@link write}. */
  readonly content?: Content;
  readonly metadata?: unknown;
  readonly write?: Readonly<Record<string, string>>;
  /** By prompt and pin: what `check` calls it, and the marks of the lines that break. All others are in step. */
  readonly expected: Readonly<Record<string, readonly [change: string, ...marks: string[]]>>;
}

export const WELCOME = "Hello {{name}}, welcome to {{product}}!\n";
export const WELCOME_METADATA = { model: "m-1", temperature: 0.2, tags: ["a", "b"], limits: { max: 100 } };
const { model, temperature, tags, limits } = WELCOME_METADATA;
const INVOICE = "Dear {{customer}},\n\nyou owe us {{amount}}, due {{due}}.\n";
const SUMMARY = "Summarize:\n\n{{text}}\n";
const DIGEST = "Hello {{name}},\n{{#items}}- {{title}}\n{{/items}}\n{{> signature}}";
export const chat = (...messages: [role: string, content: string][]) =>
  messages.map(([role, content]) => ({ role, content }));

/** Both pins of `welcome`, where nothing breaks. */
export const bothWelcome = (change: string) => ({
  "welcome@production": [change] as const,
  "welcome@latest": [change] as const,
});
const welcomeCalls = ["#1", "#3", "#4", "#5", "#37", "#39"];

const WORDING: readonly Edit[] = [
  {
    edit: "another word",
    prompt: "welcome",
    content: "Good day {{name}}, welcome to {{product}}!\n",
    expected: bothWelcome("text"),
  },
  {
    edit: "text that looks like a variable but isn't one",
    prompt: "welcome",
    content: `${WELCOME}{{ day }} {{user.name}}`,
    expected: bothWelcome("text"),
  },
  {
    edit: "a variable used once more",
    prompt: "welcome",
    content: `${WELCOME}{{name}}!`,
    expected: bothWelcome("text"),
  },
  { edit: "white space", prompt: "welcome", content: WELCOME.trim(), expected: bothWelcome("text") },
  {
    edit: "line endings",
    prompt: "invoice-reminder",
    content: INVOICE.replaceAll("\n", "\r\n"),
    expected: { "invoice-reminder@production": ["text"] },
  },
  {
    edit: "another word",
    prompt: "summary",
    content: "Sum up:\n\n{{text}}\n",
    expected: { "summary@production": ["text"] },
  },
  {
    edit: "another word",
    prompt: "reply",
    content: "Reply {{tone}}: {{message}}",
    expected: { "reply@production": ["text"] },
  },
  {
    edit: "another word",
    prompt: "legal/disclaimer",
    content: "No advice.",
    expected: { "legal/disclaimer@production": ["text"] },
  },
  {
    edit: "a comment and another word",
    prompt: "digest",
    content: `{{! new }}${DIGEST.replace("Hello", "Hi")}`,
    expected: { "digest@production": ["text"] },
  },
  {
    edit: "what to say without items",
    prompt: "digest",
    content: `${DIGEST}{{^items}}nothing{{/items}}`,
    expected: { "digest@production": ["text"] },
  },
  {
    edit: "the wording of an included prompt",
    prompt: "signature",
    content: "Yours, {{sender}}",
    expected: { "signature@production": ["text"], "digest@production": ["text"] },
  },
  {
    edit: "the wording of a message",
    prompt: "support/triage",
    content: chat(["system", "Sort. Plan: {{plan}}."], ["user", "{{ticket}}"]),
    expected: { "support/triage@production": ["text"] },
  },
  {
    edit: "the wording of a message",
    prompt: "moderation",
    content: chat(["user", "Kind? {{post}}"]),
    expected: { "moderation@production": ["text"] },
  },
  {
    edit: "the same text again",
    prompt: "moderation",
    content: chat(["user", "Is this kind? {{post}}"]),
    expected: {},
  },
];

const VARIABLES: readonly Edit[] = [
  {
    edit: "a new variable",
    prompt: "welcome",
    content: `${WELCOME}{{day}}`,
    expected: {
      "welcome@production": ["breaking", ...welcomeCalls, "#2"],
      "welcome@latest": ["breaking", "#6"],
    },
  },
  {
    edit: "two new variables",
    prompt: "welcome",
    content: `${WELCOME}{{day}} {{place}}`,
    expected: {
      "welcome@production": ["breaking", ...welcomeCalls, "#2"],
      "welcome@latest": ["breaking", "#6"],
    },
  },
  {
    edit: "a renamed variable",
    prompt: "welcome",
    content: "Hello {{name}}, welcome to {{app}}!",
    expected: {
      "welcome@production": ["breaking", ...welcomeCalls, "#2-product"],
      "welcome@latest": ["breaking", "#6"],
    },
  },
  {
    edit: "a dropped variable: tsc refuses it, JavaScript runs as before",
    prompt: "welcome",
    content: "Hello {{name}}!",
    expected: {
      "welcome@production": ["breaking", ...welcomeCalls, "#2-product"],
      "welcome@latest": ["breaking", "#6"],
    },
  },
  {
    edit: "the first variable dropped",
    prompt: "welcome",
    content: "Welcome to {{product}}!",
    expected: {
      "welcome@production": ["breaking", ...welcomeCalls, "#2-name", "#13"],
      "welcome@latest": ["breaking", "#6"],
    },
  },
  {
    edit: "all variables dropped",
    prompt: "welcome",
    content: "Hello!",
    expected: {
      "welcome@production": ["breaking", ...welcomeCalls, "#2", "#13"],
      "welcome@latest": ["breaking", "#6"],
    },
  },
  {
    edit: "the variables in another order",
    prompt: "welcome",
    content: "{{product}} welcomes {{name}}",
    expected: { "welcome@production": ["breaking", "#13"], "welcome@latest": ["text"] },
  },
  {
    edit: "a variable that differs in case",
    prompt: "invoice-reminder",
    content: "Dear {{Customer}}, {{amount}} {{due}}",
    expected: { "invoice-reminder@production": ["breaking", "#14", "#15", "#16", "#17", "#18"] },
  },
  {
    edit: "a new variable",
    prompt: "invoice-reminder",
    content: `${INVOICE}{{late}}`,
    expected: { "invoice-reminder@production": ["breaking", "#14", "#15", "#16", "#17", "#18"] },
  },
  {
    edit: "a renamed variable",
    prompt: "invoice-reminder",
    content: INVOICE.replace("due}}", "until}}"),
    expected: { "invoice-reminder@production": ["breaking", "#14", "#15", "#16", "#17", "#18"] },
  },
  {
    edit: "a dropped variable: a spread can still contain it",
    prompt: "invoice-reminder",
    content: "Dear {{customer}}, you owe us {{amount}}.",
    expected: { "invoice-reminder@production": ["breaking", "#14", "#15", "#16", "#18"] },
  },
  {
    edit: "the narrowed variable dropped",
    prompt: "invoice-reminder",
    content: "Dear {{customer}}, pay until {{due}}.",
    expected: { "invoice-reminder@production": ["breaking", "#14", "#15", "#16", "#18"] },
  },
  {
    edit: "a new variable, through re-exports and generic helpers",
    prompt: "summary",
    content: `${SUMMARY}{{language}}`,
    expected: { "summary@production": ["breaking", "#19", "#20", "#21", "#22", "#23", "#38"] },
  },
  {
    edit: "a renamed variable",
    prompt: "summary",
    content: "Sum up {{source}}",
    expected: { "summary@production": ["breaking", "#19", "#20", "#21", "#22", "#23", "#38"] },
  },
  {
    edit: "the only variable dropped",
    prompt: "summary",
    content: "Sum up.",
    expected: { "summary@production": ["breaking", "#19", "#21", "#21-body", "#23", "#38"] },
  },
  {
    edit: "a new variable",
    prompt: "reply",
    content: "{{tone}} {{message}} {{length}}",
    expected: { "reply@production": ["breaking", "#33", "#35"] },
  },
  {
    edit: "the narrowed variable dropped",
    prompt: "reply",
    content: "{{message}}",
    expected: { "reply@production": ["breaking", "#33", "#35"] },
  },
  {
    edit: "a renamed variable",
    prompt: "reply",
    content: "{{tone}} {{text}}",
    expected: { "reply@production": ["breaking", "#33", "#35"] },
  },
  {
    edit: "a first variable",
    prompt: "legal/disclaimer",
    content: "No advice for {{name}}.",
    expected: { "legal/disclaimer@production": ["breaking", "#34"] },
  },
  {
    edit: "a new variable inside a section",
    prompt: "digest",
    content: DIGEST.replace("{{title}}", "{{title}} {{url}}"),
    expected: { "digest@production": ["breaking", "#36"] },
  },
  {
    edit: "a new variable",
    prompt: "digest",
    content: `${DIGEST} {{week}}`,
    expected: { "digest@production": ["breaking", "#36"] },
  },
  {
    edit: "a dropped variable",
    prompt: "digest",
    content: DIGEST.replace("{{name}}", "you"),
    expected: { "digest@production": ["breaking", "#36"] },
  },
  {
    edit: "a dropped section",
    prompt: "digest",
    content: "Hello {{name}} {{> signature}}",
    expected: { "digest@production": ["breaking", "#36"] },
  },
  {
    edit: "a new variable of an included prompt",
    prompt: "signature",
    content: "-- {{sender}}, {{title}}",
    expected: { "signature@production": ["compatible"], "digest@production": ["breaking", "#36"] },
  },
  {
    edit: "a dropped variable of an included prompt",
    prompt: "signature",
    content: "-- your team",
    expected: { "signature@production": ["compatible"], "digest@production": ["breaking", "#36"] },
  },
  {
    edit: "a new variable in a message",
    prompt: "support/triage",
    content: chat(["system", "{{plan}} {{region}}"], ["user", "{{ticket}}"]),
    expected: { "support/triage@production": ["breaking", "#25", "#26", "#28"] },
  },
  {
    edit: "a dropped variable in a message",
    prompt: "support/triage",
    content: chat(["system", "Sort."], ["user", "{{ticket}}"]),
    expected: { "support/triage@production": ["breaking", "#25", "#26", "#28"] },
  },
  {
    edit: "a renamed variable in a message",
    prompt: "moderation",
    content: chat(["user", "Kind? {{message}}"]),
    expected: { "moderation@production": ["breaking", "#31", "#32"] },
  },
];

const TYPES_AND_ROLES: readonly Edit[] = [
  {
    edit: "a text becomes a chat",
    prompt: "welcome",
    content: chat(["user", WELCOME]),
    expected: { "welcome@production": ["breaking", "#3", "#12"], "welcome@latest": ["compatible"] },
  },
  {
    edit: "a text becomes a chat",
    prompt: "invoice-reminder",
    content: chat(["user", INVOICE]),
    expected: { "invoice-reminder@production": ["breaking", "#18"] },
  },
  {
    edit: "a text becomes a chat",
    prompt: "summary",
    content: chat(["user", SUMMARY]),
    expected: { "summary@production": ["breaking", "#20", "#21-body", "#22"] },
  },
  {
    edit: "a text becomes a chat, and no code minds",
    prompt: "legal/disclaimer",
    content: chat(["system", "No advice is given."]),
    expected: { "legal/disclaimer@production": ["compatible"] },
  },
  {
    edit: "a chat becomes a text",
    prompt: "support/triage",
    content: "Plan {{plan}}: {{ticket}}",
    expected: { "support/triage@production": ["breaking", "#25", "#27", "#29", "#30"] },
  },
  {
    edit: "a role that the code handles",
    prompt: "support/triage",
    content: chat(["system", "{{plan}}"], ["assistant", "{{ticket}}"]),
    expected: { "support/triage@production": ["compatible"] },
  },
  {
    edit: "a role that the code doesn't handle",
    prompt: "support/triage",
    content: chat(["developer", "{{plan}}"], ["user", "{{ticket}}"]),
    expected: { "support/triage@production": ["breaking", "#25", "#27", "#30"] },
  },
  {
    edit: "the roles in another order",
    prompt: "support/triage",
    content: chat(["user", "{{ticket}}"], ["system", "{{plan}}"]),
    expected: { "support/triage@production": ["breaking", "#30"] },
  },
  {
    edit: "one more message",
    prompt: "support/triage",
    content: chat(["system", "{{plan}}"], ["user", "{{ticket}}"], ["assistant", "So:"]),
    expected: { "support/triage@production": ["compatible"] },
  },
  {
    edit: "one message fewer",
    prompt: "support/triage",
    content: chat(["system", "{{plan}} {{ticket}}"]),
    expected: { "support/triage@production": ["breaking", "#28", "#29"] },
  },
  {
    edit: "a message before the first",
    prompt: "moderation",
    content: chat(["system", "Judge."], ["user", "{{post}}"]),
    expected: { "moderation@production": ["compatible"] },
  },
  {
    edit: "a role that the code doesn't handle",
    prompt: "moderation",
    content: chat(["tool", "{{post}}"]),
    expected: { "moderation@production": ["breaking", "#31"] },
  },
];

const METADATA: readonly Edit[] = [
  {
    edit: "another value",
    prompt: "welcome",
    content: WELCOME,
    metadata: { ...WELCOME_METADATA, temperature: 0.7, model: "m-9" },
    expected: bothWelcome("values"),
  },
  {
    edit: "a new key",
    prompt: "welcome",
    content: WELCOME,
    metadata: { ...WELCOME_METADATA, owner: "me" },
    expected: bothWelcome("compatible"),
  },
  {
    edit: "a removed key that is read",
    prompt: "welcome",
    content: WELCOME,
    metadata: { temperature, tags, limits },
    expected: { "welcome@production": ["breaking", "#7", "#11"], "welcome@latest": ["compatible"] },
  },
  {
    edit: "a text becomes a number",
    prompt: "welcome",
    content: WELCOME,
    metadata: { ...WELCOME_METADATA, model: 4 },
    expected: { "welcome@production": ["breaking", "#7", "#11"], "welcome@latest": ["compatible"] },
  },
  {
    edit: "a number becomes a text, where it's only added to",
    prompt: "welcome",
    content: WELCOME,
    metadata: { ...WELCOME_METADATA, temperature: "warm" },
    expected: bothWelcome("compatible"),
  },
  {
    edit: "a removed number that is read",
    prompt: "welcome",
    content: WELCOME,
    metadata: { model, tags, limits },
    expected: { "welcome@production": ["breaking", "#8"], "welcome@latest": ["compatible"] },
  },
  {
    edit: "a list becomes a text",
    prompt: "welcome",
    content: WELCOME,
    metadata: { ...WELCOME_METADATA, tags: "a" },
    expected: { "welcome@production": ["breaking", "#9"], "welcome@latest": ["compatible"] },
  },
  {
    edit: "a list of other values",
    prompt: "welcome",
    content: WELCOME,
    metadata: { ...WELCOME_METADATA, tags: [1, 2] },
    expected: { "welcome@production": ["breaking", "#9"], "welcome@latest": ["compatible"] },
  },
  {
    edit: "a removed key inside an object",
    prompt: "welcome",
    content: WELCOME,
    metadata: { ...WELCOME_METADATA, limits: { min: 1 } },
    expected: { "welcome@production": ["breaking", "#10"], "welcome@latest": ["compatible"] },
  },
  {
    edit: "an extra key inside an object",
    prompt: "welcome",
    content: WELCOME,
    metadata: { ...WELCOME_METADATA, limits: { max: 5, min: 1 } },
    expected: bothWelcome("compatible"),
  },
  {
    edit: "all metadata removed",
    prompt: "welcome",
    content: WELCOME,
    metadata: null,
    expected: {
      "welcome@production": ["breaking", "#7", "#8", "#9", "#10", "#11"],
      "welcome@latest": ["compatible"],
    },
  },
  {
    edit: "a type that breaks further down",
    prompt: "summary",
    content: SUMMARY,
    metadata: { model: 2 },
    expected: { "summary@production": ["breaking", "#24"] },
  },
  {
    edit: "a removed key that is read",
    prompt: "summary",
    content: SUMMARY,
    metadata: {},
    expected: { "summary@production": ["breaking", "#23"] },
  },
];

const GONE: readonly Edit[] = [
  {
    edit: "archived",
    prompt: "reply",
    write: { "reply/prompt.json": JSON.stringify({ versions: { 1: { status: "archived" } } }) },
    expected: {},
  },
  {
    edit: "production no longer points at a version",
    prompt: "reply",
    write: { "reply/prompt.json": '{ "production": null }' },
    expected: { "reply@production": ["missing", "#33-import"] },
  },
  {
    edit: "a template that doesn't compile",
    prompt: "digest",
    content: "{{#items}}",
    expected: { "digest@production": ["breaking", "#36-import"] },
  },
  {
    edit: "an included prompt that doesn't compile",
    prompt: "signature",
    content: "{{#sender}}",
    expected: { "signature@production": ["compatible"], "digest@production": ["breaking", "#36-import"] },
  },
];

export const EDITS = [...WORDING, ...VARIABLES, ...TYPES_AND_ROLES, ...METADATA, ...GONE];
