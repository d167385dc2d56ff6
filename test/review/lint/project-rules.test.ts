// The rules that look at pins, or at several prompts.
import { describe, expect, it } from "vitest";
import { findingsOf, type LintSample, linted, words } from "./lint.ts";

const pinned = { ref: { name: "legal", pin: { kind: "version", versionId: "version_01" } } } as const;
const latest = { ref: { name: "legal", pin: { kind: "label", label: "latest" } } } as const;

describe("prompt-old-pin", () => {
  const find = (options: LintSample) => findingsOf("prompt-old-pin", [linted("Hi", options)]);

  it("finds a pin five versions behind production", () => {
    const [finding] = find({ ...pinned, productionNumber: 12 });
    expect(finding?.message).toContain("5 behind production");
  });

  it("doesn't find one that is four behind, ahead, or without a known production version, nor a label", () => {
    expect(find({ ...pinned, productionNumber: 11 })).toEqual([]);
    expect(find({ ...pinned, productionNumber: 1 })).toEqual([]);
    expect(find(pinned)).toEqual([]);
    expect(find({ ...latest, productionNumber: 50 })).toEqual([]);
  });
});

describe("prompt-repeated-passage", () => {
  const find = (texts: Readonly<Record<string, string>>, options?: LintSample) =>
    findingsOf(
      "prompt-repeated-passage",
      Object.entries(texts).map(([name, text]) => linted(text, { name, ...options })),
    );

  it("finds 41 words in two prompts, once, and names both", () => {
    const [finding, ...others] = find({ b: `B. ${words(41)} b`, a: `One\nline. ${words(41)}` });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ prompt: { name: "a" }, others: [{ name: "b" }] });
    expect(finding?.message).toContain("41 words are the same in a and b: word0 word1");
    expect(finding?.where).toMatchObject({ prompt: "a", line: 2, column: 7 });
  });

  it("treats all white space as the same", () => {
    expect(find({ a: words(50), b: words(50).replaceAll(" ", "\r\n  ") })).toHaveLength(1);
  });

  it("finds it in messages, and says how to include it", () => {
    const chat = linted([{ role: "system", content: words(60) }], { name: "chat", syntax: "mustache" });
    const text = linted(words(60), { name: "text", syntax: "mustache" });
    const [finding] = findingsOf("prompt-repeated-passage", [chat, text]);
    expect(finding?.hint).toMatch(/partial: \{\{> name\}\}\.$/);
    expect(find({ a: words(50), b: words(50) })[0]?.hint).toContain("as a variable");
  });

  it("doesn't find 40 words, the same prompt with two pins, or two messages of one prompt", () => {
    expect(find({ a: words(40), b: words(40) })).toEqual([]);
    const two = [pinned, latest].map((pin) => linted(words(90), { ...pin, version: { promptId: "one" } }));
    expect(findingsOf("prompt-repeated-passage", two)).toEqual([]);
    const message = { role: "user", content: words(90) };
    expect(findingsOf("prompt-repeated-passage", [linted([message, message])])).toEqual([]);
  });

  it("doesn't find a passage that is already in a partial", () => {
    const footer = linted(words(50), { name: "footer", syntax: "mustache" });
    const copy = linted(`${words(50)} {{name}}`, { name: "copy", syntax: "mustache" });
    expect(findingsOf("prompt-repeated-passage", [footer, copy])).toHaveLength(1);
  });

  it("doesn't find what a partial adds to several", () => {
    const footer = linted(words(50), { name: "footer", syntax: "mustache" });
    const partials = new Map([["footer", footer.prompt.source]]);
    const users = ["a", "b"].map((name) => linted("{{> footer}}", { name, syntax: "mustache", partials }));
    expect(findingsOf("prompt-repeated-passage", [footer, ...users])).toEqual([]);
  });
});
