import { expect, it } from "vitest";
import { jsdoc } from "../../../../src/compiler/3-emit/types/jsdoc.ts";
import { compile } from "../../prompts.ts";

it("handles a text with very many code fences", () => {
  expect(jsdoc(compile(`${"``` ".repeat(240_000)}\n\`\`\`\`\``))).toContain("``````text");
});

it("a role is quoted like the name", () => {
  const text = jsdoc(compile([{ role: "[x](http://x)\n`@see`", content: "hi" }]));
  expect(text).toContain("\n * `[x](http://x) \u2060@see `:\n");
});

it("no character that reverses or hides text is in a comment", () => {
  const hidden = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\u200e\u200f";
  const text = jsdoc(compile([{ role: `r${hidden}`, content: `c${hidden}` }], { name: `n${hidden}` }));
  expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/);
  expect(text).toContain(`r${"\u00b7".repeat(14)}`);
});

it("messages share the space in a comment", () => {
  const content = Array(10).fill("x".repeat(300)).join("\n");
  const lines = (count: number) =>
    jsdoc(compile(Array(count).fill({ role: "user", content }))).match(/> x{300}/g)?.length;
  expect([lines(1), lines(2), lines(5)]).toEqual([10, 10, 10]);
});
