import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type CallsApp, type Content, chat, startCallsApp } from "./calls-app.ts";
import { cli } from "./cli-helpers.ts";

const WELCOME = "Hello {{name}}, welcome to {{product}}!\n";
const WELCOME_METADATA = { model: "m-1", temperature: 0.2, tags: ["a", "b"], limits: { max: 100 } };
const { model, temperature, tags, limits } = WELCOME_METADATA;
const INVOICE = "Dear {{customer}},\n\nyou owe us {{amount}}, due {{due}}.\n";
const SUMMARY = "Summarize:\n\n{{text}}\n";
const DIGEST = "Hello {{name}},\n{{#items}}- {{title}}\n{{/items}}\n-- {{sender}}";

/** By prompt and pin: its grade, and the marks of the lines that break. */
type Expected = Readonly<Record<string, string>>;

/** Of both pins of `welcome`. */
const welcome = (production: string, latest = production): Expected => {
  return { "welcome@production": production, "welcome@latest": latest };
};
const CALLS = "#1 #3 #4 #5 #37 #39";

/** Version 2 of a prompt, or other settings; then what `check` says of its production version, or of several. */
type Edit = [
  edit: string,
  prompt: string,
  to: Content | Record<string, string>,
  expected: string | Expected,
  metadata?: unknown,
];

// biome-ignore format: one row a line
const EDITS: Edit[] = [
  // Wording.
  ["another word", "welcome", "Good day {{name}}, welcome to {{product}}!\n", welcome("text")],
  ["text that looks like a variable but isn't one", "welcome", `${WELCOME}{{ day }} {{user.name}}`, welcome("text")],
  ["a variable used once more", "welcome", `${WELCOME}{{name}}!`, welcome("text")],
  ["white space", "welcome", WELCOME.trim(), welcome("text")],
  ["line endings", "invoice-reminder", INVOICE.replaceAll("\n", "\r\n"), "text"],
  ["another word", "summary", "Sum up:\n\n{{text}}\n", "text"],
  ["another word", "reply", "Reply {{tone}}: {{message}}", "text"],
  ["another word", "legal/disclaimer", "No advice.", "text"],
  ["a comment and another word", "digest", `{{! new }}${DIGEST.replace("Hello", "Hi")}`, "text"],
  ["what to say without items", "digest", `${DIGEST}{{^items}}nothing{{/items}}`, "text"],
  ["the wording of a message", "support/triage", chat(["system", "Sort. Plan: {{plan}}."], ["user", "{{ticket}}"]), "text"],
  ["the wording of a message", "moderation", chat(["user", "Kind? {{post}}"]), "text"],
  ["the same text again", "moderation", chat(["user", "Is this kind? {{post}}"]), {}],
  // Variables.
  ["a new variable", "welcome", `${WELCOME}{{day}}`, welcome(`breaking ${CALLS} #2`, "breaking #6")],
  ["two new variables", "welcome", `${WELCOME}{{day}} {{place}}`, welcome(`breaking ${CALLS} #2`, "breaking #6")],
  ["a renamed variable", "welcome", "Hello {{name}}, welcome to {{app}}!", welcome(`breaking ${CALLS} #2-product`, "breaking #6")],
  ["a dropped variable: tsc refuses it, JavaScript runs as before", "welcome", "Hello {{name}}!", welcome(`breaking ${CALLS} #2-product`, "breaking #6")],
  ["the first variable dropped", "welcome", "Welcome to {{product}}!", welcome(`breaking ${CALLS} #2-name #13`, "breaking #6")],
  ["all variables dropped", "welcome", "Hello!", welcome(`breaking ${CALLS} #2 #13`, "breaking #6")],
  ["the variables in another order", "welcome", "{{product}} welcomes {{name}}", welcome("breaking #13", "text")],
  ["a variable that differs in case", "invoice-reminder", "Dear {{Customer}}, {{amount}} {{due}}", "breaking #14 #15 #16 #17 #18"],
  ["a new variable", "invoice-reminder", `${INVOICE}{{late}}`, "breaking #14 #15 #16 #17 #18"],
  ["a renamed variable", "invoice-reminder", INVOICE.replace("due}}", "until}}"), "breaking #14 #15 #16 #17 #18"],
  ["a dropped variable: a spread can still contain it", "invoice-reminder", "Dear {{customer}}, you owe us {{amount}}.", "breaking #14 #15 #16 #17 #18"],
  ["the narrowed variable dropped", "invoice-reminder", "Dear {{customer}}, pay until {{due}}.", "breaking #14 #15 #16 #17 #18"],
  ["a new variable, through re-exports and generic helpers", "summary", `${SUMMARY}{{language}}`, "breaking #19 #20 #21 #22 #23 #38"],
  ["a renamed variable", "summary", "Sum up {{source}}", "breaking #19 #20 #21 #22 #23 #38"],
  ["the only variable dropped", "summary", "Sum up.", "breaking #19 #21 #21-body #23 #38"],
  ["a new variable", "reply", "{{tone}} {{message}} {{length}}", "breaking #33 #35"],
  ["the narrowed variable dropped", "reply", "{{message}}", "breaking #33 #35"],
  ["a renamed variable", "reply", "{{tone}} {{text}}", "breaking #33 #35"],
  ["a first variable", "legal/disclaimer", "No advice for {{name}}.", "breaking #34"],
  ["a new variable inside a section", "digest", DIGEST.replace("{{title}}", "{{title}} {{url}}"), "breaking #36"],
  ["a new variable", "digest", `${DIGEST} {{week}}`, "breaking #36"],
  ["a dropped variable", "digest", DIGEST.replace("{{name}}", "you"), "breaking #36"],
  ["a dropped section", "digest", "Hello {{name}} -- {{sender}}", "breaking #36"],
  ["a new variable in a message", "support/triage", chat(["system", "{{plan}} {{region}}"], ["user", "{{ticket}}"]), "breaking #25 #26 #28"],
  ["a dropped variable in a message", "support/triage", chat(["system", "Sort."], ["user", "{{ticket}}"]), "breaking #25 #26 #28"],
  ["a renamed variable in a message", "moderation", chat(["user", "Kind? {{message}}"]), "breaking #31 #32"],
  // Types and roles.
  ["a text becomes a chat", "welcome", chat(["user", WELCOME]), welcome("breaking #3 #12", "compatible")],
  ["a text becomes a chat", "invoice-reminder", chat(["user", INVOICE]), "breaking #18"],
  ["a text becomes a chat", "summary", chat(["user", SUMMARY]), "breaking #20 #21-body #22"],
  ["a text becomes a chat, and no code minds", "legal/disclaimer", chat(["system", "No advice is given."]), "compatible"],
  ["a chat becomes a text", "support/triage", "Plan {{plan}}: {{ticket}}", "breaking #25 #27 #29 #30"],
  ["a role that the code handles", "support/triage", chat(["system", "{{plan}}"], ["assistant", "{{ticket}}"]), "compatible"],
  ["a role that the code doesn't handle", "support/triage", chat(["developer", "{{plan}}"], ["user", "{{ticket}}"]), "breaking #25 #27 #30"],
  ["the roles in another order", "support/triage", chat(["user", "{{ticket}}"], ["system", "{{plan}}"]), "breaking #30"],
  ["one more message", "support/triage", chat(["system", "{{plan}}"], ["user", "{{ticket}}"], ["assistant", "So:"]), "compatible"],
  ["one message fewer", "support/triage", chat(["system", "{{plan}} {{ticket}}"]), "breaking #28 #29"],
  ["a message before the first", "moderation", chat(["system", "Judge."], ["user", "{{post}}"]), "compatible"],
  ["a role that the code doesn't handle", "moderation", chat(["tool", "{{post}}"]), "breaking #31"],
  // Metadata.
  ["another value", "welcome", WELCOME, welcome("values"), { ...WELCOME_METADATA, temperature: 0.7, model: "m-9" }],
  ["a new key", "welcome", WELCOME, welcome("compatible"), { ...WELCOME_METADATA, owner: "me" }],
  ["a removed key that is read", "welcome", WELCOME, welcome("breaking #7 #11", "compatible"), { temperature, tags, limits }],
  ["a text becomes a number", "welcome", WELCOME, welcome("breaking #7 #11", "compatible"), { ...WELCOME_METADATA, model: 4 }],
  ["a number becomes a text, where it's only added to", "welcome", WELCOME, welcome("compatible"), { ...WELCOME_METADATA, temperature: "warm" }],
  ["a removed number that is read", "welcome", WELCOME, welcome("breaking #8", "compatible"), { model, tags, limits }],
  ["a list becomes a text", "welcome", WELCOME, welcome("breaking #9", "compatible"), { ...WELCOME_METADATA, tags: "a" }],
  ["a list of other values", "welcome", WELCOME, welcome("breaking #9", "compatible"), { ...WELCOME_METADATA, tags: [1, 2] }],
  ["a removed key inside an object", "welcome", WELCOME, welcome("breaking #10", "compatible"), { ...WELCOME_METADATA, limits: { min: 1 } }],
  ["an extra key inside an object", "welcome", WELCOME, welcome("compatible"), { ...WELCOME_METADATA, limits: { max: 5, min: 1 } }],
  ["all metadata removed", "welcome", WELCOME, welcome("breaking #7 #8 #9 #10 #11", "compatible"), null],
  ["a type that breaks further down", "summary", SUMMARY, "breaking #24", { model: 2 }],
  ["a removed key that is read", "summary", SUMMARY, "breaking #23", {}],
  // What is gone or broken.
  ["archived", "reply", { "reply/prompt.json": JSON.stringify({ versions: { 1: { status: "archived" } } }) }, {}],
  ["production no longer points at a version", "reply", { "reply/prompt.json": '{ "production": null }' }, "missing #33-import"],
  ["a template that doesn't compile", "digest", "{{#items}}", "breaking #36-import"],
];

let app: CallsApp;
beforeAll(async () => {
  app = await startCallsApp();
});
afterEach(() => app.restore());
afterAll(() => app.close());

/**
 * Runs `check --json`: by prompt and pin what is not in step, with the lines that break. A version that changes the
 * contract and breaks no call counts as compatible: builds of this application only warn of it.
 */
async function check(...flags: string[]): Promise<{ code: number; found: Record<string, string[]> }> {
  const { code, stdout, stderr } = await cli(["check", "--json", ...flags], { cwd: app.root, env: app.env });
  expect(code, stderr).not.toBe(1);
  const { prompts, platform } = JSON.parse(stdout);
  expect(platform).toBe("compared");
  const found: Record<string, string[]> = {};
  for (const { name, pin, change, calls } of prompts) {
    const lines = calls.map((call: { file: string; line: number }) => `${call.file}:${call.line}`);
    const breaks = change === "missing" ? change : calls.length > 0 ? "breaking" : undefined;
    const means = breaks ?? (change === "breaking" ? "compatible" : change);
    if (change !== "none") found[`${name}@${pin.label}`] = [means, ...new Set<string>(lines)].sort();
  }
  return { code, found };
}

/** The same with the lines of the marks. */
function places(expected: Expected): Record<string, string[]> {
  const entries = Object.entries(expected).map(([name, text]) => {
    return [
      name,
      text
        .split(" ")
        .map((one) => (one.startsWith("#") ? app.place(one) : one))
        .sort(),
    ];
  });
  return Object.fromEntries(entries);
}

it("there are at least 60 edits, and 40 places in the application", () => {
  expect(EDITS.length).toBeGreaterThanOrEqual(60);
  for (let number = 1; number <= 40; number += 1) expect(app.place(`#${number}`)).toMatch(/^src\//);
});

it("without an edit, everything is up to date", async () => {
  expect(await check()).toEqual({ code: 0, found: {} });
});

describe("every edit gets the right grade, and a broken call is named with its line", () => {
  it.each<Edit>(EDITS)("%s: %s", async (_, prompt, to, expected, metadata) => {
    if (typeof to === "string" || Array.isArray(to)) await app.addVersion(prompt, to as Content, metadata);
    else for (const [path, text] of Object.entries(to)) await app.write(path, text);
    const all = typeof expected === "string" ? { [`${prompt}@production`]: expected } : expected;
    const breaks = Object.values(all).some((one) => /^(?:breaking|missing)/.test(one));
    const code = breaks ? 3 : Object.keys(all).length > 0 ? 2 : 0;
    expect(await check()).toEqual({ code, found: places(all) });
  });

  it("a removed prompt", async () => {
    await app.remove("legal");
    expect(await check()).toEqual({
      code: 3,
      found: { "legal/disclaimer@production": ["missing", app.place("#34-import")] },
    });
  });
});

it("several edits at once are attributed correctly, also where one file uses two of the prompts", async () => {
  await app.addVersion("reply", "{{tone}} {{message}} {{length}}");
  await app.addVersion("legal/disclaimer", "For {{name}}.");
  await app.addVersion("support/triage", chat(["developer", "{{plan}}"], ["user", "{{ticket}}"]));
  await app.addVersion("moderation", chat(["tool", "{{post}}"]));
  await app.addVersion("welcome", WELCOME, { ...WELCOME_METADATA, owner: "me" });
  expect((await check()).found).toEqual(
    places({
      "reply@production": "breaking #33 #35",
      "legal/disclaimer@production": "breaking #34",
      "support/triage@production": "breaking #25 #27 #30",
      "moderation@production": "breaking #31",
      ...welcome("compatible"),
    }),
  );
});
