// What is written on the platform must not take a build's time or memory: time grows with the text, and not with its square.
import { describe, expect, it } from "vitest";
import { compile, promptSource, refusalOf } from "../prompts.ts";

/** A text of this size takes half a second; where time grew with the square of it, minutes. */
const DEADLINE_MS = 30_000;
const mustache = { syntax: "mustache" } as const;

// Found from outside: 9 s for 120 KB of bracketed names, 14 s for spaces.
// biome-ignore format: one row a line
describe.each<[string, (size: number) => unknown]>([
  ["names with other delimiters", (size) => compile(`{{=[ ]=}}${"[a]".repeat(size / 30)}`, mustache)],
  ["many names", (size) => compile(Array.from({ length: size / 30 }, (_, i) => `{{name${i}}}`).join(""), mustache)],
  ["spaces in a tag", (size) => compile(`{{a${" ".repeat(size)}b}}{{{c${" ".repeat(size)}d}}}`, mustache)],
  ["spaces in a delimiter tag", (size) => compile(`{{=${" ".repeat(size)}<% ${" ".repeat(size)}%>=}}`, mustache)],
  ["spaces around a tag", (size) => compile(`${" ".repeat(size)}{{!x}}${" ".repeat(size)}y`, mustache)],
  ["lines", (size) => compile("{{a}}\nb\n".repeat(size / 30), mustache)],
  ["many comment lines", (size) => compile("{{!x}} ".repeat(size / 30), mustache)],
  ["sections", (size) => compile("{{#a}} {{/a}}\n".repeat(size / 60), mustache)],
])("%s", (_, run) => {
  it("compiles within the deadline", () => void run(480_000), DEADLINE_MS);
});

describe("a template that is too large", () => {
  it.each([
    ["characters", "x".repeat(1_000_001), "1,000,000"],
    ["tags", "{{!}}".repeat(20_001), "20,000"],
  ])("has too many %s", (what, text, most) => {
    const error = refusalOf(promptSource(text, mustache));
    expect(error).toMatchObject({
      code: "template_invalid",
      message: `The template has too many ${what}. The maximum is ${most}.`,
      where: { prompt: "greeting", line: 1 },
    });
    expect(error.where?.frame?.length).toBeLessThan(500);
  });
});
