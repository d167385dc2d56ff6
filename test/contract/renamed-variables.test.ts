import { describe, expect, it } from "vitest";
import { renamedVariables, renameText } from "../../src/contract/renamed-variables.ts";
import type { PromptContent } from "../../src/prompt.ts";

/** The names of the tags, as the contract has them. */
const template = (content: PromptContent) => ({
  content,
  variables: [...new Set(JSON.stringify(content).match(/(?<=\{\{#?)[\p{L}\p{N}_]+(?=\}\})/gu) ?? [])],
});
const renamed = (from: PromptContent, to: PromptContent) =>
  renamedVariables(template(from), template(to))
    .map((one) => `${one.from} → ${one.to}`)
    .join(", ");
const chat = (...contents: string[]) => contents.map((content) => ({ role: "user", content }));

describe("a renamed variable", () => {
  // biome-ignore format: one row a line
  it.each<[string, PromptContent, PromptContent, string]>([
    ["the same text around it", "Ticket: {{ticket}}\nSort it.", "Ticket: {{message}}\nSort it.", "ticket → message"],
    ["nothing around it", "{{ticket}}", "{{message}}", "ticket → message"],
    ["one line of several", "{{a}}\nthen {{a}} again", "Now {{b}}\nthen {{b}} again", "a → b"],
    ["a similar name in another text", "Hi {{userName}}!", "Dear {{user_name}}, welcome", "userName → user_name"],
    ["a message of a chat", chat("Sort.", "{{ticket}}"), chat("Sort well.", "{{message}}"), "ticket → message"],
    ["two, each in its place", "{{a}}: {{b}}", "{{c}}: {{d}}", "a → c, b → d"],
    ["two, by text and by name", "Plan: {{plan}} {{colour}}", "Plan: {{tier}} and {{color}}", "colour → color"],
    ["a section", "{{#ticket}}yes{{/ticket}}", "{{#message}}yes{{/message}}", "ticket → message"],
    ["other variables stay", "{{name}} wrote: {{ticket}}", "{{name}} wrote: {{message}}", "ticket → message"],
  ])("%s", (_, from, to, pairs) => expect(renamed(from, to)).toBe(pairs));

  it.each<[string, PromptContent, PromptContent]>([
    ["nothing is gone", "{{a}}", "{{a}} {{b}}"],
    ["nothing is new", "{{a}} {{b}}", "{{a}}"],
    ["another text and another name", "Hello {{name}}, welcome.", "Write {{count}} poems."],
    ["two candidates", "They all say {{ticket}}.", "They all say {{message}}.\nThey all say {{text}}."],
    ["names that are similar to two", "Is {{label}}", "Was {{labels}} or {{labels_}}"],
  ])("not if %s", (_, from, to) => expect(renamed(from, to)).toBe(""));
});

it("tells letters apart that look the same, in either direction", () => {
  expect(renameText({ from: "ticket", to: "ti\u0441ket" })).toContain("\u0441 is U+0441");
  expect(renameText({ from: "ti\u0441ket", to: "ticket" })).toContain("c is U+0063");
  expect(renameText({ from: "ticket", to: "ticked" })).not.toContain("U+");
});

it("takes a moment for large templates with many names", () => {
  const many = (name: string) => Array.from({ length: 2000 }, (_, at) => `{{${name}${at}}}`).join(" ");
  const started = performance.now();
  renamed("{{a}} ".repeat(100_000), "{{b}} ".repeat(100_000));
  renamed(many("a"), many("b"));
  renamed("{{".repeat(500_000), `{{${"a".repeat(500_000)}`);
  expect(performance.now() - started).toBeLessThan(20_000);
});
