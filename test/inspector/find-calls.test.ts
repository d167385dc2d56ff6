import { describe, expect, it } from "vitest";
import { findCalls } from "../../src/inspector/find-calls.ts";

describe("the text of a call", () => {
  /** The calls of a file's imports of prompts, as text. */
  function textsIn(text: string, file = "a.ts"): readonly string[] {
    const places = [...text.matchAll(/"scope:\w+"/g)].map(({ index }) => {
      const before = text.slice(0, index).split("\n");
      return { line: before.length, column: (before.at(-1) as string).length + 1 };
    });
    return findCalls(file, text, places).map(({ start, end }) => text.slice(start, end));
  }

  // biome-ignore format: one row a line
  it.each([
    ["a default import", 'import a from "scope:a";\na({ name: "(" });', ['a({ name: "(" })']],
    ["over several lines", 'import a from "scope:a";\nb(a({\n  c: d(1),\n}));', ["a({\n  c: d(1),\n})"]],
    ["a named one", 'import { render as a, metadata } from "scope:a";\na({}); metadata();', ["a({})"]],
    ["both", 'import a, { render } from "scope:a";\na(); render();', ["a()", "render()"]],
    ["a namespace", 'import * as a from "scope:a";\na.default({}); a.render(); a.getMetadata();', ["a.default({})", "a.render()"]],
    ["the default by its name", 'import { default as a } from "scope:a";\na();', ["a()"]],
    ["two prompts", 'import a from "scope:a";\nimport b from "scope:b";\nb(a());', ["b(a())", "a()"]],
    ["members, types and comments", 'import a from "scope:a";\nimport type b from "scope:b";\nx.a(); // a()\nb();', []],
    ["an optional one", 'import a from "scope:a";\na?.({});', ["a?.({})"]],
    ["another's member", 'import a from "scope:a";\na.call(null); x.a({});', []],
    ["a type, and an import that isn't of names", 'let a: import("scope:a").Variables;\nimport "scope:b";', []],
    ["one that is passed on", 'import a from "scope:a";\nexport const all = [a];', []],
  ])("of %s", (_, text, expected) => expect(textsIn(text)).toEqual(expected));

  it.each(["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"])("in a .%s file", (extension) => {
    expect(textsIn('import a from "scope:a";\na({});', `a.${extension}`)).toEqual(["a({})"]);
  });

  it("in the scripts of components", () => {
    const text = '<p>a()</p>\n<script lang="ts">\nimport a from "scope:a";\nconst b = a({});\n</script>';
    expect(textsIn(text, "a.vue")).toEqual(["a({})"]);
  });
});
