import { expect, it } from "vitest";
import { partialTags } from "../../../src/compiler/1-parse/partial-tags.ts";

it("the tags of a template, of each name the first, in order", () => {
  const text = "{{> b}} {{#s}}{{> a}}{{/s}} {{> b}}";
  expect(partialTags(text).map(({ name, index }) => [name, index])).toEqual([
    ["b", 0],
    ["a", 14],
  ]);
});

it.each(["{{> a}} {{", "{{> a}} {{#s}}", `{{> a}} ${"{{#s}}".repeat(2000)}${"{{/s}}".repeat(2000)}`])(
  "a template that does not parse has none",
  (text) => {
    expect(partialTags(text)).toEqual([]);
  },
);
