import { stripVTControlCharacters } from "node:util";
import { applyPatch } from "diff";
import fc from "fast-check";
import picocolors from "picocolors";
import { describe, expect, it } from "vitest";
import { formatHunks } from "../../../src/commands/report/diff-text.ts";
import { diffHunks, partDiffs } from "../../../src/project/reports/hunks.ts";

const plain = picocolors.createColors(false);
const colored = picocolors.createColors(true);
const unified = (from: string, to: string) => formatHunks(diffHunks(from, to), plain);

const text = fc
  .array(fc.constantFrom("Hello {{name}},", "welcome", "to", "", "{{product}}", " it is", "\t", "é😀"), {
    maxLength: 12,
  })
  .chain((words) => fc.constantFrom(" ", "\n").map((joint) => words.join(joint)));

describe("the diff of two texts", () => {
  // Found from outside: 6,000 changed lines took 20 s.
  it("takes a moment for thousands of changed lines, and still applies", () => {
    const lines = (word: string, end: string) =>
      `same\n${Array.from({ length: 20_000 }, (_, i) => `${word} ${i}`).join("\n")}\nsame${end}`;
    for (const [from, to] of [
      [lines("a", "\n"), lines("b", "\n")],
      [lines("a", ""), lines("b", "\nmore\n")],
      [lines("a", "x"), lines("b", "")],
      ["", lines("b", "")],
    ] as [string, string][]) {
      const before = process.cpuUsage();
      const patch = unified(from, to);
      expect(process.cpuUsage(before).user).toBeLessThan(3_000_000);
      const isBare = !from.endsWith("\n") && !to.endsWith("\n");
      const ended = (text: string) => (isBare && text !== "" ? `${text}\n` : text);
      expect(applyPatch(ended(from), `--- a\n+++ b\n${patch}`)).toBe(ended(to));
    }
  });

  it("takes a moment for thousands of changed messages", () => {
    const messages = (word: string) =>
      Array.from({ length: 5000 }, (_, i) => ({ role: "user", content: `${word} ${i}` }));
    const before = process.cpuUsage();
    expect(partDiffs(messages("a"), messages("b")).length).toBeGreaterThan(0);
    expect(process.cpuUsage(before).user).toBeLessThan(3_000_000);
  });

  it.each([
    ["nothing", "a\nb", "a\nb", ""],
    ["a word", "Hello {{name}}", "Hi {{name}}", "@@ -1 +1 @@\n-Hello {{name}}\n+Hi {{name}}\n"],
    ["from empty", "", "a\nb", "@@ -1,0 +1,2 @@\n+a\n+b\n"],
    ["to empty", "a", "", "@@ -1 +1,0 @@\n-a\n"],
    ["an extra line ending", "a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"],
    ["a carriage return", "a\r\nb", "a\nb", "@@ -1,2 +1,2 @@\n-a\r\n+a\n b\n"],
    ["a line that looks like a diff marker", "-a\n\\b", "-a\n\\c", "@@ -1,2 +1,2 @@\n -a\n-\\b\n+\\c\n"],
  ])("%s", (_, from, to, expected) => {
    expect(unified(from, to)).toBe(expected);
  });

  it("can be applied as a patch", () => {
    fc.assert(
      fc.property(text, text, (from, to) => {
        const patch = unified(`${from}\n`, `${to}\n`);
        expect(patch === "" ? `${from}\n` : applyPatch(`${from}\n`, patch)).toBe(`${to}\n`);
      }),
    );
  });

  it("in colour has the same characters", () => {
    fc.assert(
      fc.property(text, text, (from, to) => {
        const painted = stripVTControlCharacters(formatHunks(diffHunks(from, to), colored));
        expect(painted).toBe(unified(from, to));
      }),
    );
  });

  it("texts with nothing in common are fast too", () => {
    const words = (seed: string) => Array.from({ length: 8000 }, (_, index) => `${seed}${index}`).join(" ");
    expect(formatHunks(diffHunks(words("a"), words("b")), colored)).toContain("@@ -1 +1 @@");
  });
});

describe("chat prompts, message by message", () => {
  // Each message was given the time of a whole text: a hundred took 35 s.
  it("take as long together as one text", { timeout: 15_000 }, () => {
    const long = (word: string) =>
      Array.from({ length: 100 }, (_, message) => ({
        role: "user",
        content: Array.from({ length: 990 }, (_, line) => `${word} ${message} ${line}`).join("\n"),
      }));
    expect(partDiffs(long("old"), long("new"))).toHaveLength(100);
  });

  const chat = (...texts: string[]) =>
    texts.map((content, index) => ({ role: index === 0 ? "system" : "user", content }));
  // biome-ignore format: one row a line
  it.each([
    ["the same", chat("a", "b"), chat("a", "b"), []],
    ["one changed", chat("a", "b"), chat("a", "c"), ["message 2 (user)"]],
    ["an extra one in the middle", chat("a", "b"), chat("a", "x", "b"), ["message 2 (user), new"]],
    ["one fewer", chat("a", "x", "b"), chat("a", "b"), ["message 2 (user), gone"]],
    ["one changed and an extra one", chat("a", "b"), chat("a", "c", "d"), ["message 2 (user)", "message 3 (user), new"]],
    ["another role", [{ role: "user", content: "a" }], [{ role: "tool", content: "a" }], ["message 1 (user → tool)"]],
    ["a text becomes a chat", "a", [{ role: "user", content: "b" }], ["message 1 (text → user)"]],
    ["a chat becomes a text", chat("a"), "a", ["message 1 (system → text)"]],
    ["nothing before", undefined, chat("a"), ["message 1 (system), new"]],
  ])("%s", (_, from, to, titles) => {
    expect(partDiffs(from, to).map(({ title }) => title)).toEqual(titles);
  });
});
